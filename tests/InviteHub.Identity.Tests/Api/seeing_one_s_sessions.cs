using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-08")]
public class seeing_one_s_sessions(IdentityService identity)
{
    [Fact]
    public async Task shows_where_one_is_signed_in_the_last_used_first()
    {
        var person = await identity.Person();
        using var phone = identity.Client();
        phone.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36");
        (await identity.SignIn(person.Email, Some.Password, phone)).EnsureSuccessStatusCode();
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        var (client, _) = await identity.SignedIn(person.Email);
        await identity.SignedIn((await identity.Person()).Email);

        var page = (await client.GetFromJsonAsync<JsonNode>("/api/v1/me/sessions"))!;
        page["total"]!.GetValue<int>().ShouldBe(2);
        var items = page["items"]!.AsArray();
        items.Select(s => s!["device"]!.GetValue<string>()).ShouldBe(["Unknown device", "Chrome, Android"]);
        items.Select(s => s!["current"]!.GetValue<bool>()).ShouldBe([true, false]);
        items[0]!["startedAt"]!.GetValue<DateTimeOffset>().ShouldBe(items[1]!["startedAt"]!.GetValue<DateTimeOffset>().AddMinutes(1), TimeSpan.FromSeconds(5));
        var second = (await client.GetFromJsonAsync<JsonNode>("/api/v1/me/sessions?pageSize=1&page=2&sort=startedAt:desc"))!["items"]!.AsArray();
        second.ShouldHaveSingleItem()!["device"]!.GetValue<string>().ShouldBe("Chrome, Android");
    }

    [Fact]
    public async Task ends_one_of_them_everywhere_within_a_second()
    {
        var person = await identity.Person();
        var other = identity.AnotherInstance();
        var (client, _) = await identity.SignedIn(person.Email);
        var (lost, tokens) = await identity.SignedIn(person.Email);
        var (elsewhere, _) = identity.With(tokens, other.Client());
        var id = await IdOfCurrent(lost);

        (await client.DeleteAsync($"/api/v1/me/sessions/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.DeleteAsync($"/api/v1/me/sessions/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await lost.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Is(
            async () => (await elsewhere.GetAsync("/api/v1/me")).StatusCode == HttpStatusCode.Unauthorized, "the other instance has heard of it",
            TimeSpan.FromSeconds(1));
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ends_all_of_them_this_one_included()
    {
        var person = await identity.Person();
        var other = identity.AnotherInstance();
        var (client, _) = await identity.SignedIn(person.Email);
        var (second, tokens) = await identity.SignedIn(person.Email);
        var (elsewhere, _) = identity.With(tokens, other.Client());

        (await client.DeleteAsync("/api/v1/me/sessions")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var ended in new[] { client, second })
            (await ended.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Is(
            async () => (await elsewhere.GetAsync("/api/v1/me")).StatusCode == HttpStatusCode.Unauthorized, "the other instance has heard of it",
            TimeSpan.FromSeconds(1));
    }

    [Fact]
    [Trait("Feature", "SEC-02")]
    public async Task never_reaches_those_of_others()
    {
        var (client, _) = await identity.SignedIn((await identity.Person()).Email);
        var (other, _) = await identity.SignedIn((await identity.Person()).Email);
        using var answer = await client.DeleteAsync($"/api/v1/me/sessions/{await IdOfCurrent(other)}");
        (answer.StatusCode, await answer.Code()).ShouldBe((HttpStatusCode.NotFound, "session-not-found"));
        (await other.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<Guid> IdOfCurrent(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonNode>("/api/v1/me/sessions"))!["items"]!.AsArray().Single(s => s!["current"]!.GetValue<bool>())!["id"]!.GetValue<Guid>();
}
