using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "SUB-02")]
public sealed class apps_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    public async Task are_added_with_roles_listed_and_changed_but_keep_the_keys_that_people_hold()
    {
        var page = await browser.OpenSignedIn(app, "/apps", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add app" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await page.Keyboard.TypeAsync(_name);
        await panel.GetByLabel("Key").FillAsync("No Key");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add app" }).ClickAsync();
        await panel.GetByText("Lower-case letters and digits, with single dashes between").WaitForAsync();
        await panel.GetByText("1 to 100 characters.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await Role(1, "reader", "Reader");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add role" }).ClickAsync();
        await Role(2, "reader", "Again");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add app" }).ClickAsync();
        await panel.GetByText("each key once").WaitForAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Remove role 2" }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add app" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = _name }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        (await panel.GetByLabel("Key").GetAttributeAsync("readonly")).ShouldNotBeNull();
        await panel.GetByRole(AriaRole.Group, new() { Name = "Role 1" }).GetByLabel("Name").FillAsync("Visitor");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add role" }).ClickAsync();
        await Role(2, "editor", "Editor");
        await browser.IsFit(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Visitor").WaitForAsync();

        await page.GotoAsync($"/apps?search={_name}");
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await page.GetByText("Visitor, Editor").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        async Task Role(int number, string key, string name)
        {
            var role = panel.GetByRole(AriaRole.Group, new() { Name = $"Role {number}" });
            await role.GetByLabel("Key").FillAsync(key);
            await role.GetByLabel("Name").FillAsync(name);
        }
    }
}
