using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace InviteHub.EndToEnd.Tests.Pages;

/// <summary>Debian's browser, which the console is used in.</summary>
public sealed class ConsoleBrowser : IAsyncLifetime
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(RunningApplication.Root(), "gateway/console/node_modules/axe-core/axe.min.js"));

    private readonly ConcurrentQueue<string> _complaints = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    public async Task DisposeAsync()
    {
        await _browser!.DisposeAsync();
        _playwright!.Dispose();
    }

    /// <summary>A page in a browser of its own, at an address of the console.</summary>
    public async Task<IPage> Open(RunningApplication app, string path, int width = 1440, string locale = "en-GB", ColorScheme colours = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = $"http://localhost:{app.Address.Port}", ViewportSize = new() { Width = width, Height = 800 }, Locale = locale, ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(90_000);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        // What the policy forbids, and what React warns of. That the API said no is no complaint.
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _complaints.Enqueue(message.Text);
        };
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>How many bytes are sent, as they are sent, until a page shows a field to who was never there before, and asks for nothing more.</summary>
    public async Task<int> SentToBegin(RunningApplication app, string path, string field)
    {
        var page = await Open(app, "about:blank");
        var sizes = new List<Task<RequestSizesResult>>();
        page.RequestFinished += (_, request) => sizes.Add(request.SizesAsync());

        await page.GotoAsync(path);
        await page.GetByLabel(field).WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var all = await Task.WhenAll(sizes);
        all.Length.ShouldBeGreaterThan(5);
        return all.Sum(size => size.ResponseBodySize);
    }

    /// <summary>A page of somebody who has signed in.</summary>
    public async Task<IPage> OpenSignedIn(RunningApplication app, string path, string email, string password, int width = 1440)
    {
        var page = await Open(app, path, width);
        await SignIn(page, email, password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).WaitForAsync();
        return page;
    }

    public static async Task SignIn(IPage page, string email, string password)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    /// <summary>
    /// Waits until a page's address is of a form. <c>WaitForURLAsync</c> waits for a load, which there is none of when the router changes the
    /// address, and misses a change that comes between its look and its wait.
    /// </summary>
    public static Task IsAt(IPage page, string address) => Assertions.Expect(page).ToHaveURLAsync(new Regex(address, RegexOptions.None, TimeSpan.FromSeconds(1)), new() { Timeout = 90_000 });

    /// <summary>The keys (INV-21) of the requests that a page sends to some addresses, of which the first finds no connection.</summary>
    public static async Task<IReadOnlyList<string>> KeysOfRequestsThatFailOnce(IPage page, string addresses)
    {
        var keys = new List<string>();
        await page.RouteAsync(addresses, route =>
        {
            if (route.Request.Method != "POST")
                return route.FallbackAsync();
            keys.Add(route.Request.Headers.GetValueOrDefault("idempotency-key", "none"));
            return keys.Count == 1 ? route.AbortAsync() : route.ContinueAsync();
        });
        return keys;
    }

    /// <summary>Holds a page as it stands to what every page is held to: axe finds nothing, it fits its width, and the browser had no complaint.</summary>
    public async Task IsFit(IPage page, string titleEnd = " · InviteHub")
    {
        await page.EvaluateAsync(Axe);
        var violations = await page.EvaluateAsync<string[]>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.html).join(' | ')}`)");
        violations.ShouldBeEmpty(page.Url);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - window.innerWidth")).ShouldBeLessThanOrEqualTo(0, page.Url);
        (await page.TitleAsync()).ShouldEndWith(titleEnd);
        _complaints.ShouldBeEmpty();
    }

    /// <summary>The same on a telephone.</summary>
    public async Task IsFitForTelephones(IPage page, string titleEnd = " · InviteHub")
    {
        var (width, height) = (page.ViewportSize!.Width, page.ViewportSize.Height);
        await page.SetViewportSizeAsync(360, height);
        await IsFit(page, titleEnd);
        await page.SetViewportSizeAsync(width, height);
    }
}
