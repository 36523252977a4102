using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using InviteHub.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "SUB-02")]
public sealed class subscriptions_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    [Fact]
    [Trait("Feature", "SUB-06")]
    public async Task are_added_with_a_choice_of_what_happens_at_the_limit_and_listed()
    {
        await app.Business(await app.AdminToken(), seats: 5, _name);
        var page = await browser.OpenSignedIn(app, "/subscriptions", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add subscription" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add subscription" }).ClickAsync();
        await panel.GetByText("Choose an organization from the list.").WaitForAsync();
        await panel.GetByText("Choose an app from the list.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await panel.GetByLabel("Organization").FillAsync(_name);
        await page.GetByRole(AriaRole.Option, new() { Name = _name }).ClickAsync();
        await panel.GetByLabel("App", new() { Exact = true }).FillAsync("Planner");
        await page.GetByRole(AriaRole.Option, new() { Name = "Planner" }).First.ClickAsync();
        await panel.GetByLabel("Plan", new() { Exact = true }).FillAsync("gold");
        await panel.GetByLabel("Seat limit").FillAsync("2");
        await panel.GetByLabel("When no seat is free").SelectOptionAsync("grow");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add subscription" }).ClickAsync();
        await panel.GetByText("A limit that grows by itself needs a ceiling to stop at; give one, 1 or more.").WaitForAsync();
        (await panel.GetByLabel("Grows up to").EvaluateAsync<bool>("field => field === document.activeElement")).ShouldBeTrue();
        await page.Keyboard.TypeAsync("8");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = $"Planner for {_name}" }).WaitForAsync();
        await page.GetByText("Raise the limit up to a ceiling").WaitForAsync();

        await page.GotoAsync($"/subscriptions?search={_name}");
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "gold" }).GetByText("0 of 2 taken").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "First day" }).ClickAsync();
        await ConsoleBrowser.IsAt(page, "sort=startsOn");
        await page.GetByLabel("Status").SelectOptionAsync("false");
        await page.GetByText("Nothing matches.").WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "SUB-04")]
    [Trait("Feature", "INV-11")]
    public async Task show_seats_and_their_use_as_a_picture_in_words_and_as_a_file()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 3, _name);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, $"{_name}@example.org"), admin);
        var page = await browser.OpenSignedIn(app, $"/subscriptions/{business.Subscription}", AdminEmail, AdminPassword);

        await page.GetByRole(AriaRole.Img, new() { Name = "Seats: 0 occupied, 1 reserved, 2 free." }).WaitForAsync();
        await page.GetByRole(AriaRole.Img, new() { Name = "Seats taken each day, 1 at most." }).WaitForAsync();
        await page.GetByText("Show as a table").PressAsync("Enter");
        var today = TimeProvider.System.GetUtcNow().ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        (await page.GetByRole(AriaRole.Row, new() { Name = today }).TextContentAsync())!.ShouldEndWith("103");
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync());
        (await File.ReadAllTextAsync(await file.PathAsync())).ShouldContain($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd},standard,3,1,");
        await page.GetByLabel("Period").SelectOptionAsync("365");
        await ConsoleBrowser.IsAt(page, "days=365");

        await page.GetByRole(AriaRole.Tab, new() { Name = "Ledger" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "Reserved Invited" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        // In dark colours too.
        var dark = await browser.Open(app, $"/sign-in?next=/subscriptions/{business.Subscription}", colours: ColorScheme.Dark);
        await ConsoleBrowser.SignIn(dark, AdminEmail, AdminPassword);
        await dark.GetByRole(AriaRole.Img, new() { Name = "Seats: 0 occupied, 1 reserved, 2 free." }).WaitForAsync();
        await browser.IsFit(dark);
    }

    [Fact]
    [Trait("Feature", "SUB-05")]
    public async Task are_changed_suspended_resumed_and_ended_with_what_that_does_said_before()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 3, _name);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, $"{_name}1@example.org"), admin);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, $"{_name}2@example.org"), admin);
        var page = await browser.OpenSignedIn(app, $"/subscriptions/{business.Subscription}", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Seat limit").FillAsync("1");
        await dialog.GetByLabel("When no seat is free").SelectOptionAsync("waitlist");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await dialog.GetByText("2 seats are taken: 0 occupied, 2 reserved.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await dialog.GetByLabel("Set the limit even if more seats are taken").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByText("Let invitations wait for a seat").WaitForAsync();
        await page.GetByRole(AriaRole.Img, new() { Name = "Seats: 0 occupied, 2 reserved, 0 free." }).WaitForAsync();

        await Do("Suspend", "No new seats are given until it is resumed.", "Suspended");
        await Do("Resume", "Seats are given again", "Active");
        await Do("End", "Today becomes its last day.", "Active");
        (await page.GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).CountAsync()).ShouldBe(0);
        Text(await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/subscriptions/{business.Subscription}", token: admin), "endsOn").ShouldBe($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}");

        async Task Do(string action, string how, string status)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
            await dialog.GetByText(how).WaitForAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
            await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
            await page.GetByText(status, new() { Exact = true }).WaitForAsync();
        }
    }

    [Fact]
    [Trait("Feature", "SUB-03")]
    public async Task let_a_seat_be_handed_over_to_another_member_and_taken_back()
    {
        var admin = await app.AdminToken();
        var business = await app.Business(admin, seats: 3, _name);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, $"{_name}@example.org"), admin);
        var token = Token(await app.Mail($"{_name}@example.org"));
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{token}", new { password = OwnPassword, language = "en", acceptPrivacyPolicy = true }, null, ("Prefer", "wait=60"));
        await Eventually.Is(
            async () => (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/subscriptions/{business.Subscription}/seats", token: admin))["items"]![0]!["personName"] is not null,
            "the holder's name is known");
        var other = await app.Person($"{_name}2@example.org", "Grace", _name);
        await app.Expect(HttpStatusCode.NoContent, HttpMethod.Put, $"/organizations/{business.Organization}/permissions/{other}", new { permissions = new[] { "member" } }, admin);
        var page = await browser.OpenSignedIn(app, $"/subscriptions/{business.Subscription}/seats", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Row, new() { Name = "Ada Lovelace Occupied" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for Ada Lovelace" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Transfer the seat" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("New holder").FillAsync("Grace");
        await page.GetByRole(AriaRole.Option, new() { Name = "Grace" }).ClickAsync();
        await browser.IsFit(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Transfer the seat" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = $"Grace {_name} Occupied" }).WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for Grace" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Take the seat back" }).ClickAsync();
        await dialog.GetByText("loses the role in the app").WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Take the seat back" }).ClickAsync();
        await page.GetByText("There is nothing here yet.").WaitForAsync();
        (await app.Seats(business.Subscription, admin)).ShouldBe((0, 0, 3));
    }
}
