using InviteHub.Notifications.Templates;
using Microsoft.Playwright;

namespace InviteHub.Notifications.Tests;

/// <summary>Debian's browser, which mail is read in.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright!.Dispose();
    }
}

[Trait("Feature", "NOT-02")]
public sealed class reading_mail_in_a_browser(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>The least contrast of any text with what is behind it (WCAG 2.2, 1.4.3).</summary>
    private const string LeastContrast =
        """
        () => {
          const dark = matchMedia('(prefers-color-scheme: dark)').matches;
          const parts = color => color.match(/[\d.]+/g).map(Number);
          const light = color => parts(color).slice(0, 3)
            .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
          const behind = element => {
            for (; element; element = element.parentElement) {
              const color = getComputedStyle(element).backgroundColor;
              if (parts(color)[3] !== 0) return color;
            }
            return dark ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
          };
          const texts = [...document.body.querySelectorAll('*')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
          return Math.min(...texts.map(e => {
            const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          }));
        }
        """;

    [Theory]
    [MemberData(nameof(every_message.All), MemberType = typeof(every_message))]
    public async Task each_sample_is_fit_for_a_telephone_in_light_and_dark(string kind, string language) =>
        await IsFit(Samples.All[kind](language), language);

    [Theory]
    [MemberData(nameof(every_message.OfNotices), MemberType = typeof(every_message))]
    [Trait("Feature", "SEC-04")]
    public async Task hostile_and_endless_words_change_nothing_of_that(string kind, string what)
    {
        await IsFit(every_message.Write(kind, "en", what, $"</p><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"), "en");
        await IsFit(every_message.Write(kind, "sv", what, new string('W', 500)), "sv");
    }

    private async Task IsFit(Letter letter, string language)
    {
        await using var context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 360, Height = 640 } });
        var page = await context.NewPageAsync();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);

        await page.SetContentAsync(letter.Html);

        (await page.GetAttributeAsync("html", "lang")).ShouldBe(language);
        (await page.TitleAsync()).ShouldBe(letter.Subject);
        (await page.Locator("script, img, iframe, object, link").CountAsync()).ShouldBe(0);
        (await page.Locator("main h1").CountAsync()).ShouldBe(1);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(360);
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            (await page.EvaluateAsync<double>(LeastContrast)).ShouldBeGreaterThanOrEqualTo(4.5);
        }

        asked.ShouldBeEmpty();
    }
}
