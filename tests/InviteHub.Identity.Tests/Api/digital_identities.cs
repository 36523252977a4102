using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "IDN-02")]
public class digital_identities(IdentityService identity)
{
    private static readonly object Details = new { firstName = "Kim", lastName = "Eriksdotter", personalNumber = "19811218-9876", swedishCitizen = true, submit = true };

    [Fact]
    [Trait("Feature", "IDN-01")]
    public async Task open_the_apps_of_an_organization_that_asks_for_them_when_its_member_validates()
    {
        var registration = Some.Registration().WithAccess() with { PasswordHash = "unused" };
        await identity.Tell(registration);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == registration.RegistrationId);
        var (person, organization) = (registration.UserId, registration.OrganizationId);
        var member = await identity.Person();
        await identity.Tell(new OrganizationAccessChanged(organization, member.Id, ["user_registration"]));
        await identity.Tell(new OrganizationSettingsChanged(
            organization, 365, "email", [], null, RequiresApproval: false, "authorized", RequiresValidatedIdentity: true, OneTimePasswords: false, [], null, null, null, null));
        var own = identity.Client(new(person, Some.Id(), "guest"));
        await Eventually.Is(async () => !await IsOpen(own), "the app is closed");
        var reviewer = identity.Client(new(member.Id, Some.Id(), "guest"));
        await Eventually.Is(async () => (await reviewer.GetAsync($"/api/v1/users/{person}/identity")).IsSuccessStatusCode, "the member is known");

        (await People(reviewer, $"?search={registration.Email}")).ShouldBe([(person, "missing")]);
        (await People(reviewer, "?status=draft")).ShouldBeEmpty();
        (await People(identity.Client(new(Some.Id(), Some.Id(), "guest")), "")).ShouldBeEmpty();
        (await reviewer.GetFromJsonAsync<JsonNode>($"/api/v1/users/{person}/identity"))!["person"]!["email"]!.GetValue<string>().ShouldBe(registration.Email);
        (await Put(own, "/api/v1/me/identity", new { firstName = "Kim" }))["status"]!.GetValue<string>().ShouldBe("draft");
        (await Waiting(reviewer)).ShouldBeEmpty();
        (await Put(own, "/api/v1/me/identity", Details))["status"]!.GetValue<string>().ShouldBe("submitted");
        (await Waiting(reviewer)).ShouldBe([person]);
        using var self = await own.PostAsync($"/api/v1/users/{person}/identity/validate", null);
        self.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await reviewer.PostAsJsonAsync($"/api/v1/users/{person}/identity/return", new { reason = "Another name." })).EnsureSuccessStatusCode();
        var returned = (await own.GetFromJsonAsync<JsonNode>("/api/v1/me/identity"))!;
        (returned["status"]!.GetValue<string>(), returned["reason"]!.GetValue<string>()).ShouldBe(("returned", "Another name."));
        await identity.Hears<NoticeDue>(m => m.RecipientId == person && m.Kind == "identityReviewed" && m.Facts["what"] == "returned");

        await Put(own, "/api/v1/me/identity", Details);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => reviewer.PostAsync($"/api/v1/users/{person}/identity/validate", null)));
        both.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and type = 'identity.validated.v1'", $"identity-{person}")).ShouldBe(1);
        (await IsOpen(own)).ShouldBeTrue();
        (await Waiting(reviewer)).ShouldBeEmpty();
        await identity.Hears<NoticeDue>(m => m.RecipientId == person && m.Kind == "identityReviewed" && m.Facts["what"] == "validated");
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and data::text ~ 'Kim|198112189876|Another name'", $"identity-{person}")).ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "IDN-03")]
    public async Task are_complete_in_one_step_by_whoever_may_validate()
    {
        var person = await identity.Person();
        (await Put(await identity.Admin(), $"/api/v1/users/{person.Id}/identity", Details))["status"]!.GetValue<string>().ShouldBe("validated");
        using var incomplete = await (await identity.Admin()).PutAsJsonAsync($"/api/v1/users/{person.Id}/identity", new { submit = true });
        (incomplete.StatusCode, await incomplete.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "validation-failed"));
    }

    private static async Task<bool> IsOpen(HttpClient own) =>
        (await own.GetFromJsonAsync<JsonNode>("/api/v1/me"))!["appRoles"]!.AsArray().ShouldHaveSingleItem()!["isOpen"]!.GetValue<bool>();

    private static async Task<IEnumerable<Guid>> Waiting(HttpClient reviewer) =>
        (await reviewer.GetFromJsonAsync<JsonNode>("/api/v1/users/identities"))!["items"]!.AsArray().Select(item => item!["userId"]!.GetValue<Guid>());

    private static async Task<IEnumerable<(Guid, string)>> People(HttpClient reviewer, string query) =>
        (await reviewer.GetFromJsonAsync<JsonNode>("/api/v1/users/identities/people" + query))!["items"]!.AsArray()
            .Select(item => (item!["userId"]!.GetValue<Guid>(), item["status"]!.GetValue<string>()));

    private static async Task<JsonNode> Put(HttpClient client, string path, object body)
    {
        using var answer = await client.PutAsJsonAsync(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
