using System.Net;
using System.Net.Http.Json;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.Subscriptions.Tests.Api;

[Collection(OneService.Name)]
[Trait("Feature", "GDP-05")]
public class forgetting_a_person(SubscriptionsService service)
{
    private readonly Guid _ada = SubscriptionsService.NewId();
    private readonly Guid _invitee = SubscriptionsService.NewId();

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task gives_their_seats_back_ends_what_they_were_and_keeps_nothing_they_are_known_by()
    {
        using var admin = service.AsAdmin();
        var business = await service.Business(seats: 2);
        await service.Person(_ada, "Canaryada", "Alm");
        var (occupied, reserved) = (SubscriptionsService.NewId(), SubscriptionsService.NewId());
        await service.Publish(business.Request(occupied) with { InviteeId = _ada });
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == occupied);
        await service.Publish(new InviteeProvisioned(occupied, business.Organization, business.Subscription, _ada));
        await service.Hears<SeatConfirmed>(m => m.InvitationId == occupied);
        // Invited once more, to an address of theirs, as somebody whom nobody knew.
        await service.Publish(business.Request(reserved) with { InviteeId = _invitee });
        await service.Hears<InvitationAdmitted>(m => m.InvitationId == reserved);
        (await admin.PutAsJsonAsync($"api/v1/organizations/{business.Organization}/permissions/{_ada}", new { permissions = new[] { "founder" } }))
            .StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var supplier = await admin.Make("organizations", new { name = "School", kinds = new[] { "supplier" } });
        (await admin.Send(HttpMethod.Put, $"organizations/{supplier}/professionals/{_ada}", new { languages = new[] { "sv" }, competences = new[] { "canary knowledge" } }))
            .StatusCode.ShouldBe(HttpStatusCode.OK);
        (await service.Service.Database.RowsWith("canary knowledge")).ShouldHaveSingleItem().ShouldStartWith("public.appointments");

        for (var again = 0; again < 2; again++)
            await Forget();

        (await service.Service.Database.RowsWith("Canaryada")).ShouldBeEmpty();
        (await service.Service.Database.RowsWith("canary knowledge")).ShouldBeEmpty();
        var seats = (await admin.Read($"subscriptions/{business.Subscription}"))["seats"]!;
        ((int)seats["reserved"]!, (int)seats["occupied"]!).ShouldBe((0, 0));
        (await service.Hears<SeatTakenBack>(m => m.InvitationId == occupied)).UserId.ShouldBe(_ada);
        (await service.Hears<OrganizationAccessChanged>(m => m.UserId == _ada && m.Permissions.Count == 0)).OrganizationId.ShouldBe(business.Organization);
        (await service.Hears<RoleAssignmentEnded>(m => m.UserId == _ada)).HolderId.ShouldBe(supplier);
        service.Heard<SeatTakenBack>(m => m.InvitationId == occupied).Count.ShouldBe(1);

        // What comes late is not kept, and the history of the seats still adds up.
        await service.Person(_ada, "Canaryada", "Alm");
        (await service.Service.Database.RowsWith("Canaryada")).ShouldBeEmpty();
        await service.Publish(new InviteeProvisioned(reserved, business.Organization, business.Subscription, _invitee));
        (await Rebuilt.Differences(service.Services, service.Service.Database)).ShouldBeEmpty();
    }

    private async Task Forget()
    {
        var before = await Count();
        await service.Publish(new ErasureDue(
            _ada, ["subscriptions"], "ada@example.test", [_invitee], World.Admin, TimeProvider.System.GetUtcNow()));
        await Eventually.Is(async () => await Count() > before, "it is confirmed");
    }

    private Task<int> Count() => Task.FromResult(service.Heard<PersonErased>(m => m.UserId == _ada && m.Service == "subscriptions").Count);
}
