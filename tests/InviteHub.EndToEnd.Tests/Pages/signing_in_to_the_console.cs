using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InviteHub.Testing;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "USR-08")]
public sealed class signing_in_to_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Password = "correct horse battery staple";

    [Theory]
    [InlineData("/")]
    [InlineData("/users?search=ada")]
    public async Task takes_less_than_200_kB_to_begin(string path) =>
        (await browser.SentToBegin(app, path, "E-mail")).ShouldBeLessThan(200_000);

    [Theory]
    [InlineData("en-GB", ColorScheme.Light, "Sign in", "en")]
    [InlineData("sv-SE", ColorScheme.Dark, "Logga in", "sv")]
    public async Task speaks_the_reader_s_language_in_the_reader_s_colours(string locale, ColorScheme colours, string title, string language)
    {
        var page = await browser.Open(app, "/sign-in", locale: locale, colours: colours);

        await page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        (await page.GetAttributeAsync("html", "lang")).ShouldBe(language);
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    public async Task leads_to_where_one_wanted_to_go_with_a_session_that_no_script_can_read_and_ends_for_good()
    {
        var page = await browser.Open(app, "/users?role=systemAdmin");
        await ConsoleBrowser.SignIn(page, AdminEmail, "not the password");
        (await page.GetByRole(AriaRole.Alert).TextContentAsync()).ShouldBe("The address or the password is not right.");
        await browser.IsFit(page);

        await ConsoleBrowser.SignIn(page, AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Users" }).WaitForAsync();
        new Uri(page.Url).PathAndQuery.ShouldBe("/users?role=systemAdmin");
        (await page.EvaluateAsync<string>("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")).ShouldNotContain("CfDJ8");
        (await page.Context.CookiesAsync()).ShouldAllBe(cookie => cookie.HttpOnly && cookie.SameSite == SameSiteAttribute.Strict);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await ConsoleBrowser.IsAt(page, "/sign-in$");
        await page.GotoAsync("/users");
        await ConsoleBrowser.IsAt(page, @"/sign-in\?next=");
    }

    [Fact]
    public async Task never_leads_to_another_site()
    {
        var page = await browser.Open(app, "/sign-in?next=https:%2F%2Fexample.org%2F");
        await ConsoleBrowser.SignIn(page, AdminEmail, AdminPassword);
        await page.GetByText("Welcome,").WaitForAsync();
        new Uri(page.Url).Authority.ShouldBe($"localhost:{app.Address.Port}");
    }

    [Fact]
    public async Task an_address_that_is_none_says_so_and_leads_on()
    {
        var page = await browser.OpenSignedIn(app, "/nothing-here", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Heading, new() { Name = "There is no such page" }).WaitForAsync();
        await browser.IsFit(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Go to the start" }).ClickAsync();
        await page.GetByText("Welcome,").WaitForAsync();
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "USR-07")]
    public async Task with_mailed_codes_takes_the_code_or_one_of_the_recovery_codes()
    {
        var email = $"factor-{RandomNumberGenerator.GetHexString(12, lowercase: true)}@example.org";
        var token = Text(await NewUser(email), "accessToken");
        await app.Expect(HttpStatusCode.Accepted, HttpMethod.Post, "/me/two-factor/email-code", new { password = Password }, token);
        var confirmed = await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/me/two-factor/email-code/confirm", new { code = await app.Code(email, []) }, token);
        var recovery = confirmed["recoveryCodes"]![0]!.GetValue<string>();
        var seen = await app.Codes(email);

        var page = await browser.Open(app, "/sign-in");
        await ConsoleBrowser.SignIn(page, email, Password);
        await page.GetByRole(AriaRole.Heading, new() { Name = "One more step" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a code by e-mail" }).ClickAsync();
        await page.GetByText("A code is on its way").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync("000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByText("The code is not right").WaitForAsync();
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(await app.Code(email, seen));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByText("Welcome,").WaitForAsync();

        var other = await browser.Open(app, "/sign-in");
        await ConsoleBrowser.SignIn(other, email, Password);
        await other.GetByRole(AriaRole.Button, new() { Name = "Use a recovery code" }).ClickAsync();
        await other.GetByLabel("Recovery code").FillAsync(recovery);
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await other.GetByText("Welcome,").WaitForAsync();
    }

    [Fact]
    public async Task a_forgotten_password_is_set_anew_by_the_link_in_the_mail()
    {
        var email = $"forgot-{RandomNumberGenerator.GetHexString(12, lowercase: true)}@example.org";
        await NewUser(email);
        var page = await browser.Open(app, "/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Forgot your password?" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Forgot your password?" }).WaitForAsync();
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the link" }).ClickAsync();
        await page.GetByRole(AriaRole.Status).WaitForAsync();
        await browser.IsFit(page);

        await Eventually.Is(async () => await ResetLink(email) is not null, "a mail with the link comes", TimeSpan.FromSeconds(60));
        var link = (await ResetLink(email))!;
        await page.GotoAsync(link);
        await page.GetByLabel("New password").FillAsync("another long passphrase");
        await page.GetByLabel("The same again").FillAsync("another long passphras");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await page.GetByText("The two passwords differ.").WaitForAsync();
        await browser.IsFitForTelephones(page);
        await page.GetByLabel("The same again").FillAsync("another long passphrase");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await ConsoleBrowser.SignIn(page, email, "another long passphrase");
        await page.GetByText("Welcome,").WaitForAsync();

        await page.GotoAsync(link);
        await page.GetByText("A password was set since").WaitForAsync();
        await browser.IsFit(page);
    }

    /// <summary>Somebody who was invited and registered; their session.</summary>
    private async Task<JsonNode> NewUser(string email)
    {
        var admin = await app.AdminToken();
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(await app.Business(admin, seats: 1), email), admin);
        return await app.Expect(
            HttpStatusCode.Created, HttpMethod.Post, $"/registrations/{Token(await app.Mail(email))}", new { password = Password, language = "en", acceptPrivacyPolicy = true });
    }

    private async Task<string?> ResetLink(string email) =>
        (await app.Mails(email)).Select(mail => Regex.Match(Text(mail, "text"), "/password-reset/[A-Za-z0-9_-]{43}", RegexOptions.NonBacktracking)).FirstOrDefault(link => link.Success)?.Value;
}
