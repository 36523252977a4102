using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-08")]
public class signing_in(IdentityService identity)
{
    [Fact]
    public async Task from_one_address_at_once_makes_nobody_wait()
    {
        var store = identity.Services.GetRequiredService<PostgresEventStore>();
        var office = IPAddress.Parse("192.0.2.17");
        var now = identity.Clock.GetUtcNow();
        // One looked at the clock a moment before another, and came to the count a moment after it.
        (await new SignInAttempts(store, new FakeClock(now.AddMilliseconds(5))).Take(SignInAttempts.SignIn, "kim", office, CancellationToken.None)).ShouldBeNull();
        (await new SignInAttempts(store, new FakeClock(now)).Take(SignInAttempts.SignIn, "robin", office, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task gives_tokens_for_the_first_System_admin_in_any_case_of_the_address()
    {
        var (client, tokens) = await identity.SignedIn(IdentityService.AdminEmail.ToUpperInvariant());
        (tokens.TokenType, tokens.ExpiresIn, tokens.MustChangePassword).ShouldBe(("Bearer", 900, false));
        var me = (await client.GetFromJsonAsync<JsonNode>("/api/v1/me"))!;
        me["email"]!.GetValue<string>().ShouldBe(IdentityService.AdminEmail);
        me["systemRole"]!.GetValue<string>().ShouldBe("systemAdmin");
        me["organizations"]!.AsArray().ShouldBeEmpty();
        me["appRoles"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task answers_the_same_for_a_wrong_password_and_an_unknown_address()
    {
        var person = await identity.Person();
        using var wrong = await identity.SignIn(person.Email, "correct staple of a house");
        using var unknown = await identity.SignIn(Some.Email(), Some.Password);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Comparable(wrong)).ShouldBe(await Comparable(unknown));

        static async Task<string> Comparable(HttpResponseMessage answer)
        {
            var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            problem["code"]!.GetValue<string>().ShouldBe("invalid-credentials");
            problem.Remove("traceId");
            return problem.ToJsonString();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task waits_longer_after_each_failure_beyond_the_fifth_whether_the_account_exists_or_not(bool exists)
    {
        var email = exists ? (await identity.Person()).Email : Some.Email();
        for (var i = 0; i < 6; i++)
            (await identity.SignIn(email, "correct staple of a house")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            using var refused = await identity.SignIn(email.ToUpperInvariant(), Some.Password);
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(seconds));
            (await refused.Code()).ShouldBe("too-many-attempts");

            identity.Clock.Advance(TimeSpan.FromSeconds(seconds));
            (await identity.SignIn(email, "correct staple of a house")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        identity.Clock.Advance(TimeSpan.FromSeconds(8));
        (await identity.SignIn(email, Some.Password)).StatusCode.ShouldBe(exists ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        if (exists)
            (await identity.SignIn(email, "correct staple of a house")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task lets_a_burst_of_guesses_have_no_more_tries_than_one_after_the_other()
    {
        var email = Some.Email();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => identity.SignIn(email, "correct staple of a house")));
        answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(6);
        answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(14);
    }

    [Fact]
    public async Task waits_for_an_address_that_tries_many_accounts_and_not_for_its_neighbour()
    {
        using var client = From("203.0.113.7");
        await identity.SignIn(Some.Email(), Some.Password, client);
        // A hundred real failures would take a minute of hashing.
        await identity.Database.Ask<int>("update sign_in_attempts set failures = 100 where key = $1", SignInAttempts.KeyOf("address", "203.0.113.7"));

        (await identity.SignIn(Some.Email(), Some.Password, client)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.SignIn(Some.Email(), Some.Password, client)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        using var neighbour = From("203.0.113.8");
        (await identity.SignIn(Some.Email(), Some.Password, neighbour)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        HttpClient From(string address)
        {
            var from = identity.Client();
            from.DefaultRequestHeaders.Add("X-Forwarded-For", address);
            return from;
        }
    }

    [Fact]
    public async Task needs_both_fields()
    {
        using var answer = await identity.Client().PostAsJsonAsync("/api/v1/session", new { });
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]!.AsObject().Select(e => e.Key).ShouldBe(["email", "password"], ignoreOrder: true);
    }

    [Fact]
    public async Task is_needed_for_what_is_ones_own()
    {
        using var answer = await identity.Client().GetAsync("/api/v1/me");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Code()).ShouldBe("not-signed-in");
    }
}
