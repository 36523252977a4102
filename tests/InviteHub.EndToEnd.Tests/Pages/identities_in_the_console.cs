using System.Net;
using System.Security.Cryptography;
using InviteHub.Testing;
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

    [Fact]
    [Trait("Feature", "IDN-02")]
    [Trait("Feature", "SEC-02")]
    public async Task whoever_registers_users_of_an_organization_finds_its_people_and_nobody_else()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 1, _name);
        var reviewer = await app.Person($"{_name}r@example.org", "Rut", _name, Password);
        await Somebody();
        var moa = await app.Person($"{_name}m@example.org", "Moa", $"Berg{_name}", Password);
        await app.Expect(HttpStatusCode.NoContent, HttpMethod.Put, $"/organizations/{to.Organization}/permissions/{reviewer}", new { permissions = new[] { "member", "user_registration" } }, admin);
        await app.Expect(HttpStatusCode.NoContent, HttpMethod.Put, $"/organizations/{to.Organization}/permissions/{moa}", new { permissions = new[] { "member" } }, admin);
        var token = await app.SignIn($"{_name}r@example.org", Password);
        await Eventually.Is(
            async () => (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/users/identities/people", token: token))["total"]!.GetValue<int>() == 2, "both belong to it");

        var page = await browser.OpenSignedIn(app, "/identity", $"{_name}r@example.org", Password);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Find people" }).ClickAsync();
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByLabel("Search").FillAsync("berg");
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Moa" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = $"Moa Berg{_name}" }).WaitForAsync();
        (await page.GetByLabel("Last name").InputValueAsync()).ShouldBe($"Berg{_name}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await page.GetByLabel("LMA number").FillAsync("12-345678");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Complete the registration" }).ClickAsync();
        await page.GetByText("The digital identity is validated.").WaitForAsync();

        await page.GotoAsync("/identity/people?status=validated");
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await page.GotoAsync($"/users/{await IdOf($"{_name}@example.org")}/identity");
        await page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" }).WaitForAsync();

        async Task<Guid> IdOf(string email) => Id((await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users?search={email}", token: admin))["items"]![0]!);
    }

    private Task<Guid> Somebody() => app.Person($"{_name}@example.org", "Moa", _name, Password);
}
