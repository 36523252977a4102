using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-03")]
public class adding_a_user(IdentityService identity)
{
    [Fact]
    public async Task makes_an_account_whose_password_must_be_changed_and_tells_its_person()
    {
        var body = Body();
        using var answer = await Post(await identity.Admin(), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var user = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        var id = user["id"]!.GetValue<Guid>();
        answer.Headers.Location!.ToString().ShouldBe($"/api/v1/users/{id}");
        user["systemRole"]!.GetValue<string>().ShouldBe("applicant");
        user["emailVerified"]!.GetValue<bool>().ShouldBeTrue();
        user["personalNumber"]!.GetValue<string>().ShouldBe("198112189876");
        user["euCitizen"]!.GetValue<bool>().ShouldBeTrue();

        var notice = await identity.Hears<NoticeDue>(m => m.RecipientId == id);
        (notice.Kind, notice.Facts.Count).ShouldBe((NoticeKind.AccountCreated, 0));
        (await identity.Hears<PersonChanged>(m => m.UserId == id)).SystemRole.ShouldBe("applicant");
        var (_, tokens) = await identity.SignedIn(body["email"]!.GetValue<string>());
        tokens.MustChangePassword.ShouldBeTrue();
    }

    [Theory]
    [InlineData("emailConfirmation", "\"other@north.example\"")]
    [InlineData("passwordConfirmation", "\"another staple of a horse\"")]
    [InlineData("password", "\"short\"")]
    [InlineData("firstName", "\"K\"")]
    [InlineData("language", "\"de\"")]
    [InlineData("systemRole", "\"serviceAdmin\"")]
    [InlineData("euCitizen", "false")]
    [InlineData("personalNumber", "null")]
    [InlineData("personalNumber", "\"198112189877\"")]
    [InlineData("phone", "\"0701234567\"")]
    [InlineData("username", "\"a b\"")]
    public async Task says_of_each_field_what_is_wrong_with_it(string field, string value)
    {
        var body = Body();
        body[field] = JsonNode.Parse(value);
        using var answer = await Post(await identity.Admin(), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]![field]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task lets_one_of_two_have_an_address_that_both_ask_for_at_once()
    {
        var admin = await identity.Admin();
        for (var round = 0; round < 3; round++)
        {
            var (one, other) = (Body(), Body());
            var email = one["email"]!.GetValue<string>().ToUpperInvariant();
            (other["email"], other["emailConfirmation"]) = (email, email);
            var answers = await Task.WhenAll(Post(admin, one), Post(admin, other));
            answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.Created, HttpStatusCode.Conflict], ignoreOrder: true);
            (await answers.Single(a => a.StatusCode == HttpStatusCode.Conflict).Code()).ShouldBe("email-taken");
            (await identity.Database.Ask<long>("select count(*) from users where email_key = $1", one["email"]!.GetValue<string>().ToLowerInvariant())).ShouldBe(1);
        }
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task makes_one_account_under_one_key()
    {
        var admin = await identity.Admin();
        admin.DefaultRequestHeaders.Add("Idempotency-Key", Some.Id().ToString());
        var body = Body();
        var answers = await Task.WhenAll(Post(admin, body), Post(admin, body));
        answers.Select(a => a.StatusCode).ShouldAllBe(status => status == HttpStatusCode.Created);
        answers.Select(a => a.Headers.Location).Distinct().Count().ShouldBe(1);
        using var reused = await Post(admin, Body());
        (await reused.Code()).ShouldBe("idempotency-key-reused");
    }

    [Fact]
    [Trait("Feature", "IDN-03")]
    public async Task completes_the_registration_with_a_validated_identity_in_one_commit()
    {
        var admin = await identity.Admin();
        admin.DefaultRequestHeaders.Add("Idempotency-Key", Some.Id().ToString());
        var body = Body();
        body["completeIdentity"] = true;
        var answers = await Task.WhenAll(Post(admin, body), Post(admin, body));
        answers.Select(a => a.StatusCode).ShouldAllBe(status => status == HttpStatusCode.Created);
        var id = (await answers[0].Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        var given = (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users/{id}/identity"))!;
        given["status"]!.GetValue<string>().ShouldBe("validated");
        given["details"]!["personalNumber"]!.GetValue<string>().ShouldBe("198112189876");
        (await identity.Database.Ask<long>("select count(distinct transaction_id) from mt_events where stream_id in ($1, $2)", $"user-{id}", $"identity-{id}")).ShouldBe(1);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"identity-{id}")).ShouldBe(3);

        var log = (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users/{id}/logs"))!;
        log["total"]!.GetValue<int>().ShouldBe(5);
        log["items"]!.AsArray().Select(e => e!["event"]!.GetValue<string>()).ShouldBe(
            ["user.registered.v1", "user.password_set.v1", "identity.details_given.v1", "identity.submitted.v1", "identity.validated.v1"]);
    }

    [Fact]
    [Trait("Feature", "IDN-03")]
    public async Task makes_nothing_of_an_identity_without_a_number()
    {
        var body = Body();
        (body["completeIdentity"], body["personalNumber"], body["swedishCitizen"]) = (true, null, null);
        using var answer = await Post(await identity.Admin(), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]!["personalNumber"]!.AsArray().Count.ShouldBe(1);
        (await identity.Database.Ask<long>("select count(*) from users where email = $1", body["email"]!.GetValue<string>())).ShouldBe(0);
    }

    [Fact]
    public async Task makes_a_System_admin_who_counts_as_one()
    {
        var body = Body();
        body["systemRole"] = "systemAdmin";
        using var answer = await Post(await identity.Admin(), body);
        var id = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        var admins = await identity.Store.OpenSession().AggregateStream<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream);
        admins!.Ids.ShouldContain(id);
        // Back to one: others count them.
        (await (await identity.Admin()).PutAsJsonAsync($"/api/v1/users/{id}/system-role", new { role = "guest" })).EnsureSuccessStatusCode();
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task keeps_what_is_personal_out_of_the_events()
    {
        var body = Body();
        body["gender"] = "canary-gender";
        body["lmaNumber"] = "canary-lma";
        (await Post(await identity.Admin(), body)).EnsureSuccessStatusCode();
        (await identity.Database.RowsWith("canary-")).ShouldBeEmpty();
        (await identity.Database.RowsWith("198112189876")).ShouldBeEmpty();
    }

    private static JsonObject Body()
    {
        var email = Some.Email();
        return new()
        {
            ["firstName"] = "Kim", ["lastName"] = "Eriksdotter", ["email"] = email, ["emailConfirmation"] = email.ToUpperInvariant(),
            ["password"] = Some.Password, ["passwordConfirmation"] = Some.Password, ["language"] = "sv", ["systemRole"] = "applicant",
            ["swedishCitizen"] = true, ["personalNumber"] = "19811218-9876", ["phone"] = "+46 70 123 45 67", ["gender"] = "female",
        };
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, JsonObject body) => client.PostAsJsonAsync("/api/v1/users", body);
}
