using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class own_account_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Password = "first light over water";
    private const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly string _email = $"own-{RandomNumberGenerator.GetHexString(12, lowercase: true)}@example.org";

    [Fact]
    [Trait("Feature", "USR-09")]
    public async Task is_viewed_and_changed_with_its_language_and_picture_and_the_log_tells()
    {
        await Somebody();
        var page = await browser.OpenSignedIn(app, "/", _email, Password);
        await page.GetByRole(AriaRole.Link, new() { Name = "Selma Ek" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Selma Ek" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "me.png", MimeType = "image/png", Buffer = "not a picture"u8.ToArray() });
        await page.GetByText("The picture is a PNG, JPEG or WebP file.").WaitForAsync();
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "me.png", MimeType = "image/png", Buffer = Convert.FromBase64String(Picture) });
        await page.Locator("main img").WaitForAsync();
        await page.Locator("header img").WaitForAsync();
        await browser.IsFit(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        (await panel.GetByLabel("E-mail").CountAsync()).ShouldBe(0);
        await panel.GetByLabel("Last name").FillAsync("E");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await panel.Locator("[name=lastName][aria-invalid=true]").WaitForAsync();
        await browser.IsFitForTelephones(page);
        await panel.GetByLabel("Last name").FillAsync("Lagerlöf");
        await panel.GetByLabel("Language").SelectOptionAsync("sv");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Selma Lagerlöf" }).WaitForAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Logg" }).ClickAsync();
        await page.Locator("ins", new() { HasText = "Lagerlöf" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
    }

    [Fact]
    [Trait("Feature", "USR-07")]
    public async Task with_an_authenticator_app_asks_for_its_code_when_signing_in()
    {
        await Somebody();
        var page = await browser.OpenSignedIn(app, "/profile/security", _email, Password);
        var line = page.GetByRole(AriaRole.Group, new() { Name = "Authenticator app" });
        await line.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Your password").FillAsync("not my password");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await panel.GetByText("The password is not right.").WaitForAsync();
        await panel.GetByLabel("Your password").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await panel.GetByAltText("QR code for the authenticator app").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        (await panel.GetByRole(AriaRole.Img).EvaluateAsync<int>("image => image.naturalWidth")).ShouldBeGreaterThan(0);
        var secret = (await panel.Locator("code").TextContentAsync())!;
        await panel.GetByLabel("Code").FillAsync("000000");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await panel.GetByText("The code is not right or has run out.").WaitForAsync();
        await panel.GetByLabel("Code").FillAsync(CodeOf(secret, 0));
        await panel.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await panel.GetByText("Keep these recovery codes").WaitForAsync();
        (await panel.GetByRole(AriaRole.Listitem).CountAsync()).ShouldBe(10);
        await browser.IsFit(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await line.GetByText("On").WaitForAsync();
        await page.GetByText("10 left").WaitForAsync();

        var other = await browser.Open(app, "/sign-in?next=/profile/security");
        await ConsoleBrowser.SignIn(other, _email, Password);
        await other.GetByText("Enter the code that your authenticator app shows.").WaitForAsync();
        await browser.IsFitForTelephones(other);
        // A code works once, so that the one from before does not; the app's clock may be a step ahead.
        await other.GetByLabel("Code", new() { Exact = true }).FillAsync(CodeOf(secret, 1));
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await other.GetByRole(AriaRole.Heading, new() { Name = "Selma Ek" }).WaitForAsync();

        await line.GetByRole(AriaRole.Button, new() { Name = "Turn off" }).ClickAsync();
        await panel.GetByLabel("Your password").FillAsync(Password);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Turn off" }).ClickAsync();
        await line.GetByText("Off").WaitForAsync();
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/session", new { email = _email, password = Password });
    }

    [Fact]
    [Trait("Feature", "USR-07")]
    public async Task with_mailed_codes_is_tried_once_before_they_are_asked_for()
    {
        await Somebody();
        var page = await browser.OpenSignedIn(app, "/profile/security", _email, Password);
        var line = page.GetByRole(AriaRole.Group, new() { Name = "Codes by e-mail" });
        await line.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Your password").FillAsync(Password);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Send a code by e-mail" }).ClickAsync();
        await panel.GetByLabel("Code").FillAsync(await app.Code(_email, []));
        await panel.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make new ones" }).ClickAsync();
        await panel.GetByLabel("Your password").FillAsync(Password);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Make new ones" }).ClickAsync();
        (await panel.GetByRole(AriaRole.Listitem).First.TextContentAsync())!.ShouldNotBeEmpty();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        (await app.Send(HttpMethod.Post, "/session", new { email = _email, password = Password })).Status.ShouldBe(HttpStatusCode.Unauthorized);

        await line.GetByRole(AriaRole.Button, new() { Name = "Turn off" }).ClickAsync();
        await panel.GetByLabel("Your password").FillAsync(Password);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Turn off" }).ClickAsync();
        await line.GetByText("Off").WaitForAsync();
        await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/session", new { email = _email, password = Password });
    }

    [Fact]
    [Trait("Feature", "USR-08")]
    public async Task shows_its_sessions_and_ends_one_or_all_and_changes_its_password()
    {
        await Somebody();
        var elsewhere = await app.SignIn(_email, Password);
        var page = await browser.OpenSignedIn(app, "/profile/security", _email, Password);
        await page.GetByText("Showing 1–2 of 2").WaitForAsync();
        await page.GetByText("This one").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Grid).GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await page.GetByText("Showing 1–1 of 1").WaitForAsync();
        (await app.Send(HttpMethod.Get, "/me", token: elsewhere)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        await page.GetByLabel("Password until now").FillAsync("not my password");
        await page.GetByLabel("New password").FillAsync("another morning in May");
        await page.GetByLabel("The same again").FillAsync("another morning in May");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await page.GetByText("The password is not right.").WaitForAsync();
        await page.GetByLabel("Password until now").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
        await page.GetByText("Your password is changed.").WaitForAsync();
        await browser.IsFit(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();
        await ConsoleBrowser.IsAt(page, "/sign-in$");
        await page.GotoAsync("/profile");
        await ConsoleBrowser.IsAt(page, @"/sign-in\?next=");
    }

    [Fact]
    [Trait("Feature", "GDP-01")]
    [Trait("Feature", "LOG-05")]
    public async Task gives_its_data_says_who_looked_at_it_and_asks_for_removal()
    {
        var id = await Somebody();
        var token = await app.SignIn(_email, Password);
        await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/users/{id}", token: await app.AdminToken());
        var page = await browser.OpenSignedIn(app, "/profile/privacy", _email, Password);
        await page.GetByRole(AriaRole.Row, new() { Name = "System Admin Profile" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download your data" }).ClickAsync());
        Text(JsonNode.Parse(await File.ReadAllTextAsync(await file.PathAsync()))!["profile"]!, "email").ShouldBe(_email);

        await page.GetByRole(AriaRole.Button, new() { Name = "Ask for removal" }).ClickAsync();
        await page.GetByText("Say why you want to be removed.").WaitForAsync();
        await page.GetByLabel("Reason").FillAsync("I am moving on");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask for removal" }).ClickAsync();
        await page.GetByText("I am moving on").WaitForAsync();
        await browser.IsFit(page);
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me/removal-request", token: token))["status"]!.GetValue<string>().ShouldBe("pending");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask for removal" }).WaitForAsync();
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    [Trait("Feature", "INV-26")]
    public async Task shows_what_it_is_invited_to_and_answers_without_the_mail()
    {
        await Somebody();
        var admin = await app.AdminToken();
        var (northwind, contoso) = (await app.Business(admin, seats: 1, "Northwind"), await app.Business(admin, seats: 1, "Contoso"));
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(northwind, _email), admin);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(contoso, _email), admin);

        var page = await browser.OpenSignedIn(app, "/", _email, Password);
        await page.GetByText("2 invitations wait for your answer.").WaitForAsync();
        await browser.IsFitForTelephones(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Invitations for you" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "Northwind" }).GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await page.GetByText("You accepted the invitation to Northwind, Planner.").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await page.SetViewportSizeAsync(360, 800);
        await page.GetByRole(AriaRole.Row, new() { Name = "Contoso" }).GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("No time for it");
        await browser.IsFit(page);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await page.GetByText("No invitation waits for your answer.").WaitForAsync();
        (await app.Seats(northwind.Subscription, admin)).ShouldBe((0, 1, 0));
        (await app.Seats(contoso.Subscription, admin)).ShouldBe((0, 0, 1));
    }

    private Task<Guid> Somebody() => app.Person(_email, "Selma", "Ek", Password);

    /// <summary>What an app that has the secret shows some steps of half a minute from now (RFC 6238).</summary>
    internal static string CodeOf(string secret, int stepsAhead)
    {
        var bits = string.Concat(secret.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        byte[] key = [.. bits.Chunk(8).Where(octet => octet.Length == 8).Select(octet => Convert.ToByte(new string(octet), 2))];
        var step = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + stepsAhead);
#pragma warning disable CA5350 // What authenticator apps compute.
        var hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }
}
