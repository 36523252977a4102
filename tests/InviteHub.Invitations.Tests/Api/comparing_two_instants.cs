using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore.PersonalData;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "LOG-07")]
public class comparing_two_instants(InvitationsService service)
{
    [Fact]
    public async Task of_an_organization_shows_what_became_of_its_list_in_between_and_nothing_that_was_erased()
    {
        var organization = Guid.CreateVersion7(service.Clock.GetUtcNow());
        var untouched = await service.Invited(InvitationsService.Access(organization, "untouched@compare.example"));
        var revoked = await service.Invited(InvitationsService.Access(organization, "revoked@compare.example"));
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        var before = service.Clock.GetUtcNow();
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var admin = service.Client(InvitationsService.Admin);
        (await admin.PostAsync($"/api/v1/invitations/{revoked["id"]}/revoke", content: null)).EnsureSuccessStatusCode();
        var added = await service.Invited(InvitationsService.Access(organization, "added@compare.example"));

        var between = $"/api/v1/audit/organizations/{organization}/changes?from={before:yyyy-MM-ddTHH:mm:ss.ffffffZ}";
        var rows = (await admin.GetFromJsonAsync<JsonNode>(between))!["items"]!.AsArray();

        Changes(revoked).ShouldContain(change => change["field"]!.GetValue<string>() == "status");
        Changes(added).ShouldContain(change => change["after"]!.ToString() == "added@compare.example");
        rows.ShouldNotContain(row => row!["streamId"]!.GetValue<string>() == $"invitation-{untouched["id"]}");

        await Forget(added);
        (await admin.GetStringAsync(between)).ShouldNotContain("added@compare.example");

        IEnumerable<JsonNode> Changes(JsonNode invitation) =>
            rows.Single(row => row!["streamId"]!.GetValue<string>() == $"invitation-{invitation["id"]}")!["changes"]!.AsArray().Select(change => change!);
    }

    // Whose data an invitation's first event holds, the event says.
    private async Task Forget(JsonNode invitation)
    {
        var keys = service.Services.GetRequiredService<SubjectKeys>();
        var subject = await service.Database.Ask<string>(
            "select data ->> 'inviteeId' from mt_events where stream_id = $1 and version = 1", $"invitation-{invitation["id"]}");
        await keys.Forget(subject!);
    }
}
