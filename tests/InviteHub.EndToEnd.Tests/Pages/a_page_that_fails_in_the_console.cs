using Microsoft.Playwright;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "USR-08")]
public sealed class a_page_that_fails_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    [Fact]
    public async Task says_so_within_the_shell_and_leaves_the_others_and_another_try()
    {
        var page = await browser.OpenSignedIn(app, "/", AdminEmail, AdminPassword);
        await page.RouteAsync("**/assets/**", route => route.AbortAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "Apps", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "This page could not be shown" }).WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Start", Exact = true }).ClickAsync();
        await page.GetByText("Welcome,").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Apps", Exact = true }).ClickAsync();
        await page.UnrouteAllAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Apps" }).WaitForAsync();
    }

    [Fact]
    public async Task says_so_before_who_reads_it_is_known()
    {
        var page = await browser.Open(app, "about:blank");
        await page.RouteAsync("**/api/v1/me", route => route.FulfillAsync(new() { Status = 500, ContentType = "application/problem+json", Body = "{}" }));
        await page.GotoAsync("/users");
        await page.GetByRole(AriaRole.Heading, new() { Name = "This page could not be shown" }).WaitForAsync();

        await page.UnrouteAllAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await page.GetByLabel("E-mail").WaitForAsync();
    }
}
