using InviteHub.Contracts.Invitations;
using InviteHub.EventStore;
using InviteHub.Notifications.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Integration;

/// <summary>An invitation may be mailed.</summary>
internal sealed class InvitationOpenedConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationOpened>(store)
{
    protected override Task Handle(InvitationOpened message, EventSession session, CancellationToken ct) => QueueInvitation.Handle(
        new(
            Delivery.IdFor(message.InvitationId, message.Generation, QueueInvitation.Kind, QueueInvitation.Channel),
            message.OrganizationId,
            new(
                QueueInvitation.Kind, QueueInvitation.Channel, message.Language, message.InvitationId, message.Generation, message.Way,
                message.InviteeId, message.Email, message.FirstName, message.InvitedByName,
                message.OrganizationName, message.AppName, message.RoleName, message.ExpiresAt, clock.GetUtcNow())),
        session, ct);
}

/// <summary>An invitation ended: unsent mail is stopped.</summary>
internal sealed class InvitationWithdrawnConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationWithdrawn>(store)
{
    protected override Task Handle(InvitationWithdrawn message, EventSession session, CancellationToken ct) => StopDeliveries.Handle(
        new(message.InvitationId, message.OrganizationId, message.Reason, clock.GetUtcNow()), session, ct);
}
