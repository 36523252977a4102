using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Subscriptions;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "LOG-01")]
public class logs_and_readers(IdentityService identity)
{
    [Fact]
    public async Task show_what_happened_to_a_person_by_whom_in_order_or_newest_first()
    {
        var admin = await identity.Admin();
        var person = await identity.Person(Role.Applicant);
        var organization = (await Get(admin, $"/api/v1/users/{person.Id}"))["organizations"]![0]!.GetValue<Guid>();
        await identity.Tell(new OrganizationChanged(organization, "North", ["customer"]));
        await Eventually.Is(async () => await identity.Database.Ask<string>("select name from organizations where id = $1", organization) == "North", "the name is known");

        var log = await Get(admin, $"/api/v1/users/{person.Id}/logs");
        log["total"]!.GetValue<int>().ShouldBe(4);
        var entries = log["items"]!.AsArray();
        entries.Select(e => e!["event"]!.GetValue<string>()).ShouldBe(["user.registered.v1", "user.password_set.v1", "user.organization_joined.v1", "user.system_role_changed.v1"]);
        entries[0]!["by"].ShouldBeNull();
        entries[2]!["changes"]![0]!["after"]!.GetValue<string>().ShouldBe("North");
        (entries[3]!["by"]!["name"]!.GetValue<string>(), entries[3]!["why"]!.GetValue<string>()).ShouldBe(("System Admin", "administrator"));
        var change = entries[3]!["changes"]!.AsArray().ShouldHaveSingleItem()!;
        (change["field"]!.GetValue<string>(), change["before"]!.GetValue<string>(), change["after"]!.GetValue<string>()).ShouldBe(("systemRole", "guest", "applicant"));
        log.ToJsonString().ShouldNotContain("198112189876");

        var last = await Get(admin, $"/api/v1/users/{person.Id}/logs?sort=at:desc&page=2&pageSize=3");
        last["items"]!.AsArray().ShouldHaveSingleItem()!["event"]!.GetValue<string>().ShouldBe("user.registered.v1");
        (await admin.GetAsync($"/api/v1/users/{person.Id}/logs?sort=event")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await admin.GetAsync($"/api/v1/users/{Some.Id()}/logs")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var (own, _) = await identity.SignedIn(person.Email);
        (await Get(own, "/api/v1/me/logs"))["total"]!.GetValue<int>().ShouldBe(4);
        (await own.GetAsync($"/api/v1/users/{person.Id}/logs")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Feature", "LOG-05")]
    public async Task tell_who_looked_at_whom_once_an_hour_and_not_of_oneself()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        var readerId = (await identity.Person()).Id;
        foreach (var client in new[] { Of(readerId), Of(readerId), Of(person.Id) })
            (await client.GetAsync($"/api/v1/users/{person.Id}")).EnsureSuccessStatusCode();
        (await Of(readerId).GetAsync($"/api/v1/users/{person.Id}/logs")).EnsureSuccessStatusCode();
        var nobody = Some.Id();
        (await Of(readerId).GetAsync($"/api/v1/users/{nobody}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await identity.Database.Ask<long>("select count(*) from readers where user_id = $1", nobody)).ShouldBe(0);
        (await admin.GetAsync($"/api/v1/users/{nobody}/readers")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var looked = (await Get(admin, $"/api/v1/users/{person.Id}/readers"))["items"]!.AsArray();
        looked.Select(r => r!["what"]!.GetValue<string>()).ShouldBe(["logs", "profile"]);
        looked.ShouldAllBe(r => r!["by"]!["id"]!.GetValue<Guid>() == readerId && r["by"]!["name"]!.GetValue<string>() == "Kim Eriksdotter");
        looked[0]!["at"]!.GetValue<DateTimeOffset>().Minute.ShouldBe(0);

        identity.Clock.Advance(TimeSpan.FromHours(1));
        (await Of(readerId).GetAsync($"/api/v1/users/{person.Id}")).EnsureSuccessStatusCode();
        (await Get(Of(person.Id), "/api/v1/me/readers"))["total"]!.GetValue<int>().ShouldBe(3);

        HttpClient Of(Guid id) => identity.Client(new(id, Some.Id(), CurrentUser.SystemAdmin));
    }

    private static async Task<JsonNode> Get(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonNode>(path))!;
}
