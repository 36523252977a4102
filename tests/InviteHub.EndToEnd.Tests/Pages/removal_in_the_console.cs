using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class removal_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Password = "first light over water";

    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "GDP-01")]
    [Trait("Feature", "GDP-02")]
    [Trait("Feature", "GDP-04")]
    public async Task is_asked_for_and_done_once_the_address_was_typed_and_ends_with_a_certificate()
    {
        var id = await Asking("I am moving on");
        var page = await browser.OpenSignedIn(app, "/users", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Private data removal requests" }).ClickAsync();
        await page.GetByRole(AriaRole.Grid, new() { Name = "Private data removal requests" }).WaitForAsync();
        await page.GetByLabel("Search").FillAsync(_name);
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for Moa {_name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "View the request" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("I am moving on").WaitForAsync();
        await browser.IsFitForTelephones(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Anonymize" }).ClickAsync();
        await dialog.GetByLabel("Type the address").FillAsync(AdminEmail);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Anonymize" }).ClickAsync();
        await dialog.GetByText("This is not the e-mail address of the user.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await dialog.GetByLabel("Type the address").FillAsync($"{_name}@example.org");
        await page.Keyboard.PressAsync("Enter");

        await page.GetByRole(AriaRole.Heading, new() { Name = "Completed" }).WaitForAsync();
        new Uri(page.Url).AbsolutePath.ShouldBe($"/users/{id}/anonymization");
        (await page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Identity: done" }).CountAsync()).ShouldBe(1);
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the certificate" }).ClickAsync());
        Text(JsonNode.Parse(await File.ReadAllTextAsync(await file.PathAsync()))!, "statement").ShouldStartWith("InviteHub certificate of erasure");

        await page.GotoAsync($"/users/removal-requests?status=pending&search={_name}");
        await page.GetByText("Nothing matches.").WaitForAsync();
    }

    /// <summary>Somebody who asked to be removed.</summary>
    private async Task<Guid> Asking(string reason)
    {
        var email = $"{_name}@example.org";
        var id = await app.Person(email, "Moa", _name, Password);
        var token = await app.SignIn(email, Password);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/me/removal-request", new { reason }, token);
        return id;
    }
}
