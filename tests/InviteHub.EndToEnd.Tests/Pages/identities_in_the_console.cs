using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class identities_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Password = "first light over water";

    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "IDN-02")]
    public async Task personal_information_goes_step_by_step_and_comes_back_with_what_is_to_be_corrected()
    {
        await Somebody();
        var own = await browser.OpenSignedIn(app, "/identity", $"{_name}@example.org", Password);
        await own.GetByText("There is no digital identity yet.").WaitForAsync();
        await browser.IsFit(own);
        await browser.IsFitForTelephones(own);
        await own.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await own.GetByLabel("Personal number").FillAsync("19811218-9875");
        await own.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await own.Locator("[name=personalNumber][aria-invalid=true]").WaitForAsync();
        await browser.IsFitForTelephones(own);
        await own.GetByLabel("Personal number").FillAsync("19811218-9876");
        await own.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Submit" }).ClickAsync();
        await own.GetByText("waits to be validated.").WaitForAsync();
        await browser.IsFit(own);

        var page = await browser.OpenSignedIn(app, "/identity/review?sort=submittedAt:desc", AdminEmail, AdminPassword);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = _name });
        await row.GetByRole(AriaRole.Button, new() { Name = "Look at it" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByText("9876").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Return" }).ClickAsync();
        await panel.GetByText("Say what is to be corrected.").WaitForAsync();
        await panel.GetByLabel("What is to be corrected").FillAsync("The first name is a short form");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Return" }).ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await own.ReloadAsync();
        await own.GetByText("The first name is a short form").WaitForAsync();
        await own.GetByLabel("First name").FillAsync("Moa-Lisa");
        await own.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await own.GetByLabel("Personal number").WaitForAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Submit" }).ClickAsync();
        await own.GetByText("waits to be validated.").WaitForAsync();
        await page.ReloadAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Look at it" }).ClickAsync();
        await panel.GetByText("Moa-Lisa").WaitForAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Validate" }).ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await own.ReloadAsync();
        await own.GetByText("The digital identity is validated.").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "IDN-02")]
    [Trait("Feature", "IDN-03")]
    public async Task whoever_may_validate_completes_it_for_others_or_together_with_the_account()
    {
        var id = await Somebody();
        var page = await browser.OpenSignedIn(app, $"/users?search={_name}", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for Moa {_name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Register personal information" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await page.GetByLabel("LMA number").FillAsync("12-345678");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Complete the registration" }).ClickAsync();
        await page.GetByText("The digital identity is validated.").WaitForAsync();
        await browser.IsFitForTelephones(page);
        Text(await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users/{id}/identity", token: await app.AdminToken()), "status").ShouldBe("validated");

        var email = $"{_name}2@example.org";
        await page.GotoAsync("/users");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("First name").FillAsync("Karin");
        await panel.GetByLabel("Last name").FillAsync(_name);
        await panel.GetByLabel("E-mail", new() { Exact = true }).FillAsync(email);
        await panel.GetByLabel("E-mail again").FillAsync(email);
        await panel.GetByLabel("The person chooses a password").CheckAsync();
        (await panel.GetByLabel("Password again").CountAsync()).ShouldBe(0);
        await panel.GetByLabel("LMA number").FillAsync("12-345679");
        await panel.GetByLabel("Complete the registration").CheckAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = $"Karin {_name}" }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Register personal information" }).ClickAsync();
        await page.GetByText("The digital identity is validated.").WaitForAsync();
        await app.Mail(email);
    }

    private Task<Guid> Somebody() => app.Person($"{_name}@example.org", "Moa", _name, Password);
}
