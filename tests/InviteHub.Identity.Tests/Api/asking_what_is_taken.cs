using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "INV-18")]
public class asking_what_is_taken(IdentityService identity)
{
    [Fact]
    public async Task tells_of_an_address_and_a_username_and_proposes_free_ones()
    {
        var name = $"Asa.Oberg{$"{Some.Id():N}"[^8..]}";
        var person = await identity.Person();
        var admin = await identity.Admin();
        (await admin.PatchAsJsonAsync($"/api/v1/users/{person.Id}", new { username = name })).EnsureSuccessStatusCode();

        var client = identity.Client(new(Some.Id(), Some.Id(), "guest"));
        var taken = await Ask(client, $"email={person.Email.ToUpperInvariant()}&username={name.ToUpperInvariant()}");
        taken["email"]!["available"]!.GetValue<bool>().ShouldBeFalse();
        taken["username"]!["available"]!.GetValue<bool>().ShouldBeFalse();
        taken["proposals"]!.AsArray().Select(p => p!.GetValue<string>())
            .ShouldBe([.. Enumerable.Range(2, 3).Select(n => $"{name.ToLowerInvariant()}{n}")], ignoreOrder: true);

        var free = await Ask(client, $"email={name}%2Bx@north.example");
        free["email"]!["available"]!.GetValue<bool>().ShouldBeTrue();
        free["username"].ShouldBeNull();
        (await Ask(client, "username=Åsa Öberg"))["proposals"]![0]!.GetValue<string>().ShouldBe("asaoberg");
        (await Ask(client, "email=nobody"))["email"]!["reason"]!.GetValue<string>().ShouldBe("An e-mail address has exactly one @.");
        (await client.GetAsync("/api/v1/users/availability")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await identity.Client().GetAsync("/api/v1/users/availability?username=kim")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task is_not_faster_than_people_type()
    {
        var client = identity.Client(new(Some.Id(), Some.Id(), "guest"));
        var other = identity.Client(new(Some.Id(), Some.Id(), "guest"));
        HttpResponseMessage answer;
        var asked = 0;
        do
            answer = await client.GetAsync($"/api/v1/users/availability?username=kim{++asked}");
        while (answer.IsSuccessStatusCode && asked < 100);
        (answer.StatusCode, asked < 100).ShouldBe((HttpStatusCode.TooManyRequests, true));
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        (await other.GetAsync("/api/v1/users/availability?username=kim")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<JsonNode> Ask(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonNode>($"/api/v1/users/availability?{query}"))!;
}
