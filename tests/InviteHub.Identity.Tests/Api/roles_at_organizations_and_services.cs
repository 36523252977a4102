using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "ROL-06")]
public class roles_at_organizations_and_services(IdentityService identity)
{
    [Fact]
    public async Task are_given_shown_and_taken_back()
    {
        var person = await identity.Person();
        var request = Request(person.Id, "mentor");
        await identity.Tell(request);
        (await identity.Hears<RoleAssignmentGranted>(m => m.RequestId == request.RequestId))
            .ShouldBe(new RoleAssignmentGranted(request.RequestId, person.Id, "mentor", request.HolderId));
        var role = (await Shown(person.Id))["roles"]!.AsArray().ShouldHaveSingleItem()!;
        (role["role"]!.GetValue<string>(), role["holderId"]!.GetValue<Guid>()).ShouldBe(("mentor", request.HolderId));

        await identity.Tell(End(request));
        await Eventually.Is(async () => (await Shown(person.Id))["roles"]!.AsArray().Count == 0, "the role is gone");
    }

    [Fact]
    [Trait("Feature", "ROL-02")]
    public async Task are_refused_with_the_roles_in_the_way()
    {
        var person = await identity.Person(Role.EconomyAdmin);
        var request = Request(person.Id, "supplierAdmin");
        await identity.Tell(request);
        var refused = await identity.Hears<RoleAssignmentRefused>(m => m.RequestId == request.RequestId);
        (refused.Kind, refused.Code, refused.HolderId).ShouldBe(("conflict", "role-conflict", request.HolderId));
        refused.Detail.ShouldContain("remove first: economyAdmin.");
        (await Shown(person.Id))["roles"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "ROL-05")]
    public async Task make_a_Service_admin_until_the_last_service_is_gone()
    {
        var person = await identity.Person();
        var services = new[] { Request(person.Id, "serviceAdmin"), Request(person.Id, "serviceAdmin") };
        foreach (var service in services)
        {
            await identity.Tell(service);
            await identity.Hears<RoleAssignmentGranted>(m => m.RequestId == service.RequestId);
        }

        await identity.Hears<PersonChanged>(m => m.UserId == person.Id && m.SystemRole == "serviceAdmin");
        await identity.Hears<NoticeDue>(m => m is { Kind: "roleChanged", ExpiresAt: null } && m.RecipientId == person.Id && m.Facts["from"] == "guest" && m.Facts["to"] == "serviceAdmin");
        using var set = await (await identity.Admin()).PutAsJsonAsync($"/api/v1/users/{person.Id}/system-role", new { role = "economyAdmin" });
        (set.StatusCode, await set.Code()).ShouldBe((HttpStatusCode.Conflict, "role-conflict"));

        var (client, _) = await identity.SignedIn(person.Email);
        await identity.Tell(End(services[0]));
        await Eventually.Is(async () => (await Shown(person.Id))["roles"]!.AsArray().Count == 1, "one service is gone");
        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await identity.Tell(End(services[1]));
        await identity.Hears<SessionEnded>(m => m.UserId == person.Id);
        (await Shown(person.Id))["systemRole"]!.GetValue<string>().ShouldBe("guest");
        await Eventually.Is(async () => (await client.GetAsync("/api/v1/me")).StatusCode == HttpStatusCode.Unauthorized, "the session is over");
        await identity.Hears<NoticeDue>(m => m.Kind == "roleChanged" && m.RecipientId == person.Id && m.Facts["to"] == "guest");
    }

    [Fact]
    public async Task are_answered_once_however_often_they_are_asked_for()
    {
        var person = await identity.Person();
        var request = Request(person.Id, "professional");
        var handled = await Handled();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => identity.Tell(request)));
        await Eventually.Is(async () => await Handled() == handled + 6, "all are handled");
        (await Answers(request)).ShouldBe(1);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1 and type = 'user.role_granted.v1'", $"user-{person.Id}")).ShouldBe(1);

        Task<long> Handled() => identity.Database.Ask<long>("select count(*) from inbox where consumer = 'RoleAssignmentRequestedConsumer'");
    }

    [Fact]
    public async Task are_not_given_after_their_end_has_overtaken_them()
    {
        var person = await identity.Person();
        var request = Request(person.Id, "customerAdmin");
        await identity.Tell(End(request));
        await Eventually.Is(
            async () => await Answers(request) == 1,
            "the end is kept");
        await identity.Tell(request);
        (await identity.Hears<RoleAssignmentRefused>(m => m.RequestId == request.RequestId)).Code.ShouldBe("role-assignment-ended");
        (await Shown(person.Id))["roles"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("systemAdmin", "role-not-assignable")]
    [InlineData("king", "role-not-assignable")]
    [InlineData("mentor", "user-not-found")]
    public async Task are_refused_for_what_nobody_can_give_or_have(string role, string code)
    {
        var request = Request(Some.Id(), role);
        await identity.Tell(request);
        (await identity.Hears<RoleAssignmentRefused>(m => m.RequestId == request.RequestId)).Code.ShouldBe(code);
    }

    [Fact]
    [Trait("Feature", "ROL-07")]
    public async Task that_exclude_each_other_are_given_to_one_of_two_who_ask_at_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var person = await identity.Person();
            var (service, mentor) = (Request(person.Id, "serviceAdmin"), Request(person.Id, "mentor"));
            await Task.WhenAll(identity.Tell(service), identity.Tell(mentor));
            await Eventually.Is(
                () => identity.Heard<RoleAssignmentGranted>().Count(m => m.UserId == person.Id) + identity.Heard<RoleAssignmentRefused>().Count(m => m.UserId == person.Id) == 2,
                "both are answered");
            identity.Heard<RoleAssignmentGranted>().Count(m => m.UserId == person.Id).ShouldBe(1);
        }
    }

    private static RoleAssignmentRequested Request(Guid user, string role) => new(Some.Id(), user, role, Some.Id(), By: Some.Id());

    private static RoleAssignmentEnded End(RoleAssignmentRequested r) => new(r.RequestId, r.UserId, r.Role, r.HolderId, r.By);

    private Task<long> Answers(RoleAssignmentRequested request) =>
        identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"roleassignment-{request.RequestId}");

    private async Task<JsonNode> Shown(Guid user) => (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users/{user}"))!;
}
