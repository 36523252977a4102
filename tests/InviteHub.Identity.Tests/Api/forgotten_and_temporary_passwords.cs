using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-08")]
public class forgotten_and_temporary_passwords(IdentityService identity)
{
    private const string Next = "another horse on a staple";

    [Fact]
    public async Task are_set_anew_by_the_mailed_link_which_ends_all_sessions_here_and_elsewhere()
    {
        var person = await identity.Person();
        var other = identity.AnotherInstance();
        var (_, tokens) = await identity.SignedIn(person.Email);
        var (elsewhere, _) = identity.With(tokens, other.Client());
        var token = await Forget(person.Email.ToUpperInvariant(), person.Id);

        using var works = await identity.Client().GetAsync($"/api/v1/password-resets/{token}");
        (await works.Content.ReadFromJsonAsync<JsonNode>())!["expiresAt"]!.GetValue<DateTimeOffset>().ShouldBe(identity.Clock.GetUtcNow().AddHours(1), TimeSpan.FromSeconds(1));
        using var weak = await Set(token, "Kim.Eriksdotter");
        (weak.StatusCode, await weak.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "validation-failed"));

        (await Set(token, Next)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.Is(
            async () => (await elsewhere.GetAsync("/api/v1/me")).StatusCode == HttpStatusCode.Unauthorized, "the other instance has heard of it",
            TimeSpan.FromSeconds(1));
        (await identity.SignIn(person.Email, Some.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await identity.SignedIn(person.Email, Next);
        var warned = await identity.Hears<NoticeDue>(n => n.RecipientId == person.Id && n.Kind == NoticeKind.PasswordChanged);
        warned.Facts.ShouldBeEmpty();

        using var used = await Set(token, Next);
        (used.StatusCode, await used.Code()).ShouldBe((HttpStatusCode.Gone, "link-used"));
        using var looked = await identity.Client().GetAsync($"/api/v1/password-resets/{token}");
        (await looked.Code()).ShouldBe("link-used");
    }

    [Fact]
    public async Task are_set_by_one_of_two_who_come_with_the_link_at_once()
    {
        var person = await identity.Person();
        var token = await Forget(person.Email, person.Id);
        var answers = await Task.WhenAll(Set(token, Next), Set(token, $"{Next} too"));
        answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.Gone], ignoreOrder: true);
    }

    [Fact]
    public async Task are_not_set_by_a_link_that_is_old_replaced_or_unknown()
    {
        var person = await identity.Person();
        var first = await Forget(person.Email, person.Id);
        var second = await Forget(person.Email, person.Id, first);
        using var replaced = await Set(first, Next);
        (replaced.StatusCode, await replaced.Code()).ShouldBe((HttpStatusCode.Gone, "link-replaced"));
        identity.Clock.Advance(TimeSpan.FromHours(1));
        using var expired = await Set(second, Next);
        (expired.StatusCode, await expired.Code()).ShouldBe((HttpStatusCode.Gone, "link-expired"));
        using var unknown = await Set("no-token", Next);
        (unknown.StatusCode, await unknown.Code()).ShouldBe((HttpStatusCode.NotFound, "link-unknown"));
    }

    [Fact]
    [Trait("Feature", "NOT-04")]
    public async Task leave_no_token_and_no_password_anywhere()
    {
        var person = await identity.Person();
        var token = await Forget(person.Email, person.Id);
        var temporary = await Reset(person.Id);
        (await identity.Database.RowsWith(token)).ShouldBeEmpty();
        (await identity.Database.RowsWith(temporary)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task can_be_forgotten_five_times_and_then_less_and_less_often_whether_the_account_exists_or_not(bool exists)
    {
        var email = exists ? (await identity.Person()).Email : Some.Email();
        for (var i = 0; i < 6; i++)
            (await Ask(email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var refused = await Ask(email);
        (refused.StatusCode, await refused.Code()).ShouldBe((HttpStatusCode.TooManyRequests, "too-many-attempts"));
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        if (exists)
            await identity.SignedIn(email);
    }

    [Fact]
    public async Task are_asked_for_with_an_address()
    {
        using var answer = await Ask("nobody");
        (answer.StatusCode, await answer.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "validation-failed"));
    }

    [Fact]
    [Trait("Feature", "USR-06")]
    public async Task given_by_an_administrator_open_nothing_but_their_change()
    {
        var person = await identity.Person(Role.SystemAdmin);
        var (before, _) = await identity.SignedIn(person.Email);
        var temporary = await Reset(person.Id);
        temporary.Length.ShouldBe(12);
        (await before.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await identity.Hears<NoticeDue>(n => n.RecipientId == person.Id && n.Kind == NoticeKind.PasswordChanged);

        var (client, tokens) = await identity.SignedIn(person.Email, temporary);
        tokens.MustChangePassword.ShouldBeTrue();
        foreach (var path in new[] { "/api/v1/me", "/api/v1/users", "/api/v1/me/sessions" })
        {
            using var closed = await client.GetAsync(path);
            (closed.StatusCode, await closed.Code()).ShouldBe((HttpStatusCode.Forbidden, "password-change-required"));
        }

        (await client.PutAsJsonAsync("/api/v1/me/password", new { current = temporary, @new = Next })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var refreshed = await identity.Client().PostAsJsonAsync("/api/v1/session/refresh", new { refreshToken = tokens.RefreshToken });
        var (opened, now) = identity.With((await refreshed.Content.ReadFromJsonAsync<SessionTokens>())!);
        now.MustChangePassword.ShouldBeFalse();
        (await opened.GetAsync("/api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Feature", "USR-06")]
    public async Task let_their_owner_sign_out()
    {
        var person = await identity.Person();
        var (client, _) = await identity.SignedIn(person.Email, await Reset(person.Id));
        (await client.DeleteAsync("/api/v1/session")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    [Trait("Feature", "USR-02")]
    public async Task are_not_given_for_one_s_own_account_or_by_anybody_else()
    {
        var admin = await identity.Database.Ask<Guid>("select id from users where email = $1", IdentityService.AdminEmail);
        using var own = await (await identity.Admin()).PostAsync($"/api/v1/users/{admin}/password-reset", null);
        (own.StatusCode, await own.Code()).ShouldBe((HttpStatusCode.Conflict, "own-account"));
        var (guest, _) = await identity.SignedIn((await identity.Person()).Email);
        (await guest.PostAsync($"/api/v1/users/{admin}/password-reset", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private Task<HttpResponseMessage> Ask(string email) => identity.Client().PostAsJsonAsync("/api/v1/password-resets", new { email });

    private Task<HttpResponseMessage> Set(string token, string password) =>
        identity.Client().PutAsJsonAsync($"/api/v1/password-resets/{token}", new { password });

    /// <summary>The token that the mail of the next notice carries.</summary>
    private async Task<string> Forget(string email, Guid id, string? before = null)
    {
        var links = identity.Services.GetRequiredService<LinkTokens>();
        (await Ask(email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var notice = await identity.Hears<NoticeDue>(
            n => n.RecipientId == id && n.Kind == NoticeKind.PasswordReset && links.ForNotice(n.NoticeId) != before);
        notice.ExpiresAt.ShouldBe(notice.At.AddHours(1));
        return links.ForNotice(notice.NoticeId);
    }

    private async Task<string> Reset(Guid id)
    {
        using var answer = await (await identity.Admin()).PostAsync($"/api/v1/users/{id}/password-reset", null);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["temporaryPassword"]!.GetValue<string>();
    }
}
