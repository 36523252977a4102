using System.Net;
using System.Security.Cryptography;
using InviteHub.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class invitations_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    private string Email => $"{_name}@example.org";

    [Fact]
    [Trait("Feature", "API-05")]
    public async Task show_what_others_send_without_being_asked_again()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 2, _name);
        var page = await browser.OpenSignedIn(app, $"/invitations?organizationId={to.Organization}", AdminEmail, AdminPassword);
        await page.GetByText("Showing 0–0 of 0").WaitForAsync();
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, Email), admin);
        await page.GetByText("Showing 1–1 of 1").WaitForAsync(new() { Timeout = 20_000 });
        await page.GetByText(Email).WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "INV-11")]
    public async Task to_an_app_offer_in_each_choice_what_the_earlier_ones_allow_and_show_the_seats()
    {
        var to = await app.Business(await app.AdminToken(), seats: 2, _name);
        var page = await browser.OpenSignedIn(app, "/invitations", AdminEmail, AdminPassword);
        var panel = await Panel(page, "To an app");
        (await panel.GetByLabel("App").IsDisabledAsync()).ShouldBeTrue();
        await panel.GetByLabel("Business").SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("App").SelectOptionAsync(to.App.ToString());
        (await panel.GetByLabel("App").Locator("option").CountAsync()).ShouldBe(2);
        await panel.GetByLabel("Subscription").SelectOptionAsync(to.Subscription.ToString());
        await panel.GetByText("2 of 2 seats free").WaitForAsync();
        await panel.GetByLabel("Role").SelectOptionAsync("reader");
        await Send(panel);
        // The address and the names are within the invitee of the request; what is wrong stands beside their fields all the same.
        await panel.GetByText("Enter an e-mail address.").WaitForAsync();
        (await panel.GetByRole(AriaRole.Alert).CountAsync()).ShouldBe(0);
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await panel.GetByLabel("E-mail").FillAsync(Email);
        await panel.GetByLabel("First name").FillAsync("Selma");
        await panel.GetByLabel("Last name").FillAsync(_name);
        await Send(panel);
        await page.GetByText("The invitation is on its way.").WaitForAsync();
        (await app.Seats(to.Subscription, await app.AdminToken())).ShouldBe((1, 0, 1));
        await page.GetByLabel("Search").FillAsync(_name);
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "INV-01")]
    public async Task for_a_customer_say_what_is_missing_beside_the_field()
    {
        var to = await app.Business(await app.AdminToken(), seats: 1, _name);
        var page = await browser.OpenSignedIn(app, "/invitations", AdminEmail, AdminPassword);
        var panel = await Panel(page, "For a customer");
        await panel.GetByLabel("Customer", new() { Exact = true }).SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("First name").FillAsync("Karin");
        await panel.GetByLabel("Last name").FillAsync(_name);
        await panel.GetByLabel("E-mail", new() { Exact = true }).FillAsync(Email);
        await panel.GetByLabel("E-mail again").FillAsync(Email);
        await panel.GetByLabel("Personal number").FillAsync("19811218-9870");
        await Send(panel);
        await panel.GetByLabel("Personal number").And(page.Locator("[aria-invalid=true]")).WaitForAsync();
        await browser.IsFitForTelephones(page);
        await panel.GetByLabel("Personal number").FillAsync("19811218-9876");
        await Send(panel);
        await page.GetByText("The invitation is on its way.").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "INV-18")]
    public async Task of_internal_users_say_while_typing_what_is_taken()
    {
        var to = await app.Business(await app.AdminToken(), seats: 1, _name);
        var page = await browser.OpenSignedIn(app, "/invitations", AdminEmail, AdminPassword);
        var panel = await Panel(page, "Internal user");
        await panel.GetByLabel("E-mail").FillAsync(Email);
        await panel.GetByText($"Left empty, it becomes {_name.ToLowerInvariant()}").WaitForAsync();
        await panel.GetByLabel("Organization").SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("First name").FillAsync("Moa");
        await panel.GetByLabel("Last name").FillAsync(_name);
        await browser.IsFit(page);
        await Send(panel);
        await page.GetByText("The invitation is on its way.").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "INV-07")]
    [Trait("Feature", "INV-08")]
    [Trait("Feature", "INV-09")]
    [Trait("Feature", "INV-21")]
    public async Task are_changed_sent_again_and_taken_back()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 1, _name);
        var id = Id(await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, Email), admin));
        var page = await browser.OpenSignedIn(app, $"/invitations?organizationId={to.Organization}", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for Ada Lovelace" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Edit" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Last name").FillAsync("King");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "King" }).WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Ada" }).ClickAsync();
        await page.Locator("del", new() { HasText = "Lovelace" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        var keys = await ConsoleBrowser.KeysOfRequestsThatFailOnce(page, "**/resend");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await page.GetByText("InviteHub can’t be reached.").WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        keys.Count.ShouldBe(2);
        Guid.Parse(keys[0]).ShouldBe(Guid.Parse(keys[1]));
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        (await page.GetByRole(AriaRole.Dialog).TextContentAsync())!.ShouldContain(Email);
        await browser.IsFit(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByText("Revoked", new() { Exact = true }).First.WaitForAsync();
        (await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).CountAsync()).ShouldBe(0);
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations/{id}", token: admin))["status"]!.GetValue<string>().ShouldBe("revoked");
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public async Task that_await_an_approval_are_found_and_decided_by_somebody_else()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 2, _name);
        var first = await app.InviterToBeApproved(to, Email, admin);
        var second = $"second.{Email}";
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, second), await app.SignIn(Email, OwnPassword));

        // Who asked for it is told to wait for somebody else, and can take it back.
        var own = await browser.OpenSignedIn(app, $"/invitations?organizationId={to.Organization}&search={first}", Email, OwnPassword);
        await own.GetByRole(AriaRole.Row, new() { Name = first }).GetByText("Awaits approval").WaitForAsync();
        await own.GetByRole(AriaRole.Link, new() { Name = "Ada" }).ClickAsync();
        await own.GetByText("You asked for this yourself").WaitForAsync();
        (await own.GetByRole(AriaRole.Button, new() { Name = "Approve" }).CountAsync()).ShouldBe(0);
        (await own.GetByRole(AriaRole.Button, new() { Name = "Send again" }).CountAsync()).ShouldBe(0);
        await own.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).WaitForAsync();
        await browser.IsFit(own);
        await browser.IsFitForTelephones(own);

        var page = await browser.OpenSignedIn(app, $"/invitations?organizationId={to.Organization}", AdminEmail, AdminPassword);
        await page.GetByLabel("Approval").SelectOptionAsync("Awaits approval");
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Row, new() { Name = first }).GetByRole(AriaRole.Button, new() { Name = "Actions for Ada Lovelace" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Approve" }).ClickAsync();
        (await page.GetByRole(AriaRole.Dialog).TextContentAsync())!.ShouldContain(first);
        (await app.Mails(first)).ShouldBeEmpty();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await app.Mail(first);

        await page.GetByRole(AriaRole.Link, new() { Name = "Ada" }).ClickAsync();
        await page.GetByText("Nothing goes out before a second person has approved it.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("They have left");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await page.GetByText("They have left").First.WaitForAsync();
        await page.GetByText("Rejected", new() { Exact = true }).First.WaitForAsync();
        await browser.IsFit(page);
        (await app.Seats(to.Subscription, admin)).ShouldBe((1, 0, 1));
        (await app.Mails(second)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-06")]
    [Trait("Feature", "INV-27")]
    public async Task are_found_by_who_sent_them_and_by_their_way()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 3, _name);
        var id = await app.Person(Email, "Ina", _name);
        await app.Expect(HttpStatusCode.NoContent, HttpMethod.Put, $"/organizations/{to.Organization}/permissions/{id}", new { permissions = new[] { "member", "user_registration" } }, admin);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, $"1.{Email}"), admin);
        var session = await app.SignIn(Email, OwnPassword);
        await Eventually.Is(
            async () => (await app.Send(HttpMethod.Post, "/invitations", Access(to, $"2.{Email}"), session)).Status == HttpStatusCode.Created,
            "they may invite", TimeSpan.FromSeconds(60));
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", new { way = "workspace", organizationId = to.Organization, email = $"3.{Email}", firstName = "Moa", lastName = "Ek" }, session);

        var page = await browser.OpenSignedIn(app, $"/invitations?organizationId={to.Organization}", AdminEmail, AdminPassword);
        await page.GetByText("Showing 1–3 of 3").WaitForAsync();
        (await page.GetByRole(AriaRole.Columnheader, new() { Name = "Delivery" }).CountAsync()).ShouldBe(1);
        (await page.GetByRole(AriaRole.Columnheader, new() { Name = "Channel" }).CountAsync()).ShouldBe(1);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Sent by" }).FillAsync(_name);
        await page.GetByRole(AriaRole.Option, new() { Name = $"Ina {_name}" }).ClickAsync();
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await page.GetByLabel("Way").SelectOptionAsync("Internal user");
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        // The address says it all, also to somebody who sees the people of their organization alone.
        var own = await browser.OpenSignedIn(app, new Uri(page.Url).PathAndQuery, Email, OwnPassword);
        await own.GetByText("Showing 1–1 of 1").WaitForAsync();
        (await own.GetByRole(AriaRole.Combobox, new() { Name = "Sent by" }).InputValueAsync()).ShouldBe($"Ina {_name}");
        await own.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await own.GetByText("Showing 1–3 of 3").WaitForAsync();
        (await own.GetByRole(AriaRole.Combobox, new() { Name = "Sent by" }).InputValueAsync()).ShouldBe("");
    }

    [Fact]
    [Trait("Feature", "INV-08")]
    [Trait("Feature", "INV-12")]
    public async Task that_wait_for_a_seat_are_not_offered_to_be_sent_again()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 1, _name);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Patch, $"/subscriptions/{to.Subscription}", new { atLimit = "waitlist" }, admin);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, Email), admin);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, $"waits.{Email}"), admin);
        var page = await browser.OpenSignedIn(app, $"/invitations?organizationId={to.Organization}&status=waiting", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for Ada Lovelace" }).ClickAsync();
        (await page.GetByRole(AriaRole.Menuitem).AllTextContentsAsync()).ShouldBe(["Edit", "Revoke"]);
    }

    [Fact]
    [Trait("Feature", "INV-07")]
    [Trait("Feature", "INV-11")]
    public async Task to_an_app_are_for_whom_one_finds_too_and_of_them_the_language_alone_is_changed()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 2, _name);
        await app.Person(Email, "Grace", _name);
        var page = await browser.OpenSignedIn(app, $"/invitations?organizationId={to.Organization}", AdminEmail, AdminPassword);
        var panel = await Panel(page, "To an app");
        await panel.GetByLabel("Business").SelectOptionAsync(to.Organization.ToString());
        await panel.GetByLabel("App").SelectOptionAsync(to.App.ToString());
        await panel.GetByLabel("Subscription").SelectOptionAsync(to.Subscription.ToString());
        await panel.GetByLabel("Role").SelectOptionAsync("reader");
        await panel.GetByLabel("Whom").SelectOptionAsync("Somebody who has an account");
        (await panel.GetByLabel("First name").CountAsync()).ShouldBe(0);
        await Send(panel);
        await panel.GetByText("Choose somebody from the list.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await panel.GetByRole(AriaRole.Combobox, new() { Name = "Person" }).FillAsync(_name);
        await page.GetByRole(AriaRole.Option, new() { Name = $"Grace {_name}" }).ClickAsync();
        await Send(panel);
        await page.GetByText("The invitation is on its way.").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for Grace {_name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Edit" }).ClickAsync();
        await page.GetByText("The account says who they are.").WaitForAsync();
        (await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox).CountAsync()).ShouldBe(0);
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Language").SelectOptionAsync("Svenska");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByRole(AriaRole.Link, new() { Name = "Grace" }).ClickAsync();
        await page.GetByText("Swedish", new() { Exact = true }).First.WaitForAsync();
    }

    private static async Task<ILocator> Panel(IPage page, string way)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByRole(AriaRole.Button, new() { Name = way }).ClickAsync();
        return panel;
    }

    private static Task Send(ILocator panel) => panel.GetByRole(AriaRole.Button, new() { Name = "Send invitation" }).ClickAsync();
}
