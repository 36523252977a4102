using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "ROL-03")]
public class managing_users(IdentityService identity)
{
    [Fact]
    public async Task sets_a_role_and_tells_the_others()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        using var answer = await SetRole(admin, person.Id, "economyAdmin");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["systemRole"]!.GetValue<string>().ShouldBe("economyAdmin");
        var told = await identity.Hears<PersonChanged>(m => m.UserId == person.Id && m.SystemRole == "economyAdmin");
        told.Email.ShouldBe(person.Email);
        var count = await Events(person.Id);
        (await SetRole(admin, person.Id, "economyAdmin")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Events(person.Id)).ShouldBe(count);
    }

    [Theory]
    [InlineData("serviceAdmin", HttpStatusCode.UnprocessableEntity)]
    [InlineData("mentor", HttpStatusCode.UnprocessableEntity)]
    [InlineData(null, HttpStatusCode.UnprocessableEntity)]
    [InlineData("king", HttpStatusCode.BadRequest)]
    public async Task sets_no_other_role(string? role, HttpStatusCode status) =>
        (await SetRole(await identity.Admin(), (await identity.Person()).Id, role)).StatusCode.ShouldBe(status);

    [Fact]
    public async Task finds_nobody_under_an_unknown_id()
    {
        var admin = await identity.Admin();
        (await SetRole(admin, Some.Id(), "guest")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync($"/api/v1/users/{Some.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task takes_what_a_role_allowed_away_at_once()
    {
        var person = await identity.Person(Role.SystemAdmin);
        var (client, _) = await identity.SignedIn(person.Email);
        (await client.GetAsync("/api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SetRole(await identity.Admin(), person.Id, "guest")).EnsureSuccessStatusCode();
        (await client.GetAsync("/api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await identity.Hears<SessionEnded>(m => m.UserId == person.Id);
        var (again, _) = await identity.SignedIn(person.Email);
        (await again.GetAsync("/api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Feature", "ROL-07")]
    public async Task leaves_one_of_two_System_admins_who_demote_each_other_at_once()
    {
        var admin = await identity.Admin();
        var first = await identity.Database.Ask<Guid>("select id from users where email = $1", IdentityService.AdminEmail);
        (await identity.Database.Ask<long>("select count(*) from users where system_role = 'systemAdmin'")).ShouldBe(1);
        using var last = await SetRole(admin, first, "guest");
        (last.StatusCode, await last.Code()).ShouldBe((HttpStatusCode.Conflict, "last-system-admin"));

        // Within a process they would take turns.
        var elsewhere = identity.AnotherInstance();
        for (var round = 0; round < 5; round++)
        {
            var second = await identity.Person(Role.SystemAdmin);
            var other = elsewhere.Client();
            other.DefaultRequestHeaders.Authorization = identity.Client(new(second.Id, Some.Id(), "systemAdmin")).DefaultRequestHeaders.Authorization;
            var answers = await Task.WhenAll(SetRole(admin, second.Id, "guest"), SetRole(other, first, "guest"));
            answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
            (await identity.Database.Ask<long>("select count(*) from users where system_role = 'systemAdmin'")).ShouldBe(1);

            // The first one back to their place.
            if (answers[1].IsSuccessStatusCode)
            {
                (await SetRole(other, first, "systemAdmin")).EnsureSuccessStatusCode();
                (await SetRole(admin, second.Id, "guest")).EnsureSuccessStatusCode();
            }
        }
    }

    [Fact]
    [Trait("Feature", "USR-01")]
    public async Task finds_people_page_by_page()
    {
        var admin = await identity.Admin();
        var registrations = new[] { "Zoë", "Åke", "Bo_1", "Bo%2" }.Select(name => Some.Registration() with { FirstName = name, LastName = "Sökström" }).ToArray();
        foreach (var registration in registrations)
        {
            await identity.Tell(registration);
            await identity.Hears<AccountProvisioned>(m => m.RegistrationId == registration.RegistrationId);
        }

        (await Names("search=sökström&sort=firstName:desc")).Count.ShouldBe(4);
        (await Names("search=bo_1 sök")).ShouldBe(["Bo_1"]);
        (await Names("search=bo%252")).ShouldBe(["Bo%2"]);
        (await Names("search=sök%25öm")).ShouldBeEmpty();
        (await Names("search=%25")).ShouldBeEmpty();
        (await Names($"search={registrations[0].Email.ToUpperInvariant()}")).ShouldBe(["Zoë"]);
        (await Names($"organizationId={registrations[1].OrganizationId}")).ShouldBe(["Åke"]);
        (await Names("search=sökström&role=systemAdmin")).ShouldBeEmpty();
        (await Names("search=sökström&pageSize=3&page=2")).Count.ShouldBe(1);
        var page = (await admin.GetFromJsonAsync<JsonNode>("/api/v1/users?search=sökström&pageSize=3"))!;
        page["total"]!.GetValue<int>().ShouldBe(4);
        page["page"]!.GetValue<int>().ShouldBe(1);
        (await admin.GetAsync("/api/v1/users?sort=passwordHash")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var one = (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users/{registrations[0].UserId}"))!;
        one["organizations"]!.AsArray().ShouldHaveSingleItem()!.GetValue<Guid>().ShouldBe(registrations[0].OrganizationId);

        async Task<List<string>> Names(string query) =>
            [.. (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users?{query}"))!["items"]!.AsArray().Select(u => u!["firstName"]!.GetValue<string>())];
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task is_for_System_admins_alone()
    {
        var guest = identity.Client(new((await identity.Person()).Id, Some.Id(), "guest"));
        foreach (var client in new[] { guest, identity.Client(new(Some.Id(), Some.Id(), "economyAdmin")) })
        {
            (await client.GetAsync("/api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await client.GetAsync($"/api/v1/users/{Some.Id()}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await SetRole(client, Some.Id(), "guest")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    private static Task<HttpResponseMessage> SetRole(HttpClient client, Guid id, string? role) =>
        client.PutAsJsonAsync($"/api/v1/users/{id}/system-role", new { role });

    private async Task<long> Events(Guid id) => await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"user-{id}");
}
