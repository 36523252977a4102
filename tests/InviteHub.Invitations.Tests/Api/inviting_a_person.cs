using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
public sealed class inviting_a_person(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    [Trait("Feature", "INV-11")]
    public async Task is_answered_with_a_pending_invitation_once_it_was_admitted()
    {
        var invitation = await service.Invited(InvitationsService.Access(_organization, "ada@example.org"));

        invitation["status"]!.GetValue<string>().ShouldBe("pending");
        invitation["organization"]!["name"]!.GetValue<string>().ShouldBe("Acme");
        invitation["app"]!["name"]!.GetValue<string>().ShouldBe("Planner");
    }

    [Fact]
    [Trait("Feature", "USR-06")]
    public async Task has_to_wait_until_a_temporary_password_is_changed()
    {
        using var client = service.Client(InvitationsService.Admin with { MustChangePassword = true });
        using var answer = await client.PostAsJsonAsync("/api/v1/invitations", InvitationsService.Access(_organization, "ada@example.org"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>().ShouldBe("password-change-required");
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task without_a_free_seat_is_refused_and_leaves_nothing_in_the_list()
    {
        service.Full(_organization);

        using var answer = await service.Client(InvitationsService.Admin).PostAsJsonAsync(
            "/api/v1/invitations", InvitationsService.Access(_organization, "ada@example.org"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        problem["code"]!.GetValue<string>().ShouldBe("seat-limit-reached");
        // INV-25: what decided, for programs too.
        problem["facts"]!.ToJsonString().ShouldBe($$"""{"used":2,"founders":"{{InvitationsService.Admin.Id}}"}""");
        (await List($"organizationId={_organization}"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task to_a_waitlist_waits_and_is_pending_once_a_seat_is_free()
    {
        service.Waitlisted(_organization);
        var invitation = await service.Invited(InvitationsService.Access(_organization, "ada@example.org"));
        invitation["status"]!.GetValue<string>().ShouldBe("waiting");
        invitation["app"]!["name"]!.GetValue<string>().ShouldBe("Planner");
        (await List($"organizationId={_organization}&status=waiting"))["total"]!.GetValue<int>().ShouldBe(1);

        var id = invitation["id"]!.GetValue<Guid>();
        await service.Admit(id, _organization);
        await Becomes(id, "pending");
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public async Task to_a_waitlist_is_rejected_when_there_will_be_no_seat_and_can_be_revoked_before()
    {
        service.Waitlisted(_organization);
        var refused = (await service.Invited(InvitationsService.Access(_organization, "ada@example.org")))["id"]!.GetValue<Guid>();
        await service.Refuse(refused, _organization);
        await Becomes(refused, "rejected");

        var revoked = (await service.Invited(InvitationsService.Access(_organization, "ada@example.org")))["id"]!.GetValue<Guid>();
        using var answer = await service.Client(InvitationsService.Admin).PostAsync($"/api/v1/invitations/{revoked}/revoke", null);
        (await answer.Content.ReadFromJsonAsync<JsonNode>())!["status"]!.GetValue<string>().ShouldBe("revoked");
    }

    [Fact]
    [Trait("Feature", "INV-02")]
    public async Task twice_at_once_to_one_address_makes_exactly_one_invitation()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => service.Client(InvitationsService.Admin).PostAsJsonAsync(
            "/api/v1/invitations", InvitationsService.Customer(_organization, n % 2 == 0 ? "ada@example.org" : "ADA@Example.org"))));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var loser in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            var problem = (await loser.Content.ReadFromJsonAsync<JsonNode>())!;
            problem["code"]!.GetValue<string>().ShouldBe("invitation-open");
            problem["facts"]!["invitationId"]!.GetValue<Guid>().ShouldBe(
                await service.Database.Ask<Guid>("select id from invitation_list where organization_id = $1 and is_open", _organization));
        }
    }

    [Fact]
    [Trait("Feature", "INV-21")]
    public async Task twice_under_one_key_is_answered_with_the_same_invitation()
    {
        var request = InvitationsService.Access(_organization, "ada@example.org");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Keyed(request.DeepClone(), "key-1")));

        answers.Select(a => a["id"]!.GetValue<Guid>()).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-03")]
    public async Task shows_the_personal_number_masked_everywhere()
    {
        var invitation = await service.Invited(InvitationsService.Customer(_organization, "ada@example.org"));

        invitation["personalNumber"]!.GetValue<string>().ShouldBe("19811218-****");
        (await List($"organizationId={_organization}")).ToJsonString().ShouldNotContain("9876");
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task keeps_what_is_personal_out_of_events_and_queues_in_clear()
    {
        // A queue of our own shows what every queue holds.
        await using var connection = await new ConnectionFactory { Uri = new Uri(await TestRabbitMq.ConnectionString()) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, "InviteHub.Contracts.Invitations:InvitationOpened", "");

        await service.Invited(InvitationsService.Customer(_organization, "canary-7f3a@example.org"));

        (await service.Database.Ask<long>("select count(*) from mt_events where data::text ~ 'canary|198112189876|Lovelace'")).ShouldBe(0);
        var body = "";
        await Eventually.Is(async () =>
        {
            if (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
                body = Encoding.UTF8.GetString(message.Body.Span);
            return body.Contains(_organization.ToString(), StringComparison.Ordinal);
        }, "the mail is asked for");
        body.ShouldContain("bk1:");
        body.ShouldNotContain("canary");
        body.ShouldNotContain("\"Ada\"");
    }

    [Fact]
    [Trait("Feature", "LOG-03")]
    public async Task leaves_a_stream_whose_chain_holds()
    {
        var id = (await service.Invited(InvitationsService.Access(_organization, "ada@example.org")))["id"]!.GetValue<Guid>();

        (await service.Services.GetRequiredService<PostgresEventStore>().Verify(Invitation.Stream(_organization, id))).ShouldBeNull();
    }

    private async Task<JsonNode> Keyed(JsonNode request, string key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/invitations") { Content = JsonContent.Create(request) };
        message.Headers.Add("Idempotency-Key", key);
        using var answer = await service.Client(InvitationsService.Admin).SendAsync(message);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private Task Becomes(Guid id, string status) => Eventually.Is(
        async () => (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations/{id}"))!["status"]!.GetValue<string>() == status,
        $"{id} becomes {status}");

    private async Task<JsonNode> List(string query) =>
        (await service.Client(InvitationsService.Admin).GetFromJsonAsync<JsonNode>($"/api/v1/invitations?{query}"))!;
}
