using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-21")]
public sealed class asking_twice_under_one_key(InvitationsService service)
{
    private readonly Guid _organization = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task at_once_through_two_instances_invites_once_and_answers_alike()
    {
        var other = service.Another;
        var request = InvitationsService.Access(_organization, "ada@example.org");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Ask(request, "one", n % 2 == 0 ? other.Client() : service.Client())));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        (await Task.WhenAll(answers.Select(async a => (await Body(a))["id"]!.GetValue<Guid>()))).Distinct().Count().ShouldBe(1);
        (await service.Database.Ask<long>("select count(*) from mt_events where tenant_id = $1 and type = 'invitation.requested.v1'", $"{_organization}")).ShouldBe(1);
    }

    [Fact]
    public async Task with_another_body_is_a_conflict_and_invites_nobody()
    {
        (await Ask(InvitationsService.Access(_organization, "ada@example.org"), "two")).StatusCode.ShouldBe(HttpStatusCode.Created);

        using var answer = await Ask(InvitationsService.Access(_organization, "ada@example.org", Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), "two");

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Body(answer))["code"]!.GetValue<string>().ShouldBe("idempotency-key-reused");
        (await service.Database.Ask<long>("select count(*) from invitation_list where organization_id = $1", _organization)).ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public async Task takes_one_place_of_the_hour()
    {
        await service.Ask(InvitationsService.Settings(_organization) with { HourlyInvitationLimit = 1 });
        var request = InvitationsService.Access(_organization, "ada@example.org");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Ask(request, "three")));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
    }

    [Fact]
    public async Task by_somebody_anotheris_another_key()
    {
        (await Ask(InvitationsService.Access(_organization, "ada@example.org"), "four")).StatusCode.ShouldBe(HttpStatusCode.Created);

        var another = service.Client(InvitationsService.Admin with { Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) });
        another.DefaultRequestHeaders.Add(Idempotency.Header, $"four {_organization}");
        using var answer = await another.PostAsJsonAsync("/api/v1/invitations", InvitationsService.Access(_organization, "eve@example.org"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<HttpResponseMessage> Ask(JsonObject request, string key, HttpClient? client = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/invitations") { Content = JsonContent.Create(request.DeepClone()) };
        message.Headers.Add(Idempotency.Header, $"{key} {_organization}");
        message.Headers.Authorization = service.Client(InvitationsService.Admin).DefaultRequestHeaders.Authorization;
        return await (client ?? service.Client()).SendAsync(message);
    }

    private static async Task<JsonNode> Body(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
}
