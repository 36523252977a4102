using System.Net.Http.Headers;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "SEC-04")]
public sealed class hostile_requests(SmallHouse house) : IClassFixture<SmallHouse>, IAsyncLifetime
{
    public Task InitializeAsync() => house.Tidy();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("/internal/sign-ins")]
    [InlineData("/api/v1/internal/sign-ins")]
    [InlineData("/api/v1/../internal/sign-ins")]
    [InlineData("/api/v1/users/../../../internal/sign-ins")]
    [InlineData("/api/v1/users/%2e%2e/%2e%2e/%2e%2e/internal/sign-ins")]
    [InlineData("/api/v1/users/%2E./%2E./%2E./internal/sign-ins")]
    [InlineData("/api/v1/users/%252e%252e/%252e%252e/%252e%252e/internal/sign-ins")]
    [InlineData("/api/v1/users/..%2f..%2f..%2finternal/sign-ins")]
    [InlineData("/api/v1/users/..%252f..%252f..%252finternal/sign-ins")]
    [InlineData("/api/v1/users/..%5c..%5c..%5cinternal/sign-ins")]
    [InlineData("/api/v1/users/..\\..\\..\\internal/sign-ins")]
    [InlineData("/api/v1/users/..;/..;/internal/sign-ins")]
    [InlineData("/api/v1//users")]
    [InlineData("//internal/sign-ins")]
    [InlineData("/api/v1/users//../../../internal")]
    [InlineData("/api/v1/users/%00")]
    [InlineData("/api/v1/users/a%0d%0ab")]
    [InlineData("http://identity/internal/sign-ins")]
    [InlineData("http://identity/api/v1/users/%2e%2e/%2e%2e/%2e%2e/internal/sign-ins")]
    public async Task no_spelling_of_a_path_leads_further_than_the_routes(string target)
    {
        (await house.StatusOfRaw(target)).ShouldBeOneOf(404, 400);
        house.Services.Values.SelectMany(s => s.Asked).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/ready")]
    [InlineData("/health")]
    [InlineData("/openapi/v1.json")]
    public async Task what_a_service_has_beside_its_api_is_the_gateway_s_own_here(string path)
    {
        (await (await house.Get(path)).Content.ReadAsStringAsync()).ShouldNotBe("identity");
        (await house.StatusOfRaw("/api/v1/users/.." + path)).ShouldBe(404);
    }

    [Fact]
    public async Task a_body_that_is_too_large_is_refused_before_a_service_is_bothered()
    {
        var answer = await house.Client.PostAsync("/api/v1/users", new ByteArrayContent(new byte[1001]));

        await answer.Problem(413, "too-large");
        house.Identity.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_body_of_unsaid_length_is_cut_off()
    {
        house.Identity.Answer = async context => await context.Request.Body.CopyToAsync(Stream.Null);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/users") { Content = new StreamContent(new MemoryStream(new byte[5000])) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        await (await house.Client.SendAsync(request)).Problem(413, "too-large");
    }

    [Fact]
    public async Task a_body_of_the_largest_size_goes_through() =>
        (await house.Client.PostAsync("/api/v1/users", new ByteArrayContent(new byte[1000]))).EnsureSuccessStatusCode();

    [Fact]
    [Trait("Feature", "INV-17")]
    public async Task a_file_of_users_may_be_larger_and_is_not_without_bounds()
    {
        (await house.Client.PostAsync("/api/v1/users/import?preview=true", new ByteArrayContent(new byte[5000]))).EnsureSuccessStatusCode();
        (await house.Client.PostAsync("/api/v1/invitations/batches?dryRun=true", new ByteArrayContent(new byte[5000]))).EnsureSuccessStatusCode();
        await (await house.Client.PostAsync("/api/v1/users/import", new ByteArrayContent(new byte[5001]))).Problem(413, "too-large");
        await (await house.Client.PostAsync("/api/v1/users/imports", new ByteArrayContent(new byte[5000]))).Problem(413, "too-large");
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task too_many_requests_of_one_address_wait_as_told()
    {
        await using var narrow = await House.Open(("Gateway:RateLimit:PerSecond", "1"), ("Gateway:RateLimit:Burst", "3"));
        for (var i = 0; i < 3; i++)
            (await narrow.Get("/api/v1/me")).EnsureSuccessStatusCode();

        var refused = await narrow.Get("/api/v1/me");

        await refused.Problem(429, "too-many-requests");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        refused.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        narrow.Identity.Asked.Count.ShouldBe(3);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    [Trait("Feature", "OPS-04")]
    public async Task behind_a_proxy_that_is_to_be_believed_an_address_is_what_the_proxy_says_last()
    {
        await using var behind = await House.Open(
            ("ForwardedHeaders_Enabled", "true"), ("Gateway:RateLimit:PerSecond", "1"), ("Gateway:RateLimit:Burst", "1"));

        var answer = await behind.Get("/api/v1/me", ("X-Forwarded-For", "6.6.6.6, 203.0.113.7"), ("X-Forwarded-Proto", "https"));

        answer.EnsureSuccessStatusCode();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
        behind.Identity.LastHeaders["X-Forwarded-For"].ShouldBe("203.0.113.7");
        behind.Identity.LastHeaders["X-Forwarded-Proto"].ShouldBe("https");
        // What the caller wrote before it makes nobody else of them.
        var others = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => behind.Get("/api/v1/me", ("X-Forwarded-For", $"7.7.7.{n}, 203.0.113.7"))));
        others.ShouldContain(one => (int)one.StatusCode == 429);
        (await behind.Get("/api/v1/me", ("X-Forwarded-For", "203.0.113.8"))).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/api/v1/users", true)]
    [InlineData("/api/v1/users/?q=%2e%2e//", true)]
    [InlineData("/registrations/aB3-_x", true)]
    [InlineData("/docs/swagger-ui.css", true)]
    [InlineData("http://host:80/api", true)]
    [InlineData("http://host", true)]
    [InlineData("*", false)]
    [InlineData("", false)]
    [InlineData("//", false)]
    [InlineData("/a//b", false)]
    [InlineData("/a/./b", false)]
    [InlineData("/a/..", false)]
    [InlineData("/..a", true)]
    [InlineData("/a%20b", false)]
    [InlineData("/a\\b", false)]
    [InlineData("/a;b", false)]
    [InlineData("/http://x", false)]
    public void a_plain_path_means_the_same_to_everybody(string target, bool plain) => Entrance.IsPlain(target).ShouldBe(plain);
}

public sealed class SmallHouse() : House([("Gateway:MaxBodyBytes", "1000"), ("Gateway:MaxImportBytes", "5000")]);
