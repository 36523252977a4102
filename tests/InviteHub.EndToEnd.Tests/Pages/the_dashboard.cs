using System.Net;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;
using static Microsoft.Playwright.Assertions;

namespace InviteHub.EndToEnd.Tests.Pages;

/// <summary>The application as <c>./run.sh</c> starts it for a developer, who looks at it in the dashboard.</summary>
public sealed class ApplicationWithDashboard : IAsyncLifetime
{
    internal RunningApplication App { get; } = new(exportsToDashboard: true);

    public Task InitializeAsync() => App.InitializeAsync();

    public Task DisposeAsync() => App.DisposeAsync();
}

[Trait("Feature", "OPS-02")]
public sealed class the_dashboard(ApplicationWithDashboard with, ConsoleBrowser browser) : IClassFixture<ApplicationWithDashboard>, IClassFixture<ConsoleBrowser>
{
    private readonly RunningApplication _app = with.App;

    [Fact]
    public async Task shows_an_invitation_on_its_way_as_one_waterfall_with_its_logs()
    {
        var admin = await _app.AdminToken();
        var business = await _app.Business(admin, seats: 2);
        var trace = NewTrace();
        await _app.Expect(HttpStatusCode.Created, HttpMethod.Post, "/invitations", Access(business, "shown@walk.example"), admin,
            ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        await _app.Mail("shown@walk.example");

        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Traces", Exact = true }).ClickAsync();
        await page.GetByLabel("Search").FillAsync(trace);
        var link = page.GetByRole(AriaRole.Link, new() { Name = "gateway: POST" });
        await Expect(link).ToHaveCountAsync(1);
        var row = page.Locator("tbody tr");
        foreach (var resource in new[] { "gateway", "invitations", "subscriptions", "notifications" })
            await Expect(row).ToContainTextAsync(resource);
        await IsFitAsync(page);
        await link.ClickAsync();

        var spans = page.GetByRole(AriaRole.Treeitem);
        await Expect(spans.First).ToContainTextAsync("gateway");
        foreach (var service in new[] { "invitations", "subscriptions", "notifications" })
        {
            foreach (var sort in new[] { "SQL", "Queue" })
                (await spans.Filter(new() { Has = page.GetByTitle(service, new() { Exact = true }) }).Filter(new() { HasText = sort }).CountAsync()).ShouldBeGreaterThan(0, $"{sort} of {service}");
        }
        await spans.First.ClickAsync();
        var details = page.GetByRole(AriaRole.Complementary, new() { Name = "Details" });
        await Expect(details).ToContainTextAsync("/api/v1/invitations");
        await IsFitAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Logs of this trace" }).ClickAsync();
        var message = page.Locator(".message").First;
        await message.ClickAsync();
        await details.GetByRole(AriaRole.Link, new() { Name = trace }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Tree, new() { Name = "Spans" })).ToBeVisibleAsync();
        page.Url.ShouldContain($"#/traces/{trace}");
    }

    [Fact]
    public async Task stops_and_starts_a_resource_and_shows_what_it_prints()
    {
        var page = await OpenAsync();
        var sms = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "sms", Exact = true }) });
        await Expect(sms).ToContainTextAsync("Running");
        var before = await _app.ProcessId("sms");

        await sms.GetByRole(AriaRole.Button, new() { Name = "Stop sms" }).ClickAsync();
        await Expect(sms).ToContainTextAsync("Stopped");
        await sms.GetByRole(AriaRole.Button, new() { Name = "Start sms" }).ClickAsync();
        await Expect(sms).ToContainTextAsync("Running");

        (await _app.ProcessId("sms")).ShouldNotBe(before);
        await IsFitAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Console of identity" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("Application started");
        await page.GetByLabel("Search").FillAsync("nothing prints this");
        await Expect(page.Locator(".lines > div:visible")).ToHaveCountAsync(0);
        await IsFitAsync(page);
    }

    [Fact]
    public async Task draws_how_long_requests_take()
    {
        await _app.AdminToken();

        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "metrics of identity" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "http.server.request.duration", Exact = true }).ClickAsync();

        var chart = page.GetByRole(AriaRole.Group, new() { Name = "http.server.request.duration: P50 now " });
        await Expect(chart).ToBeVisibleAsync();
        await chart.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator("figure").First.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await IsFitAsync(page);
    }

    [Fact]
    public async Task leads_from_one_measurement_to_its_trace()
    {
        var trace = NewTrace();
        await _app.Expect(HttpStatusCode.OK, HttpMethod.Get, "/me/profile", token: await _app.AdminToken(), headers: ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        var page = await OpenAsync("login?t=" + DashboardToken + "#/metrics?resource=identity");
        await page.GetByRole(AriaRole.Link, new() { Name = "http.server.request.duration", Exact = true }).ClickAsync();
        await page.GetByLabel("http.route").SelectOptionAsync("/api/v1/me/profile");
        var dot = page.GetByRole(AriaRole.Link, new() { Name = ": see its trace" });
        await Expect(dot).ToHaveCountAsync(1);
        await IsFitAsync(page);
        await dot.ClickAsync();
        await IsAtTheTraceAsync();

        await page.GoBackAsync();
        var chart = page.GetByRole(AriaRole.Group, new() { Name = "http.server.request.duration: P50 now " });
        await chart.FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(dot).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await IsAtTheTraceAsync();

        async Task IsAtTheTraceAsync()
        {
            await Expect(page.GetByRole(AriaRole.Tree, new() { Name = "Spans" }).GetByTitle("identity", new() { Exact = true }).First).ToBeVisibleAsync();
            page.Url.ShouldContain($"#/traces/{trace}");
        }
    }

    [Fact]
    public async Task asks_for_the_token_and_takes_no_other()
    {
        var page = await OpenAsync("");
        var token = page.GetByLabel("Token");

        await token.FillAsync("a guess");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the token");
        await browser.IsFit(page, "Dashboard");
        await token.FillAsync(DashboardToken);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Resources" })).ToBeVisibleAsync();
    }

    private static string NewTrace() => Convert.ToHexStringLower(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray());

    private Task<IPage> OpenAsync(string path = $"login?t={DashboardToken}") => browser.Open(_app, new Uri(_app.Dashboard, path).AbsoluteUri);

    private async Task IsFitAsync(IPage page)
    {
        await browser.IsFitForTelephones(page, " · InviteHub.AppHost");
        await browser.IsFit(page, " · InviteHub.AppHost");
    }
}
