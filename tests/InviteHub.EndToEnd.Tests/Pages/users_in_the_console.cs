using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class users_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Password = "first light over water";

    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "USR-01")]
    public async Task are_listed_by_page_with_what_was_asked_for_in_the_address()
    {
        var admin = await app.AdminToken();
        for (var n = 0; n < 21; n++)
            await Add(admin, $"{_name}{n}@example.org", $"{(char)('A' + n)}lva", _name);
        var page = await browser.OpenSignedIn(app, $"/users?search={_name}", AdminEmail, AdminPassword);

        await page.GetByText("Showing 1–20 of 21").WaitForAsync();
        (await page.GetByRole(AriaRole.Row).Nth(1).TextContentAsync())!.ShouldContain("Alva");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "next page" }).ClickAsync();
        await page.GetByText("Showing 21–21 of 21").WaitForAsync();
        await ConsoleBrowser.IsAt(page, "page=2");

        await page.GetByRole(AriaRole.Columnheader, new() { Name = "E-mail" }).ClickAsync();
        await ConsoleBrowser.IsAt(page, "sort=email");
        await page.GetByLabel("Role").SelectOptionAsync("applicant");
        await page.GetByText("Nothing matches.").WaitForAsync();
        await page.GoBackAsync();
        await page.GetByText("Showing 1–20 of 21").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "USR-01")]
    public async Task are_sorted_by_the_menu_of_a_column()
    {
        var admin = await app.AdminToken();
        foreach (var lastName in (string[])["Boye", "Wägner", "Lagerlöf"])
            await Add(admin, $"{_name}{lastName[0]}@example.org", _name, lastName);
        var page = await browser.OpenSignedIn(app, $"/users?search={_name}", AdminEmail, AdminPassword);
        await page.GetByText("Showing 1–3 of 3").WaitForAsync();
        (await page.GetByRole(AriaRole.Button, new() { Name = "Sort by Roles" }).CountAsync()).ShouldBe(0);

        var header = page.GetByRole(AriaRole.Columnheader, new() { Name = "Last name" });
        await header.HoverAsync();
        await header.GetByRole(AriaRole.Button, new() { Name = "Sort by Last name" }).ClickAsync();
        await browser.IsFit(page);
        (await page.GetByRole(AriaRole.Menuitem).AllTextContentsAsync()).ShouldBe(["Sort ascending", "Sort descending"]);
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sort descending" }).ClickAsync();
        await ConsoleBrowser.IsAt(page, "sort=lastName%3Adesc");
        await page.GetByRole(AriaRole.Row).Nth(1).GetByText("Wägner").Last.WaitForAsync();

        // By the keyboard alone, and in Swedish.
        await page.GetByRole(AriaRole.Button, new() { Name = "Svenska" }).ClickAsync();
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Efternamn" }).FocusAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sortera stigande" }).PressAsync("Enter");
        await ConsoleBrowser.IsAt(page, "sort=lastName%3Aasc");
        await page.GetByRole(AriaRole.Row).Nth(1).GetByText("Boye").Last.WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "USR-02")]
    public async Task have_a_menu_but_for_oneself()
    {
        var page = await browser.OpenSignedIn(app, "/users?role=systemAdmin", AdminEmail, AdminPassword);
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        (await page.GetByRole(AriaRole.Button, new() { Name = "Actions for" }).CountAsync()).ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "USR-03")]
    [Trait("Feature", "LOG-01")]
    public async Task are_added_and_changed_beside_the_list_and_the_log_shows_before_and_after()
    {
        var email = $"{_name}@example.org";
        var page = await browser.OpenSignedIn(app, "/users", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        await panel.GetByText("Enter an e-mail address.").WaitForAsync();
        (await panel.GetByLabel("First name").EvaluateAsync<bool>("field => field === document.activeElement")).ShouldBeTrue();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await panel.GetByLabel("First name").FillAsync("Karin");
        await panel.GetByLabel("Last name").FillAsync("Boye");
        await panel.GetByLabel("E-mail", new() { Exact = true }).FillAsync(email);
        await panel.GetByLabel("E-mail again").FillAsync(email);
        await panel.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await panel.GetByLabel("Password again").FillAsync(Password);
        await panel.GetByLabel("Swedish citizen").SelectOptionAsync("yes");
        (await panel.GetByLabel("EU/EEA citizen").InputValueAsync()).ShouldBe("yes");
        await panel.GetByLabel("Personal number").FillAsync("19811218-9876");
        await panel.GetByLabel("Phone").FillAsync("070-123 45 67");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Karin Boye" }).WaitForAsync();
        await page.GetByText("+46701234567").First.WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await page.GetByLabel("Last name").FillAsync("Lagerlöf");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Karin Lagerlöf" }).WaitForAsync();
        await page.Locator("del", new() { HasText = "Boye" }).WaitForAsync();
        (await page.Locator("ins", new() { HasText = "Lagerlöf" }).CountAsync()).ShouldBe(1);
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    [Trait("Feature", "API-01")]
    public async Task are_refused_in_the_reader_s_language()
    {
        await Add(await app.AdminToken(), $"{_name}@example.org", "Karin", _name);
        var page = await browser.OpenSignedIn(app, "/users", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Svenska" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Lägg till användare" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Lägg till användare" }).ClickAsync();
        await panel.GetByText("Ett namn har 2 till 70 tecken.").First.WaitForAsync();
        await panel.GetByText("Ange en e-postadress.").First.WaitForAsync();
        await browser.IsFit(page);

        await panel.GetByLabel("Förnamn").FillAsync("Karin");
        await panel.GetByLabel("Efternamn").FillAsync(_name);
        foreach (var label in (string[])["E-post", "E-post igen"])
            await panel.GetByLabel(label, new() { Exact = true }).FillAsync($"{_name}@example.org");
        foreach (var label in (string[])["Lösenord", "Lösenord igen"])
            await panel.GetByLabel(label, new() { Exact = true }).FillAsync(Password);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Lägg till användare" }).ClickAsync();
        await panel.GetByText("Adressen har redan ett konto.").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "USR-06")]
    public async Task whose_password_was_reset_have_to_change_it_before_anything_opens()
    {
        var email = $"{_name}@example.org";
        await Add(await app.AdminToken(), email, "Moa", _name);
        var page = await browser.OpenSignedIn(app, $"/users?search={_name}", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for Moa {_name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Reset password" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reset password" }).ClickAsync();
        var temporary = (await page.Locator("code").TextContentAsync())!;
        temporary.Length.ShouldBe(12);
        await browser.IsFit(page);

        var own = await browser.Open(app, "/sign-in");
        await ConsoleBrowser.SignIn(own, email, temporary);
        await own.GetByRole(AriaRole.Heading, new() { Name = "Change your password" }).WaitForAsync();
        await browser.IsFitForTelephones(own);
        await own.GotoAsync("/");
        await own.GetByLabel("Password until now").FillAsync(temporary);
        await own.GetByLabel("New password").FillAsync("short");
        await own.GetByLabel("The same again").FillAsync("short");
        await own.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await own.GetByText("The password needs at least 12 characters.").WaitForAsync();
        await own.GetByLabel("New password").FillAsync("another morning in May");
        await own.GetByLabel("The same again").FillAsync("another morning in May");
        await own.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await own.GetByText("Welcome, Moa").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "USR-07")]
    [Trait("Feature", "LOG-01")]
    public async Task who_lost_their_app_are_helped_with_a_mailed_code_and_the_log_says_by_whom()
    {
        var email = $"{_name}@example.org";
        var id = await app.Person(email, "Moa", _name, Password);
        var token = await app.SignIn(email, Password);
        var secret = Text(await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/me/two-factor/authenticator", new { password = Password }, token), "secret");
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/me/two-factor/authenticator/confirm", new { code = own_account_in_the_console.CodeOf(secret, 0) }, token);

        var page = await browser.OpenSignedIn(app, $"/users/{id}", AdminEmail, AdminPassword);
        await page.GetByText("10 left").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail a code" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        (await dialog.TextContentAsync())!.ShouldContain(email);
        await browser.IsFit(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Mail a code" }).ClickAsync();
        await dialog.GetByText("A code is on its way").WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        var own = await browser.Open(app, "/sign-in");
        await ConsoleBrowser.SignIn(own, email, Password);
        await own.GetByLabel("Code", new() { Exact = true }).FillAsync(await app.Code(email, []));
        await own.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await own.GetByText("Welcome, Moa").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Turn off the lost app" }).ClickAsync();
        await browser.IsFitForTelephones(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Turn off the lost app" }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        var entry = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Authenticator removed" });
        await entry.GetByText("System Admin").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn off the lost app" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await browser.IsFit(page);
    }

    [Fact]
    [Trait("Feature", "ROL-03")]
    public async Task have_their_system_role_set_or_the_reason_why_not()
    {
        var id = Id(await Add(await app.AdminToken(), $"{_name}@example.org", "Elin", _name));
        var page = await browser.OpenSignedIn(app, $"/users/{id}", AdminEmail, AdminPassword);
        await page.GetByLabel("System role").SelectOptionAsync("applicant");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set role" }).ClickAsync();
        await page.Locator("ins", new() { HasText = "applicant" }).WaitForAsync();
        await browser.IsFit(page);
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    [Trait("Feature", "INV-15")]
    [Trait("Feature", "INV-16")]
    [Trait("Feature", "INV-24")]
    public async Task are_chosen_by_hand_or_by_the_filter_and_invited_but_for_those_who_can_t_be()
    {
        var admin = await app.AdminToken();
        await Add(admin, $"{_name}1@example.org", "Alva", _name, "+46701234567");
        await Add(admin, $"{_name}2@example.org", "Berit", _name);
        var page = await browser.OpenSignedIn(app, $"/users?search={_name}", AdminEmail, AdminPassword);
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "Alva" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "Berit" }).GetByRole(AriaRole.Checkbox).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite the 2 selected users" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Channel").SelectOptionAsync("sms");
        await browser.IsFit(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
        await panel.GetByText("One invitation is on its way.").WaitForAsync();
        await panel.GetByRole(AriaRole.Link, new() { Name = $"Berit {_name}" }).WaitForAsync();
        await panel.GetByText("The profile has no phone number.").WaitForAsync();
        await browser.IsFitForTelephones(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close" }).Last.ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Invite all 2 that the list shows" }).ClickAsync();
        await panel.GetByLabel("Show first what would happen").CheckAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
        await panel.GetByText("2 users would be invited. Nothing has been sent.").WaitForAsync();
        await browser.IsFitForTelephones(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Invite these 2" }).ClickAsync();
        await panel.GetByText("2 invitations are on their way.").WaitForAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close" }).Last.ClickAsync();
        Text(await app.Mail($"{_name}2@example.org"), "text").ShouldNotBeEmpty();
        await page.GetByLabel("Invitation", new() { Exact = true }).SelectOptionAsync("notInvited");
        await page.GetByText("Nothing matches.").WaitForAsync();
        await page.GetByLabel("Invitation", new() { Exact = true }).SelectOptionAsync("");
        await page.GetByLabel("Created up to").FillAsync("2020-12-31");
        await page.GetByText("Nothing matches.").WaitForAsync();
        await page.GetByLabel("Created up to").FillAsync("");
        await page.GetByLabel("Last activity", new() { Exact = true }).SelectOptionAsync("true");
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await browser.IsFit(page);
    }

    private Task<System.Text.Json.Nodes.JsonNode> Add(string admin, string email, string firstName, string lastName, string? phone = null) => app.Expect(
        HttpStatusCode.Created, HttpMethod.Post, "/users",
        new { firstName, lastName, email, emailConfirmation = email, password = Password, passwordConfirmation = Password, language = "en", phone }, admin);
}
