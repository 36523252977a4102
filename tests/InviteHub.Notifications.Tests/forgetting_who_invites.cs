using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.EventStore.PersonalData;
using InviteHub.Notifications.Features;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

/// <summary>The name of somebody stands in the messages that others got in their name, and in those that are still to go out.</summary>
[Trait("Feature", "GDP-03")]
[Collection(NotificationsService.Collection)]
public sealed class forgetting_who_invites(NotificationsService service) : IAsyncLifetime
{
    private readonly Guid _inviter = Some.NewId();

    public Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        service.Sms.Script.Clear();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task takes_their_name_out_of_what_others_were_told_and_are_to_be_told()
    {
        var (told, texted, waits) = (Opened(), Opened() with { Channel = "sms", Phone = "+46701230000" }, Opened());
        await service.Publish(told);
        await service.Publish(texted);
        await service.Becomes(told.InvitationId, DeliveryStatus.Sent);
        service.MailsTo(told.Email).Single().Text.ShouldContain("Canary Inviter invites you");
        await Eventually.Is(async () => await InviterOf(texted) == "Canary Inviter", "the text message is queued");
        service.Smtp.Otherwise = Does.Later;
        await service.Publish(waits);
        await Eventually.Is(async () => await service.Delivery(waits.InvitationId) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is tried later");

        await service.Publish(new ErasureDue(_inviter, ["notifications"], "inviter@example.com", [], Some.NewId(), service.Clock.GetUtcNow()));

        foreach (var message in new[] { told, texted, waits })
            await Eventually.Is(async () => await InviterOf(message) == PersonalDataAttribute.Erased, "the name is erased");
        service.Smtp.Otherwise = Does.Accepts;
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        var late = Opened();
        await service.Publish(late);
        foreach (var message in new[] { waits, late })
        {
            await service.Becomes(message.InvitationId, DeliveryStatus.Sent);
            service.MailsTo(message.Email).Last().Text.ShouldContain("You are invited to Payroll at Acme, as Clerk.");
        }
    }

    [Fact]
    [Trait("Feature", "OPS-06")]
    public async Task is_not_needed_to_send_what_an_earlier_version_has_queued()
    {
        var old = Some.Message(email: $"{Some.NewId():N}@example.com") with { InvitationId = Some.NewId(), InvitedByName = "Grace Hopper" };
        var id = Delivery.IdFor(old.InvitationId, 1, QueueInvitation.Kind, QueueInvitation.Email);

        await service.Store.Transact(new(), async session =>
        {
            await QueueInvitation.Handle(new(id, Some.Organization, old), session, CancellationToken.None);
            return true;
        });

        await service.MailArrives(old.Email);
        service.MailsTo(old.Email).Single().Text.ShouldContain("Grace Hopper invites you");
    }

    private InvitationOpened Opened() => Some.Opened($"{Some.NewId():N}@example.com", invitedBy: "Canary Inviter") with { InvitedBy = _inviter };

    private async Task<string?> InviterOf(InvitationOpened opened) => (await service.Store.OpenSession().AggregateStream<Delivery, DeliveryEvent>(
        Delivery.Stream(Some.Organization, Delivery.IdFor(opened.InvitationId, 1, QueueInvitation.Kind, opened.Channel))))?.Message switch
    {
        DeliveryEvent.Queued mail => mail.InviterName,
        DeliveryEvent.SmsQueued text => text.InviterName,
        _ => null,
    };
}
