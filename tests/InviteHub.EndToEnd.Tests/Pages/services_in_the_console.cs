using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "ROL-05")]
public sealed class services_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "SUB-01")]
    public async Task are_added_renamed_and_administered_by_those_whom_the_rules_of_roles_allow()
    {
        await app.Person($"{_name}1@example.org", "Gerd", _name);
        await app.Person($"{_name}2@example.org", "Alva", _name, systemRole: "applicant");
        var page = await browser.OpenSignedIn(app, "/services", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add service" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add service" }).ClickAsync();
        await dialog.GetByText("2 to 100 characters.").WaitForAsync();
        await page.Keyboard.TypeAsync(_name);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = _name }).WaitForAsync();
        await page.GetByText("There is nothing here yet.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Add administrator" }).ClickAsync();
        await Choose("Alva");
        await dialog.GetByText("remove first: applicant").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await Choose("Gerd");
        await page.GetByRole(AriaRole.Row, new() { Name = "Gerd" }).GetByText("Active").WaitForAsync();
        await page.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("refused");
        await page.GetByRole(AriaRole.Row, new() { Name = "Alva" }).GetByText("remove first: applicant").WaitForAsync();
        await browser.IsFit(page);

        var own = await browser.OpenSignedIn(app, "/services", $"{_name}1@example.org", OwnPassword);
        await own.GetByRole(AriaRole.Link, new() { Name = _name, Exact = true }).ClickAsync();
        await own.GetByRole(AriaRole.Row, new() { Name = "Gerd" }).WaitForAsync();
        (await own.GetByRole(AriaRole.Button, new() { Name = "Add administrator" }).CountAsync()).ShouldBe(0);
        (await own.GetByRole(AriaRole.Link, new() { Name = "Organizations" }).CountAsync()).ShouldBe(0);

        await page.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("active");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for Gerd {_name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Take the role back" }).ClickAsync();
        await dialog.GetByText("becomes Guest again").WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Take the role back" }).ClickAsync();
        await page.GetByText("Nothing matches.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await dialog.GetByLabel("Name").FillAsync($"{_name} again");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Review logs" }).ClickAsync();
        await page.Locator("ins", new() { HasText = $"{_name} again" }).WaitForAsync();

        await page.GotoAsync($"/services?search={_name}");
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        async Task Choose(string firstName)
        {
            await dialog.GetByLabel("Person").FillAsync($"{firstName} {_name}");
            await page.GetByRole(AriaRole.Option, new() { Name = $"{firstName} {_name}" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Add administrator" }).ClickAsync();
        }
    }
}
