using System.Net;
using System.Security.Cryptography;
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
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        (await page.GetByRole(AriaRole.Dialog).TextContentAsync())!.ShouldContain(Email);
        await browser.IsFit(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByText("Revoked", new() { Exact = true }).First.WaitForAsync();
        (await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).CountAsync()).ShouldBe(0);
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations/{id}", token: admin))["status"]!.GetValue<string>().ShouldBe("revoked");
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
