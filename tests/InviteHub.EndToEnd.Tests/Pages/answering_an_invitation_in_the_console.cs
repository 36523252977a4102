using System.Net;
using System.Security.Cryptography;
using InviteHub.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class answering_an_invitation_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Password = "correct horse battery staple";

    [Fact]
    [Trait("Feature", "INV-10")]
    public async Task takes_less_than_200_kB_to_begin() =>
        (await browser.SentToBegin(app, (await Invited()).Link, "The same again")).ShouldBeLessThan(200_000);

    [Fact]
    [Trait("Feature", "INV-10")]
    public async Task who_registers_by_the_link_in_the_mail_is_signed_in()
    {
        var (email, _, link) = await Invited();
        var page = await browser.Open(app, link);

        await page.GetByText("System Admin invites you to Acme.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        var policy = await page.RunAndWaitForPopupAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "privacy policy" }).ClickAsync());
        await policy.GetByRole(AriaRole.Heading, new() { Name = "Privacy policy" }).WaitForAsync();
        await browser.IsFit(policy);
        await browser.IsFitForTelephones(policy);
        await policy.GetByRole(AriaRole.Button, new() { Name = "Svenska" }).ClickAsync();
        await policy.GetByRole(AriaRole.Heading, new() { Name = "Hur länge" }).WaitForAsync();
        await policy.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await policy.CloseAsync();
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("password1234");
        await page.GetByLabel("The same again").FillAsync("password1234");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.GetByText("An account needs the privacy policy to be accepted.").WaitForAsync();
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        // What only the API knows stands beside the field too.
        await page.GetByText("The password is one of those that are guessed first").WaitForAsync();
        await browser.IsFit(page);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("The same again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();

        await page.GetByText("Welcome, Ada").WaitForAsync();
        (await page.Context.CookiesAsync()).ShouldAllBe(cookie => cookie.HttpOnly);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/session", new { email, password = Password });

        await page.GotoAsync(link);
        await page.GetByText("It has been used already").WaitForAsync();
        await browser.IsFit(page);
    }

    [Fact]
    [Trait("Feature", "INV-26")]
    public async Task who_declines_may_say_why_and_the_seat_comes_back()
    {
        var (_, to, link) = await Invited();
        var page = await browser.Open(app, link);

        await page.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("No time for it");
        await browser.IsFit(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "You declined" }).WaitForAsync();
        var admin = await app.AdminToken();
        (await app.Seats(to.Subscription, admin)).ShouldBe((0, 0, 1));
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations?organizationId={to.Organization}&status=declined", token: admin))["items"]![0]!["declineReason"]!
            .GetValue<string>().ShouldBe("No time for it");
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    public async Task who_has_an_account_signs_in_and_accepts()
    {
        var (email, _, first) = await Invited();
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, first, new { password = Password, language = "en", acceptPrivacyPolicy = true });
        var admin = await app.AdminToken();
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(await app.Business(admin, seats: 1, name: "Northwind"), email), admin);
        await Eventually.Is(async () => (await app.Mails(email)).Any(mail => Text(mail, "subject").Contains("Northwind")), "the second mail comes", TimeSpan.FromSeconds(60));
        var link = $"/registrations/{Token((await app.Mails(email)).Last(mail => Text(mail, "subject").Contains("Northwind")))}";

        var page = await browser.Open(app, link);
        await page.GetByText("You have an account already").WaitForAsync();
        await browser.IsFit(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await ConsoleBrowser.SignIn(page, email, Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Accepted" }).WaitForAsync();
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "INV-05")]
    public async Task what_is_wrong_with_a_link_is_told_before_anything_is_typed()
    {
        var (_, to, link) = await Invited();
        var admin = await app.AdminToken();
        var id = Id((await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations?organizationId={to.Organization}", token: admin))["items"]![0]!);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, $"/invitations/{id}/revoke", token: admin);

        var page = await browser.Open(app, link);
        await page.GetByText("The invitation was withdrawn.").WaitForAsync();
        (await page.GetByRole(AriaRole.Textbox).CountAsync()).ShouldBe(0);
        await browser.IsFit(page);

        await page.GotoAsync("/registrations/none-of-ours");
        await page.GetByText("Look whether it was copied as a whole.").WaitForAsync();
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "INV-05")]
    public async Task a_dead_link_says_what_to_do()
    {
        var (email, to, link) = await Invited();
        var admin = await app.AdminToken();
        var id = Id((await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/invitations?organizationId={to.Organization}", token: admin))["items"]![0]!);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, $"/invitations/{id}/resend", token: admin);
        var page = await browser.Open(app, link);
        await page.GetByText("ask whoever invited you to send it again").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        // Time does not pass for a test: that the newer one has expired is said in the API's place.
        await Eventually.Is(async () => (await app.Mails(email)).Count == 2, "the newer link comes", TimeSpan.FromSeconds(60));
        var newer = (await app.Mails(email)).Select(Token).Single(token => !link.EndsWith(token, StringComparison.Ordinal));
        await page.RouteAsync($"**/api/v1/registrations/{newer}", route => route.FulfillAsync(new()
        {
            Status = 410, ContentType = "application/problem+json", Body = """{"status":410,"code":"link-expired","detail":"The link has expired."}""",
        }));
        await page.GotoAsync($"/registrations/{newer}");
        await page.GetByText("It has expired.").WaitForAsync();
        await browser.IsFit(page);
        var asked = page.WaitForRequestAsync("**/new-link");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask for a new one" }).ClickAsync();
        await page.GetByText("Whoever invited you has been told.").WaitForAsync();
        (await (await asked).ResponseAsync())!.Status.ShouldBe(202);
        (await page.GetByRole(AriaRole.Button, new() { Name = "Ask for a new one" }).CountAsync()).ShouldBe(0);
        await browser.IsFitForTelephones(page);

        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, $"/invitations/{id}/revoke", token: admin);
        await page.UnrouteAllAsync();
        await page.GotoAsync($"/registrations/{newer}");
        await page.GetByText("whoever invited you can tell you, and can invite you again").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    private async Task<(string Email, (Guid Organization, Guid App, Guid Subscription) To, string Link)> Invited()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 1);
        var email = $"invitee-{RandomNumberGenerator.GetHexString(12, lowercase: true)}@example.org";
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, email), admin);
        return (email, to, $"/registrations/{Token(await app.Mail(email))}");
    }
}
