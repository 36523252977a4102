using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Notifications;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "GDP-01")]
public class asking_to_be_removed_oneself(IdentityService identity)
{
    [Fact]
    public async Task is_listed_and_told_and_can_be_taken_back()
    {
        var person = await identity.Person();
        var (client, _) = await identity.SignedIn(person.Email);
        (await client.PostAsJsonAsync("/api/v1/me/removal-request", new { reason = " " })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await client.GetAsync("/api/v1/me/removal-request")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var made = await client.PostAsJsonAsync("/api/v1/me/removal-request", new { reason = "I leave the country" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await client.PostAsJsonAsync("/api/v1/me/removal-request", new { reason = "I leave the country" })).EnsureSuccessStatusCode();

        await identity.Hears<NoticeDue>(m => m.Kind == "removalRequested");
        var listed = await List("status=pending");
        (listed["total"]!.GetValue<int>(), listed["items"]![0]!["reason"]!.GetValue<string>()).ShouldBe((1, "I leave the country"));
        var id = listed["items"]![0]!["id"]!.GetValue<Guid>();
        var one = (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/removal-requests/{id}"))!;
        one["email"]!.GetValue<string>().ShouldBe(person.Email);
        (await identity.Database.Ask<long>("select count(*) from readers where user_id = $1 and what = 'removal'", person.Id)).ShouldBe(1);
        (await identity.Database.Ask<long>("select count(*) from mt_events where data::text like '%I leave the country%'")).ShouldBe(0);

        (await client.DeleteAsync("/api/v1/me/removal-request")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await List("status=pending"))["total"]!.GetValue<int>().ShouldBe(0);
        (await List("status=withdrawn"))["items"]![0]!["reason"].ShouldBeNull();

        async Task<JsonNode> List(string filter) => (await (await identity.Admin()).GetFromJsonAsync<JsonNode>(
            $"/api/v1/removal-requests?{filter}&search={person.Email}&sort=email:desc"))!;
    }

    [Fact]
    [Trait("Feature", "GDP-02")]
    public async Task is_processed_when_the_person_is_anonymized()
    {
        var person = await identity.Person();
        var (client, _) = await identity.SignedIn(person.Email);
        (await client.PostAsJsonAsync("/api/v1/me/removal-request", new { reason = "I leave" })).EnsureSuccessStatusCode();
        var admin = await identity.Admin();

        (await admin.PostAsJsonAsync($"/api/v1/users/{person.Id}/anonymization", new { email = person.Email })).EnsureSuccessStatusCode();

        (await identity.Database.Ask<string>("select status from removal_requests where user_id = $1 and reason is null and ended_by is not null", person.Id))
            .ShouldBe("processed");
        var id = await identity.Database.Ask<Guid>("select id from removal_requests where user_id = $1", person.Id);
        (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/removal-requests/{id}"))!["email"].ShouldBeNull();
    }
}
