using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "INV-14")]
public class inviting_many_users_at_once(IdentityService identity)
{
    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task answers_the_same_request_once_more_although_its_filter_finds_nobody_or_others_by_then()
    {
        var (admin, family) = (await identity.Admin(), await Family(3));
        var body = new { filter = new { search = family, invitationStatus = "notInvited" } };

        var first = await Invited(admin, body, family);
        var nobodyLeft = await Invited(admin, body, family);
        await Family(2, family);
        var othersThere = await Invited(admin, body, family);

        first["invited"]!.GetValue<int>().ShouldBe(3);
        nobodyLeft.ToJsonString().ShouldBe(first.ToJsonString());
        othersThere.ToJsonString().ShouldBe(first.ToJsonString());
        (await Due(family)).ShouldBe(3);
        (await Invited(admin, body, $"another {family}"))["invited"]!.GetValue<int>().ShouldBe(2);
        using var other = await Post(admin, new { filter = new { search = family } }, family);
        (await other.Code()).ShouldBe("idempotency-key-reused");
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task invites_each_once_and_answers_alike_when_the_same_request_comes_to_two_instances_at_once()
    {
        var (admin, family) = (await identity.Admin(), await Family(40));
        var elsewhere = identity.AnotherInstance().Client();
        elsewhere.DefaultRequestHeaders.Authorization = admin.DefaultRequestHeaders.Authorization;
        var body = new { filter = new { search = family, invitationStatus = "notInvited" } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Invited(n % 2 == 0 ? admin : elsewhere, body, family)));

        answers.Select(answer => answer.ToJsonString()).Distinct().ShouldHaveSingleItem();
        answers[0]["invited"]!.GetValue<int>().ShouldBe(40);
        (await Due(family)).ShouldBe(40);
        (await identity.Database.Ask<long>(
            "select count(*) from mt_events where type = 'invitationrun.finished.v1' and stream_id = $1", $"invitationrun-{answers[0]["id"]}")).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task shows_person_by_person_what_would_happen_and_then_does_that_alone()
    {
        var (admin, family, active) = (await identity.Admin(), await Family(2), (await identity.Person()).Id);
        var users = await Ids(family);

        var shown = await Invited(admin, new { userIds = users.Append(active), dryRun = true });
        await Family(1, family);
        shown["invited"]!.GetValue<int>().ShouldBe(0);
        shown["planned"]!.AsArray().Select(id => id!.GetValue<Guid>()).ShouldBe(users);
        shown["refused"]!.AsArray().Select(r => (r!["userId"]!.GetValue<Guid>(), r["code"]!.GetValue<string>())).ShouldBe([(active, "account-in-use")]);
        (await Due(family)).ShouldBe(0);
        (await identity.Database.Ask<long>("select count(*) from users where id = any($1) and invitation_status = 'notInvited'", (object)users)).ShouldBe(2);

        var path = $"/api/v1/users/invitations/{shown["id"]}";
        foreach (var _ in new[] { "once", "twice" })
        {
            using var committed = await admin.PostAsync($"{path}/commit", null);
            committed.StatusCode.ShouldBe(HttpStatusCode.OK);
            var done = (await committed.Content.ReadFromJsonAsync<JsonNode>())!;
            (done["invited"]!.GetValue<int>(), done["planned"]!.AsArray().Count, done["refused"]!.AsArray().Count).ShouldBe((2, 0, 1));
        }

        (await Due(family)).ShouldBe(2);
        (await admin.GetFromJsonAsync<JsonNode>($"{path}/users?state=failed"))!["items"]![0]!["code"]!.GetValue<string>().ShouldBe("account-in-use");
        (await (await admin.DeleteAsync(path)).Code()).ShouldBe("invitation-run-finished");
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task a_trial_that_is_cancelled_invites_nobody()
    {
        var (admin, family) = (await identity.Admin(), await Family(1));
        using var answer = await Post(admin, new { filter = new { search = family } }, query: "?dryRun=true");
        var path = $"/api/v1/users/invitations/{(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]}";

        (await admin.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await (await admin.PostAsync($"{path}/commit", null)).Code()).ShouldBe("invitation-run-cancelled");
        await Eventually.Is(
            async () => (await admin.GetFromJsonAsync<JsonNode>(path))!["cancelled"]!.GetValue<int>() == 1, "nobody is planned any more");
        (await Due(family)).ShouldBe(0);
        (await (await admin.PostAsync($"/api/v1/users/invitations/{Some.Id()}/commit", null)).Code()).ShouldBe("invitation-run-not-found");
    }

    [Fact]
    public async Task more_than_a_thousand_are_invited_behind_the_answer_each_once_though_a_worker_dies()
    {
        var (admin, family) = (await identity.Admin(), $"Manyson{Some.Id():N}");
        var users = Enumerable.Range(0, 1100).Select(_ => Some.Id()).ToArray();
        await identity.Store.Transact(new(), session =>
        {
            foreach (var user in users)
            {
                session.StartStream<User, UserEvent>(User.Stream(user)).AppendOne(new UserEvent.Registered(
                    user, Some.Email(), "Kim", family, null, null, null, null, null, null, null, "sv", Role.Guest, EmailVerified: false, null,
                    RegisteredBy.Import, null));
            }

            return Task.FromResult(true);
        });

        using var answer = await Post(admin, new { filter = new { search = family } }, family);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var path = answer.Headers.Location!.ToString();
        // This one dies with users in its hands, of which it has invited one without having said so.
        var abandoned = await identity.Services.GetRequiredService<InvitationRuns>().Take(null, 20, CancellationToken.None);
        abandoned.ShouldNotBeEmpty();
        await identity.Services.GetRequiredService<InvitationWorker>().Invite(abandoned[0], InvitationWishes.None, null, CancellationToken.None);
        await identity.Database.Ask<int>(
            "update invitation_run_rows set state = 'waiting' where run_id = $1 and place = $2 returning 1", abandoned[0].RunId, abandoned[0].Place);
        identity.Clock.Advance(InvitationRuns.Lease);
        await Eventually.Is(async () => (await admin.GetFromJsonAsync<JsonNode>(path))!["status"]!.GetValue<string>() == "finished", "all are invited");

        using var again = await Post(admin, new { filter = new { search = family } }, family);
        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        again.Headers.Location!.ToString().ShouldBe(path);
        (await again.Content.ReadFromJsonAsync<JsonNode>())!["done"]!.GetValue<int>().ShouldBe(users.Length);
        (await Due(family)).ShouldBe(users.Length);
    }

    /// <summary>So many users who were imported and nobody has invited, with a last name of their own.</summary>
    private async Task<string> Family(int members, string? called = null)
    {
        var family = called ?? $"Onceson{Some.Id():N}";
        var before = await Count();
        var lines = string.Join('\n', Enumerable.Range(0, members).Select(_ => $"{Some.Email()},Kim,{family}"));
        using var file = new StringContent($"email,firstName,lastName\n{lines}", Encoding.UTF8, "text/csv");
        (await (await identity.Admin()).PostAsync("/api/v1/users/import", file)).EnsureSuccessStatusCode();
        await Eventually.Is(async () => await Count() == before + members, "everybody is there");
        return family;

        Task<long> Count() => identity.Database.Ask<long>("select count(*) from users where last_name = $1", family);
    }

    private Task<Guid[]> Ids(string family) =>
        identity.Database.Ask<Guid[]>("select array(select id from users where last_name = $1 order by id)", family)!;

    private Task<long> Due(string family) => identity.Database.Ask<long>(
        "select count(*) from mt_events e join users u on e.stream_id = 'user-' || u.id where e.type = 'user.invitation_due.v1' and u.last_name = $1", family);

    private static async Task<JsonNode> Invited(HttpClient admin, object body, string? key = null)
    {
        using var answer = await Post(admin, body, key);
        var text = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text.ToString());
        return text;
    }

    private static Task<HttpResponseMessage> Post(HttpClient admin, object body, string? key = null, string query = "")
    {
        var message = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/users/invitations{query}") { Content = JsonContent.Create(body) };
        if (key is not null)
            message.Headers.Add("Idempotency-Key", key);
        return admin.SendAsync(message);
    }
}
