using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace InviteHub.Gateway.Tests;

[Trait("Feature", "USR-08")]
public sealed class a_session_in_a_cookie(House house) : IClassFixture<House>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await house.Tidy();
        house.Identity.Answer = Answer(expiresIn: 900);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task is_kept_from_scripts_and_from_other_sites_and_not_in_the_answer()
    {
        var answer = await SignIn();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var (cookie, options) = CookieOf(answer);
        cookie.ShouldStartWith("invitehub=");
        options.ShouldBe(["path=/", "samesite=strict", "httponly"], ignoreOrder: true);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        body.EnumerateObject().Select(p => p.Name).ShouldBe(["expiresIn", "mustChangePassword"]);
    }

    [Fact]
    public async Task is_a_bearer_token_to_the_services_which_see_no_cookie_of_it()
    {
        var (cookie, _) = CookieOf(await SignIn());

        (await house.Get("/api/v1/organizations", ("Cookie", $"theme=dark; {cookie}"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var seen = house.Services["subscriptions"].LastHeaders;
        seen["Authorization"].ShouldBe("Bearer access-1");
        seen["Cookie"].ShouldBe("theme=dark");
    }

    [Fact]
    public async Task gives_way_to_a_token_that_the_caller_brings()
    {
        var (cookie, _) = CookieOf(await SignIn());
        await house.Get("/api/v1/organizations", ("Cookie", cookie), ("Authorization", "Bearer own"));
        house.Services["subscriptions"].LastHeaders["Authorization"].ShouldBe("Bearer own");
        house.Services["subscriptions"].LastHeaders.ContainsKey("Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task is_renewed_before_its_token_runs_out()
    {
        house.Identity.Answer = Answer(expiresIn: 29);
        var (cookie, _) = CookieOf(await SignIn());
        house.Identity.Answer = Answer(expiresIn: 900, number: 2);

        var answer = await house.Get("/api/v1/organizations", ("Cookie", cookie));

        house.Identity.Asked.ShouldContain("POST /internal/session-tokens");
        house.Services["subscriptions"].LastHeaders["Authorization"].ShouldBe("Bearer access-2");
        CookieOf(answer).Cookie.ShouldContain("access-2.refresh-2");
    }

    [Fact]
    public async Task is_forgotten_when_it_is_over()
    {
        house.Identity.Answer = Answer(expiresIn: 0);
        var (cookie, _) = CookieOf(await SignIn());
        house.Identity.Answer = context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };

        var answer = await house.Get("/api/v1/organizations", ("Cookie", cookie));

        CookieOf(answer).Options.ShouldContain("expires=Thu, 01 Jan 1970 00:00:00 GMT");
        house.Services["subscriptions"].LastHeaders.ContainsKey("Authorization").ShouldBeFalse();
    }

    [Fact]
    public async Task is_kept_while_it_can_t_be_renewed()
    {
        house.Identity.Answer = Answer(expiresIn: 0);
        var (cookie, _) = CookieOf(await SignIn());
        await house.Identity.Die();

        var answer = await house.Get("/api/v1/organizations", ("Cookie", cookie));

        await answer.Problem(503, "unavailable");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        await house.Identity.Start();
    }

    [Theory]
    [InlineData("/api/v1/session")]
    [InlineData("/api/v1/me/sessions")]
    public async Task goes_when_one_signs_out(string path)
    {
        var (cookie, _) = CookieOf(await SignIn());
        CookieOf(await Send(HttpMethod.Delete, path, cookie)).Options.ShouldContain("expires=Thu, 01 Jan 1970 00:00:00 GMT");
    }

    [Fact]
    [Trait("Feature", "USR-06")]
    public async Task gets_a_new_token_after_a_change_of_password()
    {
        var (cookie, _) = CookieOf(await SignIn());
        var (changed, _) = CookieOf(await Send(HttpMethod.Put, "/api/v1/me/password", cookie));
        house.Identity.Answer = Answer(expiresIn: 900, number: 2);
        await house.Get("/api/v1/organizations", ("Cookie", changed));
        house.Services["subscriptions"].LastHeaders["Authorization"].ShouldBe("Bearer access-2");
    }

    [Theory]
    [Trait("Feature", "SEC-04")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task does_nothing_for_another_site(string header, string value)
    {
        var (cookie, _) = CookieOf(await SignIn());
        house.Identity.Asked.Clear();

        await (await Send(HttpMethod.Post, "/api/v1/users", cookie, (header, value))).Problem(403, "cross-site-request");
        await (await Send(HttpMethod.Post, "/api/v1/session?cookie=true", null, (header, value))).Problem(403, "cross-site-request");

        house.Identity.Asked.ShouldBeEmpty();
        // With a token of its own it is no browser's doing.
        (await Send(HttpMethod.Post, "/api/v1/users", null, (header, value), ("Authorization", "Bearer own"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task does_what_its_own_pages_ask()
    {
        var (cookie, _) = CookieOf(await SignIn());
        foreach (var header in new[] { ("Sec-Fetch-Site", "same-origin"), ("Origin", house.Address.GetLeftPart(UriPartial.Authority)) })
            (await Send(HttpMethod.Post, "/api/v1/users", cookie, header)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task is_not_made_without_asking_or_when_signing_in_fails()
    {
        var plain = await house.Client.PostAsync("/api/v1/session", JsonContent.Create(new { }));
        plain.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await plain.Content.ReadAsStringAsync()).ShouldContain("access-1");

        house.Identity.Answer = context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("""{"code":"invalid-credentials"}""");
        };
        var refused = await SignIn();
        refused.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await refused.Content.ReadAsStringAsync()).ShouldBe("""{"code":"invalid-credentials"}""");
    }

    [Theory]
    [InlineData("invitehub=x")]
    [InlineData("invitehub=99999999999999999999.a.b")]
    [InlineData("invitehub=999999999999999.a.b")]
    public async Task is_nothing_when_it_was_made_up(string cookie)
    {
        (await house.Get("/api/v1/organizations", ("Cookie", cookie))).StatusCode.ShouldBe(HttpStatusCode.OK);
        house.Services["subscriptions"].LastHeaders.ContainsKey("Authorization").ShouldBeFalse();
    }

    [Fact]
    public async Task is_for_https_alone_where_people_come_by_https()
    {
        await using var secure = await House.Open(("PublicUrl", "https://hub.example"));
        secure.Identity.Answer = Answer(expiresIn: 900);
        var (cookie, options) = CookieOf(await secure.Client.PostAsync("/api/v1/session?cookie=true", JsonContent.Create(new { })));
        cookie.ShouldStartWith("__Host-invitehub=");
        options.ShouldContain("secure");
    }

    private static Func<HttpContext, Task> Answer(int expiresIn, int number = 1) => context => context.Response.WriteAsJsonAsync(
        new { accessToken = $"access-{number}", refreshToken = $"refresh-{number}", expiresIn, tokenType = "Bearer", mustChangePassword = false });

    private static (string Cookie, string[] Options) CookieOf(HttpResponseMessage answer)
    {
        var parts = answer.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().Split("; ");
        return (parts[0], parts[1..]);
    }

    private Task<HttpResponseMessage> SignIn() => house.Client.PostAsync("/api/v1/session?cookie=true", JsonContent.Create(new { }));

    private Task<HttpResponseMessage> Send(HttpMethod method, string path, string? cookie, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(new { }) };
        foreach (var (name, value) in cookie is null ? headers : [.. headers, ("Cookie", cookie)])
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return house.Client.SendAsync(request);
    }
}
