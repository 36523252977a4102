using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-05")]
public class changing_a_person_s_details(IdentityService identity)
{
    [Fact]
    public async Task changes_what_is_named_and_tells_the_others()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        var email = Some.Email();
        using var answer = await Patch(admin, person.Id, new { lastName = "Nordström", email, phone = (string?)null });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var user = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        (user["firstName"]!.GetValue<string>(), user["lastName"]!.GetValue<string>(), user["phone"]).ShouldBe(("Kim", "Nordström", null));
        user["personalNumber"]!.GetValue<string>().ShouldBe("198112189876");
        (await identity.Hears<PersonChanged>(m => m.UserId == person.Id && m.LastName == "Nordström")).Email.ShouldBe(email);
        (await identity.SignIn(email, Some.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await identity.SignIn(person.Email, Some.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var again = await Patch(admin, person.Id, new { lastName = "Nordström" });
        again.Headers.ETag.ShouldBe(answer.Headers.ETag);
    }

    [Fact]
    [Trait("Feature", "LOG-01")]
    public async Task leaves_who_did_it_and_what_it_was_before()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        (await Patch(admin, person.Id, new { firstName = "Robin" })).EnsureSuccessStatusCode();
        var log = ChangeLog.Replay<User, UserEvent>(
            await identity.Store.OpenSession().FetchStream(User.Stream(person.Id)),
            user => new Dictionary<string, string?> { ["firstName"] = user.Exists ? user.FirstName : null, ["lastName"] = user.LastName }).Last();
        log.Changes.ShouldHaveSingleItem().ShouldBe(new("firstName", "Kim", "Robin"));
        log.By!.Id.ShouldBe(await identity.Database.Ask<Guid>("select id from users where email = $1", IdentityService.AdminEmail));
    }

    [Fact]
    [Trait("Feature", "API-01")]
    public async Task loses_against_a_change_that_came_between()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        var tag = (await admin.GetAsync($"/api/v1/users/{person.Id}")).Headers.ETag!;
        admin.DefaultRequestHeaders.IfMatch.Add(tag);
        (await Patch(admin, person.Id, new { firstName = "Robin" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var late = await Patch(admin, person.Id, new { firstName = "Alex" });
        (late.StatusCode, await late.Code()).ShouldBe((HttpStatusCode.PreconditionFailed, "version-conflict"));
    }

    [Fact]
    public async Task lets_one_of_two_have_an_address_that_both_change_to_at_once()
    {
        var admin = await identity.Admin();
        var (one, other, email) = (await identity.Person(), await identity.Person(), Some.Email());
        var answers = await Task.WhenAll(Patch(admin, one.Id, new { email }), Patch(admin, other.Id, new { email }));
        answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
    }

    [Theory]
    [InlineData("{\"personalNumber\": null}", "personalNumber")]
    [InlineData("{\"euCitizen\": false}", "euCitizen")]
    [InlineData("{\"language\": null}", "language")]
    [InlineData("{\"systemRole\": \"systemAdmin\"}", "systemRole")]
    [InlineData("{\"id\": \"7\"}", "id")]
    public async Task is_refused_by_the_rules_of_adding_one(string patch, string field)
    {
        var person = await identity.Person();
        using var answer = await (await identity.Admin()).PatchAsJsonAsync($"/api/v1/users/{person.Id}", JsonNode.Parse(patch));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]![field]!.AsArray().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task is_malformed_with_a_value_of_another_kind()
    {
        var person = await identity.Person();
        (await Patch(await identity.Admin(), person.Id, new { firstName = 5 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Feature", "USR-02")]
    public async Task is_not_for_one_s_own_account()
    {
        var person = await identity.Person(Role.SystemAdmin);
        var (own, _) = await identity.SignedIn(person.Email);
        using var answer = await Patch(own, person.Id, new { firstName = "Robin" });
        (answer.StatusCode, await answer.Code()).ShouldBe((HttpStatusCode.Conflict, "own-account"));
        (await (await identity.Admin()).PutAsJsonAsync($"/api/v1/users/{person.Id}/system-role", new { role = "guest" })).EnsureSuccessStatusCode();
    }

    [Fact]
    [Trait("Feature", "USR-09")]
    public async Task is_open_to_everybody_for_their_own_profile_but_for_the_address()
    {
        var person = await identity.Person();
        var (own, _) = await identity.SignedIn(person.Email);
        using var answer = await own.PatchAsJsonAsync("/api/v1/me/profile", new { firstName = "Robin", language = "en" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var me = (await own.GetFromJsonAsync<JsonNode>("/api/v1/me/profile"))!;
        (me["firstName"]!.GetValue<string>(), me["language"]!.GetValue<string>()).ShouldBe(("Robin", "en"));
        using var address = await own.PatchAsJsonAsync("/api/v1/me/profile", new { email = Some.Email() });
        address.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Patch(own, person.Id, new { firstName = "Alex" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static Task<HttpResponseMessage> Patch(HttpClient client, Guid id, object patch) => client.PatchAsJsonAsync($"/api/v1/users/{id}", patch);
}
