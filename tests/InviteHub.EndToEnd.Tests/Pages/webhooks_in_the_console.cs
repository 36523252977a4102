using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using InviteHub.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

/// <summary>With another system that takes what it is told, or refuses it.</summary>
[Collection(Collection)]
public sealed class webhooks_in_the_console(RunningApplication app, ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>, IAsyncLifetime
{
    private readonly string _name = "Xq" + RandomNumberGenerator.GetHexString(12, lowercase: true);
    private readonly ConcurrentQueue<string> _told = new();
    private WebApplication? _other;
    private int _answer = StatusCodes.Status204NoContent;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _other = builder.Build();
        _other.Urls.Add("http://127.0.0.1:0");
        _other.MapPost("/hook", (HttpRequest request) =>
        {
            _told.Enqueue(request.Headers["webhook-id"].ToString());
            return Results.StatusCode(_answer);
        });
        await _other.StartAsync();
    }

    public async Task DisposeAsync() => await _other!.DisposeAsync();

    [Fact]
    [Trait("Feature", "NOT-05")]
    public async Task are_registered_changed_paused_and_removed()
    {
        var to = await app.Business(await app.AdminToken(), seats: 1, _name);
        var page = await browser.OpenSignedIn(app, $"/webhooks?organizationId={to.Organization}", AdminEmail, AdminPassword);
        await page.GetByText("Nothing matches.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Register webhook" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        var url = panel.GetByLabel("Address");
        await url.FillAsync("http://example.org/hook");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Register webhook" }).ClickAsync();
        await panel.GetByText("Choose the organization.").WaitForAsync();
        (await url.GetAttributeAsync("aria-invalid")).ShouldBe("true");
        (await panel.GetByRole(AriaRole.Alert).CountAsync()).ShouldBe(0);
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await panel.GetByLabel("Organization").SelectOptionAsync(to.Organization.ToString());
        await url.FillAsync($"https://{_name}.example.org/hook");
        await panel.GetByLabel("Invitation declined").UncheckAsync();
        await url.PressAsync("Enter");
        (await panel.Locator("code").TextContentAsync())!.ShouldStartWith("whsec_");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Copy" }).WaitForAsync();
        await browser.IsFit(page);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await page.GetByRole(AriaRole.Row, new() { Name = _name }).GetByText("Active").WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Link, new() { Name = _name }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByText("Paused").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        (await panel.GetByLabel("Invitation declined").IsCheckedAsync()).ShouldBeFalse();
        await panel.GetByLabel("Tell who was invited").CheckAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("dt:has-text('With who was invited') + dd:has-text('Yes')").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New secret" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "New secret" }).ClickAsync();
        (await page.Locator("code").TextContentAsync())!.ShouldStartWith("whsec_");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await browser.IsFitForTelephones(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        (await page.GetByRole(AriaRole.Dialog).TextContentAsync())!.ShouldContain($"https://{_name}.example.org/hook".ToLowerInvariant(), Case.Insensitive);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await ConsoleBrowser.IsAt(page, "/webhooks$");
        (await app.Expect(HttpStatusCode.OK, HttpMethod.Get, $"/webhooks?organizationId={to.Organization}", token: await app.AdminToken()))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "NOT-05")]
    public async Task send_again_what_was_given_up()
    {
        var admin = await app.AdminToken();
        var to = await app.Business(admin, seats: 1, _name);
        var made = await app.Expect(
            HttpStatusCode.Created, HttpMethod.Post, "/webhooks",
            new { organizationId = to.Organization, url = $"{_other!.Urls.Single()}/hook", events = new[] { "invitation.opened" } }, admin);
        var id = Id(made["webhook"]!);
        await app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(to, $"{_name}@example.org"), admin);
        await Eventually.Is(() => !_told.IsEmpty, "the other system is told", TimeSpan.FromMinutes(1));
        _told.TryDequeue(out var first).ShouldBeTrue();
        await GiveUp(id);
        _answer = StatusCodes.Status500InternalServerError;

        var page = await browser.OpenSignedIn(app, $"/webhooks/{id}?state=failed", AdminEmail, AdminPassword);
        await page.GetByRole(AriaRole.Row, new() { Name = "It answered 500." }).WaitForAsync();
        await browser.IsFit(page);
        await browser.IsFitForTelephones(page);
        await SendAgain(page);
        await page.GetByRole(AriaRole.Dialog).GetByText("It answered 500.").WaitForAsync();
        _answer = StatusCodes.Status204NoContent;
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await page.GetByText("Nothing matches.").WaitForAsync();
        _told.ShouldBe([first, first]);

        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for the event" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Tell again from here" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Tell again from here" }).ClickAsync();
        await Eventually.Is(() => _told.Count == 3, "it is told once more", TimeSpan.FromMinutes(1));
    }

    private static async Task SendAgain(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions for the event" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Send again" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
    }

    /// <summary>As after the last attempt, which comes sixteen hours after the first.</summary>
    private async Task GiveUp(Guid webhook)
    {
        var folder = app.Environment["INVITEHUB_DATA"];
        var port = (await File.ReadAllLinesAsync(Directory.EnumerateFiles(folder, "postmaster.pid", SearchOption.AllDirectories).Single()))[3];
        var start = new ProcessStartInfo("psql",
        [
            "-h", "127.0.0.1", "-p", port, "-U", "notifications", "notificationsdb", "-c",
            $"insert into webhook_dead_letters select webhook_id, position, 'It answered 500.', now() from webhook_progress where webhook_id = '{webhook}'",
        ]) { UseShellExecute = false };
        start.Environment["PGPASSWORD"] = await File.ReadAllTextAsync(Directory.EnumerateFiles(folder, "*notificationsdb-password", SearchOption.AllDirectories).Single());
        using var psql = Process.Start(start)!;
        await psql.WaitForExitAsync();
        psql.ExitCode.ShouldBe(0);
    }
}
