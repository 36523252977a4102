using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "SUB-01")]
public sealed class organizations_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    public async Task are_listed_by_page_with_what_was_asked_for_in_the_address()
    {
        var admin = await app.AdminToken();
        for (var n = 0; n < 21; n++)
            await Add(admin, $"{(char)('A' + n)} {_name}", n == 20 ? "supplier" : "customer");
        var page = await browser.OpenSignedIn(app, $"/organizations?search={_name}", AdminEmail, AdminPassword);

        await page.GetByText("Showing 1–20 of 21").WaitForAsync();
        (await page.GetByRole(AriaRole.Row).Nth(1).TextContentAsync())!.ShouldContain($"A {_name}");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" }).ClickAsync();
        await ConsoleBrowser.IsAt(page, "sort=name.*desc");
        await page.GetByRole(AriaRole.Row, new() { Name = $"U {_name}" }).WaitForAsync();
        await page.GetByLabel("Kind", new() { Exact = true }).SelectOptionAsync("supplier");
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await page.GetByLabel("Kind", new() { Exact = true }).SelectOptionAsync("business");
        await page.GetByText("Nothing matches.").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "LOG-01")]
    public async Task are_added_and_changed_with_the_keyboard_and_the_log_shows_before_and_after()
    {
        var page = await browser.OpenSignedIn(app, "/organizations", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add organization" }).PressAsync("Enter");
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Name").PressAsync("Enter");
        await panel.GetByText("2 to 100 characters.").WaitForAsync();
        await panel.GetByText("Choose at least one kind.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.Keyboard.TypeAsync(_name);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");

        await page.GetByRole(AriaRole.Heading, new() { Name = _name }).WaitForAsync();
        await page.GetByText("Business", new() { Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await panel.GetByLabel("Customer").CheckAsync();
        await panel.GetByLabel("Name").FillAsync($"{_name} AB");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = $"{_name} AB" }).WaitForAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Applicants" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Review logs" }).ClickAsync();
        await page.Locator("ins", new() { HasText = $"{_name} AB" }).WaitForAsync();
        (await page.Locator("del", new() { HasText = _name }).CountAsync()).ShouldBe(1);
        await browser.IsFit(page);
    }

    [Fact]
    [Trait("Feature", "API-01")]
    public async Task are_not_changed_over_what_somebody_else_changed_meanwhile()
    {
        var admin = await app.AdminToken();
        var id = await Add(admin, _name, "customer");
        var page = await browser.OpenSignedIn(app, $"/organizations/{id}", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync($"{_name} mine");
        await app.Expect(HttpStatusCode.OK, HttpMethod.Patch, $"/organizations/{id}", new { name = $"{_name} theirs" }, admin);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Somebody else changed this at the same time.").WaitForAsync();
        Text(await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/organizations/{id}", token: admin), "name").ShouldBe($"{_name} theirs");
    }

    [Fact]
    [Trait("Feature", "ROL-01")]
    [Trait("Feature", "INV-19")]
    public async Task have_members_whose_permissions_a_founder_changes_but_not_who_founds()
    {
        var admin = await app.AdminToken();
        var id = await Add(admin, _name, "business");
        await app.Person($"{_name}1@example.org", "Frida", _name);
        await app.Person($"{_name}2@example.org", "Moa", _name);
        var page = await browser.OpenSignedIn(app, $"/organizations/{id}/members", AdminEmail, AdminPassword);
        await page.GetByText("There is nothing here yet.").WaitForAsync();
        await AddMember("Frida", "Founder");
        await AddMember("Moa", "Member");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        // A refusal says why, and what to do.
        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for Frida {_name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Remove member" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove member" }).ClickAsync();
        await page.GetByText("make somebody else a founder first").WaitForAsync();

        var own = await browser.OpenSignedIn(app, $"/organizations/{id}/members", $"{_name}1@example.org", OwnPassword);
        await own.GetByRole(AriaRole.Link, new() { Name = "Organizations" }).WaitForAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = $"Actions for Moa {_name}" }).ClickAsync();
        await own.GetByRole(AriaRole.Menuitem, new() { Name = "Change permissions" }).ClickAsync();
        (await own.GetByRole(AriaRole.Dialog).GetByLabel("Founder").CountAsync()).ShouldBe(0);
        await own.GetByRole(AriaRole.Dialog).GetByLabel("May invite many at once").CheckAsync();
        await browser.IsFit(own);
        await own.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await own.GetByRole(AriaRole.Row, new() { Name = "Moa" }).GetByText("May invite many at once").WaitForAsync();
        (await own.GetByRole(AriaRole.Button, new() { Name = "Add member" }).CountAsync()).ShouldBe(0);
        (await own.GetByRole(AriaRole.Button, new() { Name = "Edit" }).CountAsync()).ShouldBe(0);

        async Task AddMember(string firstName, string permission)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Add member" }).ClickAsync();
            var panel = page.GetByRole(AriaRole.Dialog);
            await panel.GetByLabel("Person").FillAsync($"{firstName} {_name}");
            await page.GetByRole(AriaRole.Option, new() { Name = $"{firstName} {_name}" }).ClickAsync();
            await panel.GetByLabel(permission, new() { Exact = true }).CheckAsync();
            await panel.GetByRole(AriaRole.Button, new() { Name = "Add member" }).ClickAsync();
            await page.GetByRole(AriaRole.Row, new() { Name = firstName }).WaitForAsync();
        }
    }

    [Fact]
    [Trait("Feature", "INV-10")]
    [Trait("Feature", "INV-18")]
    [Trait("Feature", "INV-19")]
    public async Task are_handed_to_their_founder_who_comes_by_the_link_and_invites_colleagues()
    {
        var admin = await app.AdminToken();
        var (founder, colleague) = ($"{_name}f@example.org", $"{_name}c@example.org");
        var id = await Add(admin, _name, "business");
        var page = await browser.OpenSignedIn(app, "/invitations", AdminEmail, AdminPassword);
        await Invite(page, founder, "Frida");
        var link = $"/registrations/{Token(await app.Mail(founder))}";
        // There is an account to work on before its person has come.
        await page.GotoAsync($"/organizations/{id}/members");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add member" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Person").FillAsync(founder);
        await page.GetByRole(AriaRole.Option, new() { Name = $"Frida {_name}" }).ClickAsync();
        await panel.GetByLabel("Founder", new() { Exact = true }).CheckAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add member" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "Frida" }).WaitForAsync();

        var own = await browser.Open(app, link);
        await own.GetByLabel("Password", new() { Exact = true }).FillAsync(OwnPassword);
        await own.GetByLabel("The same again").FillAsync(OwnPassword);
        await own.GetByRole(AriaRole.Checkbox).CheckAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await own.GetByText("Welcome, Frida").WaitForAsync();
        await own.GetByRole(AriaRole.Link, new() { Name = "Organizations" }).ClickAsync();
        await own.GetByRole(AriaRole.Grid).GetByRole(AriaRole.Link, new() { Name = _name }).ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Change settings" }).ClickAsync();
        await own.GetByRole(AriaRole.Dialog).GetByLabel("Invitations are valid (days)").FillAsync("30");
        await own.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await own.GetByText("30 days", new() { Exact = true }).WaitForAsync();
        await browser.IsFit(own);

        await own.GetByRole(AriaRole.Link, new() { Name = "Invitations" }).ClickAsync();
        await Invite(own, colleague, "Moa");
        Token(await app.Mail(colleague)).ShouldNotBeEmpty();
        await own.GetByRole(AriaRole.Row, new() { Name = colleague }).WaitForAsync();
        await browser.IsFitForTelephones(own);
        await own.GetByRole(AriaRole.Link, new() { Name = "Batches" }).ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Upload a file" }).WaitForAsync();

        async Task Invite(IPage by, string email, string firstName)
        {
            await by.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
            var invite = by.GetByRole(AriaRole.Dialog);
            await invite.GetByRole(AriaRole.Button, new() { Name = "Internal user" }).ClickAsync();
            await invite.GetByLabel("E-mail").FillAsync(email);
            await invite.GetByLabel("Organization").SelectOptionAsync(id.ToString());
            await invite.GetByLabel("First name").FillAsync(firstName);
            await invite.GetByLabel("Last name").FillAsync(_name);
            await invite.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
            await by.GetByText("The invitation is on its way.").WaitForAsync();
        }
    }

    [Fact]
    [Trait("Feature", "ROL-06")]
    public async Task that_are_customers_have_applicants_assigned_and_unassigned()
    {
        var admin = await app.AdminToken();
        var id = await Add(admin, _name, "customer");
        await app.Person($"{_name}@example.org", "Alva", _name, systemRole: "applicant");
        var page = await browser.OpenSignedIn(app, $"/organizations/{id}/applicants", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Assign applicant" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Assign applicant" }).ClickAsync();
        await panel.GetByText("Choose somebody from the list.").WaitForAsync();
        await panel.GetByLabel("Applicant").FillAsync(_name);
        await page.GetByRole(AriaRole.Option, new() { Name = $"Alva {_name}" }).WaitForAsync();
        await browser.IsFit(page);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Assign applicant" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "Alva" }).WaitForAsync();
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for Alva {_name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Take assignment back" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Take assignment back" }).ClickAsync();
        await page.GetByText("There is nothing here yet.").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public async Task have_settings_that_say_beside_the_field_what_is_wrong()
    {
        var id = await Add(await app.AdminToken(), _name, "business");
        var page = await browser.OpenSignedIn(app, $"/organizations/{id}", AdminEmail, AdminPassword);
        await page.GetByText("365 days").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change settings" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Invitations are valid (days)").FillAsync("1000");
        await panel.GetByLabel("Colour").FillAsync("#ffffff");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await panel.GetByText("1 to 730 days").WaitForAsync();
        await panel.GetByText("choose a darker one").WaitForAsync();
        (await panel.GetByLabel("Invitations are valid (days)").EvaluateAsync<bool>("field => field === document.activeElement")).ShouldBeTrue();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await panel.GetByLabel("Invitations are valid (days)").FillAsync("30");
        await panel.GetByLabel("Colour").FillAsync("");
        await panel.GetByLabel("Reminders (days before the end)").FillAsync("14, 3");
        await panel.GetByLabel("E-mail domains").FillAsync("example.org\nexample.net");
        await panel.GetByLabel("Invitations an hour").FillAsync("50");
        await panel.GetByLabel("A second person approves each invitation").CheckAsync();
        await panel.GetByLabel("Who may invite").SelectOptionAsync("founders");
        await panel.GetByLabel("Invitations go out by").SelectOptionAsync("emailAndSms");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("30 days", new() { Exact = true }).WaitForAsync();
        await page.GetByText("example.net, example.org").WaitForAsync();
        await page.GetByText("14, 3 days before the end").WaitForAsync();
        await browser.IsFit(page);
    }

    [Fact]
    [Trait("Feature", "SUB-02")]
    public async Task are_given_apps_and_show_their_subscriptions()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 5, _name);
        var other = await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/apps", new { name = $"App {_name}", roles = new[] { new { key = "editor", name = "Editor" } } }, admin);
        var page = await browser.OpenSignedIn(app, $"/organizations/{business.Organization}/apps", AdminEmail, AdminPassword);
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Give access to an app" }).ClickAsync();
        await page.GetByLabel("App", new() { Exact = true }).FillAsync(_name);
        await page.GetByRole(AriaRole.Option, new() { Name = Text(other, "name") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Give access to an app" }).ClickAsync();
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Tab, new() { Name = "Subscriptions" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "standard" }).GetByText("0 of 5 taken").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    private async Task<Guid> Add(string admin, string name, params string[] kinds) =>
        Id(await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/organizations", new { name, kinds }, admin));
}
