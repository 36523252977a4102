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
        var invitation = (await service.Invited(InvitationsService.Access(organization, "victim@example.org")))["id"]!.GetValue<Guid>();
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
            open: ["GET registrations/{token}", "POST registrations/{token}"],
            attempts:
            [
                new("GET invitations", []),
                new("GET invitations/{id:guid}", [invitation]),
                new("POST invitations/{id:guid}/revoke", [invitation]),
                new("GET invitations/batches", []),
                new("GET invitations/batches/{id:guid}", [batch]),
                new("GET invitations/batches/{id:guid}/rows", [batch]),
                new("GET invitations/batches/{id:guid}/report.csv", [batch]),
                new("GET invitations/batches/{id:guid}/failed.csv", [batch]),
                new("POST invitations/batches/{id:guid}/commit", [batch]),
                new("POST invitations/batches/{id:guid}/undo", [batch]),
                new("POST invitations/batches", [], JsonNode.Parse("""[{"email":"victim@batch.example","firstName":"Ada","lastName":"Ek"}]"""),
                    Query: $"?organizationId={theirBatch}&way=customer&dryRun=true"),
                new("DELETE invitations/batches/{id:guid}", [batch]),
                new("POST invitations", [], InvitationsService.Access(organization, "somebody@example.org"), LeavesTrace: true),
            ]);
        await batches.Leave();
        violations.ShouldBeEmpty();
    }

    private static Guid Id() => Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
}
