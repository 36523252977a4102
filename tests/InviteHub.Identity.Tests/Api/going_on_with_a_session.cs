using System.Net;
using System.Net.Http.Json;
using InviteHub.Contracts.Identity;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-08")]
public class going_on_with_a_session(IdentityService identity)
{
    [Fact]
    public async Task gives_new_tokens_each_time_and_ends_it_when_an_old_one_comes_again()
    {
        var person = await identity.Person();
        var (_, first) = await identity.SignedIn(person.Email);
        var second = await Refreshed(first);
        var third = await Refreshed(second);
        var (client, _) = identity.With(third);
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var reused = await Refresh(first);
        reused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await reused.Code()).ShouldBe("invalid-refresh-token");
        (await Refresh(third)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await identity.Hears<SessionEnded>(m => m.UserId == person.Id);
    }

    [Fact]
    public async Task lets_one_of_two_at_once_have_the_tokens_and_then_ends()
    {
        var (_, tokens) = await identity.SignedIn((await identity.Person()).Email);
        var answers = await Task.WhenAll(Refresh(tokens), Refresh(tokens));
        answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Unauthorized], ignoreOrder: true);
    }

    [Fact]
    public async Task is_over_everywhere_within_a_second_of_signing_out_and_after_a_restart()
    {
        var other = identity.AnotherInstance();
        var (client, tokens) = await identity.SignedIn((await identity.Person()).Email);
        var (elsewhere, _) = identity.With(tokens, other.Client());
        (await elsewhere.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await client.DeleteAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Refresh(tokens)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Is(
            async () => (await elsewhere.GetAsync("/api/v1/me")).StatusCode == HttpStatusCode.Unauthorized, "the other instance has heard of it",
            TimeSpan.FromSeconds(1));

        var (restarted, _) = identity.With(tokens, identity.AnotherInstance().Client());
        (await restarted.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task needs_a_new_access_token_after_a_quarter_of_an_hour()
    {
        var (client, tokens) = await identity.SignedIn((await identity.Person()).Email);
        identity.Clock.Advance(TimeSpan.FromMinutes(15));
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var (refreshed, _) = identity.With(await Refreshed(tokens));
        (await refreshed.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no token")]
    public async Task is_refused_without_a_token(string? token) =>
        (await identity.Client().PostAsJsonAsync("/api/v1/session/refresh", new { refreshToken = token })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task keeps_other_sessions_out_after_a_change_of_password()
    {
        const string next = "another horse on a staple";
        var person = await identity.Person();
        var (client, _) = await identity.SignedIn(person.Email);
        var (other, _) = await identity.SignedIn(person.Email);

        using var wrong = await client.PutAsJsonAsync("/api/v1/me/password", new { current = "correct staple of a house", @new = next });
        (wrong.StatusCode, await wrong.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "current-password-wrong"));
        using var weak = await client.PutAsJsonAsync("/api/v1/me/password", new { current = Some.Password, @new = "Kim.Eriksdotter" });
        (weak.StatusCode, await weak.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "validation-failed"));
        using var same = await client.PutAsJsonAsync("/api/v1/me/password", new { current = Some.Password, @new = Some.Password });
        same.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        using var changed = await client.PutAsJsonAsync("/api/v1/me/password", new { current = Some.Password, @new = next });
        changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await other.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.SignIn(person.Email, Some.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await identity.SignedIn(person.Email, next);
    }

    [Fact]
    public async Task gives_the_gateway_access_tokens_for_one_refresh_token_until_the_session_ends()
    {
        var (client, tokens) = await identity.SignedIn((await identity.Person()).Email);
        identity.Clock.Advance(TimeSpan.FromMinutes(15));
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Prolong()));
        foreach (var answer in answers)
        {
            var prolonged = (await answer.Content.ReadFromJsonAsync<SessionTokens>())!;
            prolonged.RefreshToken.ShouldBe(tokens.RefreshToken);
            (client, _) = identity.With(prolonged);
            (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await client.DeleteAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Prolong()).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        Task<HttpResponseMessage> Prolong() => identity.Client().PostAsJsonAsync("/internal/session-tokens", new { refreshToken = tokens.RefreshToken });
    }

    private Task<HttpResponseMessage> Refresh(SessionTokens tokens) =>
        identity.Client().PostAsJsonAsync("/api/v1/session/refresh", new { refreshToken = tokens.RefreshToken });

    private async Task<SessionTokens> Refreshed(SessionTokens tokens)
    {
        using var answer = await Refresh(tokens);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<SessionTokens>())!;
    }
}
