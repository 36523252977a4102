using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class team_links_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "INV-11")]
    [Trait("Feature", "INV-21")]
    public async Task are_made_and_shown_once_bring_somebody_in_and_are_taken_back()
    {
        var to = await app.Business(await app.AdminToken(), seats: 5, _name);
        var page = await browser.OpenSignedIn(app, "/invitations", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Team links" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New team link" }).First.ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Business").SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("App").SelectOptionAsync(to.App.ToString());
        await panel.GetByLabel("Subscription").SelectOptionAsync(to.Subscription.ToString());
        await panel.GetByLabel("Role").SelectOptionAsync("reader");
        await panel.GetByLabel("E-mail domains").FillAsync("example.org");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        await panel.GetByText("How many may join by it: 1 to 1000.").WaitForAsync();
        await panel.GetByText("When it stops working: within 365 days from now.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await panel.GetByLabel("How many may join").FillAsync("3");
        await panel.GetByLabel("Last day").FillAsync(TimeProvider.System.GetUtcNow().AddDays(30).ToString("yyyy-MM-dd"));
        var keys = await ConsoleBrowser.KeysOfRequestsThatFailOnce(page, "**/api/v1/invitations/team-links");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        await panel.GetByText("InviteHub can’t be reached.").WaitForAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        await panel.GetByText("It is not shown again").WaitForAsync();
        keys.Count.ShouldBe(2);
        Guid.Parse(keys[0]).ShouldBe(Guid.Parse(keys[1]));
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        var link = await panel.Locator("code").TextContentAsync();
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await panel.GetByText("Copied").WaitForAsync();
        (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldBe(link);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        var joining = await browser.Open(app, new Uri(link!).PathAndQuery);
        await joining.GetByLabel("E-mail").FillAsync($"{_name}@example.org");
        await joining.GetByLabel("First name").FillAsync("Ada");
        await joining.GetByLabel("Last name").FillAsync("Byron");
        await joining.GetByRole(AriaRole.Button, new() { Name = "Send me an invitation" }).ClickAsync();
        await joining.GetByText("An invitation is on its way").WaitForAsync();
        await app.Mail($"{_name}@example.org");

        await page.GetByLabel("Organization").SelectOptionAsync(to.Organization.ToString());
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await page.GetByText("Planner: Reader").WaitForAsync();
        await page.GetByText("1 of 3", new() { Exact = true }).WaitForAsync();
        await page.GetByText("example.org", new() { Exact = true }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for the link of" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Revoke" }).ClickAsync();
        (await page.GetByRole(AriaRole.Dialog).TextContentAsync())!.ShouldContain(_name);
        await browser.IsFit(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByText("Revoked", new() { Exact = true }).WaitForAsync();
        (await page.GetByRole(AriaRole.Button, new() { Name = "Actions for the link of" }).CountAsync()).ShouldBe(0);

        await joining.ReloadAsync();
        await joining.GetByRole(AriaRole.Heading, new() { Name = "This link can no longer be used" }).WaitForAsync();
    }
}
