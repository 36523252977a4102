using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
public sealed class messages_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    [Fact]
    [Trait("Feature", "NOT-02")]
    public async Task are_shown_as_they_go_out_in_both_languages()
    {
        var page = await browser.OpenSignedIn(app, "/", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Link, new() { Name = "Messages" }).ClickAsync();
        await page.GetByText("Showing 1–").WaitForAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = "Välj ett nytt lösenord" }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Invitation to an app" }).ClickAsync();
        var mail = page.FrameLocator("iframe");
        await mail.GetByText("Hello Kim,").WaitForAsync();
        // It styles itself, as in a mail program, though the console's policy lets nothing do so.
        (await mail.Locator("main").EvaluateAsync<string>("main => getComputedStyle(main).maxWidth")).ShouldBe("576px");
        await page.GetByText("Hello Kim,").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Swedish" }).PressAsync("Enter");
        await mail.GetByText("Hej Kim,").WaitForAsync();
        await page.GetByText("Robin Example bjuder in dig till Timesheets hos Example Ltd.").First.WaitForAsync();
        await page.GotoAsync("/messages/passwordReset");
        await page.GetByText("This message does not go by SMS.").WaitForAsync();
        await browser.IsFit(page);
    }

    [Fact]
    [Trait("Feature", "ROL-08")]
    public async Task are_for_system_admins_alone_as_audit_is()
    {
        var email = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true) + "@example.org";
        const string Password = "first light over water";
        await app.Expect(
            HttpStatusCode.Created, HttpMethod.Post, "/users",
            new { firstName = "Moa", lastName = "Ek", email, emailConfirmation = email, password = Password, passwordConfirmation = Password, language = "en" }, await app.AdminToken());
        var first = Text(await app.Expect(HttpStatusCode.OK, HttpMethod.Post, "/session", new { email, password = Password }), "accessToken");
        await app.Expect(HttpStatusCode.NoContent, HttpMethod.Put, "/me/password", new { current = Password, @new = "another morning in May" }, first);

        var page = await browser.OpenSignedIn(app, "/messages", email, "another morning in May");
        await page.GetByText("Your roles don’t allow this.").WaitForAsync();
        (await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link).AllTextContentsAsync()).Intersect(["Messages", "Audit", "Webhooks"]).ShouldBeEmpty();
    }
}
