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

        var violations = await Strangers.Violations(
            service,
            InvitationsService.Admin,
            [founder, new(Id(), Id(), "guest"), new(Id(), Id(), "applicant")],
            [organization.ToString(), invitation.ToString(), "victim@example.org"],
            open: ["GET registrations/{token}", "POST registrations/{token}"],
            attempts:
            [
                new("GET invitations", []),
                new("GET invitations/{id:guid}", [invitation]),
                new("POST invitations/{id:guid}/revoke", [invitation]),
                new("POST invitations/{id:guid}/approve", [invitation]),
                new("POST invitations/{id:guid}/reject", [invitation], new { reason = "no" }),
                new("POST invitations", [], InvitationsService.Access(organization, "somebody@example.org"), LeavesTrace: true),
            ]);
        violations.ShouldBeEmpty();
    }

    private static Guid Id() => Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
}
