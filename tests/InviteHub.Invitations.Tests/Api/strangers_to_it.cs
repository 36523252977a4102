using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Subscriptions;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

[Collection(InvitationsService.Collection)]
[Trait("Feature", "SEC-02")]
[Trait("Feature", "ROL-08")]
public class strangers_to_it(InvitationsService service)
{
    [Fact]
    public async Task neither_see_nor_change_the_invitations_of_an_organization_that_is_not_theirs()
    {
        var (organization, theirs) = (Id(), Id());
        service.Foreign(organization);
        // The first of all in the list, and counted: what a worker would do meanwhile is no stranger's doing.
        var victim = await service.Person("victim@example.org", "Aabel");
        var invitation = (await service.Invited(InvitationsService.Access(organization, "victim@example.org")))["id"]!.GetValue<Guid>();
        await service.Database.Ask<object>("select add_up_invitations()");
        var link = new
        {
            organizationId = organization, appId = Id(), subscriptionId = Id(), role = "editor", mostUses = 5,
            expiresOn = service.Clock.GetUtcNow().AddDays(7),
        };
        using var made = await service.Client(InvitationsService.Admin).PostAsJsonAsync("/api/v1/invitations/team-links", link);
        var teamLink = (await made.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        var founder = new CurrentUser(Id(), Id(), "guest");
        await service.Services.GetRequiredService<IBus>().Publish(new OrganizationAccessChanged(theirs, founder.Id, ["founder"]), m => m.MessageId = Id());
        await Eventually.Is(
            async () => await service.Database.Ask<long>("select count(*) from organization_access where user_id = $1", founder.Id) == 1, "the founder is known");

        var batches = new BatchNeighbour(service);
        await batches.Listen();
        var theirBatch = batches.Organization();
        var batch = await batches.Upload(theirBatch, "email,firstName,lastName\ncanary@batch.example,K,Ek\nvictim@batch.example,Ada,Ek", dryRun: true);
        await batches.Is(batch, "ready");
        var violations = await Strangers.Violations(
            service,
            InvitationsService.Admin,
            [founder, new(Id(), Id(), "guest"), new(Id(), Id(), "applicant")],
            [organization.ToString(), invitation.ToString(), "victim@example.org", theirBatch.ToString(), "canary@batch.example"],
            open:
            [
                "GET registrations/{token}", "POST registrations/{token}", "POST registrations/{token}/decline", "POST registrations/{token}/new-link",
                "GET registrations/team-links/{token}", "POST registrations/team-links/{token}",
            ],
            attempts:
            [
                new("GET audit/streams/{streamId}", [$"invitation-{invitation}"]),
                new("GET audit/streams/{streamId}/events", [$"invitation-{invitation}"]),
                new("GET audit/streams/{streamId}/verify", [$"invitation-{invitation}"]),
                new("GET audit/streams/{streamId}/public-key", [$"invitation-{invitation}"]),
                new("POST audit/exports", []),
                new("GET audit/streams/{streamId}/changes", [$"invitation-{invitation}"], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/organizations/{organizationId:guid}/changes", [organization], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/projections", []),
                new("POST audit/projections/{name}/rebuild", ["invitations.approvals.v1"]),
                new("GET invitations", []),
                new("GET invitations/{id:guid}", [invitation]),
                new("GET invitations/{id:guid}/logs", [invitation]),
                new("PATCH invitations/{id:guid}", [invitation], new { firstName = "Eve" }),
                new("POST invitations/{id:guid}/resend", [invitation]),
                new("POST invitations/{id:guid}/revoke", [invitation]),
                new("POST invitations/{id:guid}/decline", [invitation], new { reason = "no" }, Owner: victim),
                new("POST invitations/{id:guid}/acceptance", [invitation], Owner: victim),
                new("POST invitations/{id:guid}/approve", [invitation]),
                new("POST invitations/{id:guid}/reject", [invitation], new { reason = "no" }),
                new("GET invitations/team-links", []),
                new("GET invitations/team-links/{id:guid}", [teamLink]),
                new("POST invitations/team-links/{id:guid}/revoke", [teamLink]),
                new("POST invitations/team-links", [], link),
                new("GET invitations/batches", []),
                new("GET invitations/batches/{id:guid}", [batch]),
                new("GET invitations/batches/{id:guid}/rows", [batch]),
                new("GET invitations/batches/{id:guid}/report.csv", [batch]),
                new("GET invitations/batches/{id:guid}/failed.csv", [batch]),
                new("POST invitations/batches/{id:guid}/commit", [batch]),
                new("POST invitations/batches/{id:guid}/approve", [batch]),
                new("POST invitations/batches/{id:guid}/reject", [batch]),
                new("POST invitations/batches/{id:guid}/undo", [batch]),
                new("POST invitations/batches", [], JsonNode.Parse("""[{"email":"victim@batch.example","firstName":"Ada","lastName":"Ek"}]"""),
                    Query: $"?organizationId={theirBatch}&way=customer&dryRun=true"),
                new("DELETE invitations/batches/{id:guid}", [batch]),
                new("POST invitations", [], InvitationsService.Access(organization, "somebody@example.org"), LeavesTrace: true),
            ],
            "GET invitations/updates", "GET invitations/batches/updates");
        await batches.Leave();
        violations.ShouldBeEmpty();
    }

    private static Guid Id() => Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
}
