using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "OPS-01")]
public sealed class the_console(House house) : IClassFixture<House>
{
    private static readonly (string, string) Browser = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    [Theory]
    [InlineData("/")]
    [InlineData("/users/018f4e7c")]
    [InlineData("/registrations/tok-1")]
    [InlineData("/password-reset/tok-1")]
    [InlineData("/privacy")]
    public async Task has_a_page_for_every_address_that_is_nobody_else_s_and_asks_no_service_for_it(string path)
    {
        var answer = await house.Get(path, Browser);

        ((int)answer.StatusCode).ShouldBe(200);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("X-Robots-Tag").Single().ShouldContain("noindex");
        house.Services.Values.SelectMany(s => s.Asked).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/internal/sign-ins")]
    [InlineData("/assets/nothing.js")]
    [InlineData("/assets/index.html")]
    public async Task has_none_below_what_is_somebody_s(string path) => await (await house.Get(path, Browser)).Problem(404, "not-found");

    [Fact]
    [Trait("Feature", "INV-10")]
    public async Task leads_to_the_operator_s_own_privacy_policy_where_there_is_one()
    {
        await using var other = await House.Open(("PrivacyPolicyUrl", "https://example.org/privacy"));

        var answer = await other.Get("/privacy", Browser);

        ((int)answer.StatusCode).ShouldBe(302);
        answer.Headers.Location.ShouldBe(new Uri("https://example.org/privacy"));
    }

    [Fact]
    public async Task is_for_browsers_alone()
    {
        await (await house.Get("/users", ("Accept", "application/json"))).Problem(404, "not-found");
        var post = new HttpRequestMessage(HttpMethod.Post, "/users");
        post.Headers.Accept.ParseAdd("text/html");
        ((int)(await house.Client.SendAsync(post)).StatusCode).ShouldBeOneOf(404, 405);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task allows_no_inline_script_and_only_styles_of_this_very_answer()
    {
        var policies = new List<string>();
        for (var n = 0; n < 2; n++)
        {
            var answer = await house.Get("/", Browser);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            var nonce = Regex.Match(policy, "style-src 'nonce-(?<nonce>[0-9a-f]{32})'", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking).Groups["nonce"].Value;

            nonce.ShouldNotBeEmpty();
            (await answer.Content.ReadAsStringAsync()).ShouldContain($"content=\"{nonce}\"");
            policy.ShouldContain("default-src 'none'");
            policy.ShouldContain("script-src 'self';");
            policy.ShouldNotContain("unsafe");
            policies.Add(policy);
        }

        policies[0].ShouldNotBe(policies[1]);
    }

    [Fact]
    public async Task sends_files_that_are_kept_for_good_compressed_for_whoever_can_read_that()
    {
        var page = await (await house.Get("/", Browser)).Content.ReadAsStringAsync();
        var script = Regex.Match(page, "src=\"(?<script>/assets/[^\"]+\\.js)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking).Groups["script"].Value;

        var small = await house.Get(script, ("Accept-Encoding", "gzip, br"));
        var plain = await house.Get(script, ("Accept-Encoding", "gzip, br;q=0"));

        small.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        plain.Content.Headers.ContentEncoding.ShouldBeEmpty();
        small.Content.Headers.ContentLength!.Value.ShouldBeLessThan(plain.Content.Headers.ContentLength!.Value / 2);
        foreach (var answer in new[] { small, plain })
        {
            answer.Content.Headers.ContentType.ShouldBe(new MediaTypeHeaderValue("text/javascript", "utf-8"));
            answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
            answer.Headers.Vary.ShouldContain("Accept-Encoding");
        }
    }
}
