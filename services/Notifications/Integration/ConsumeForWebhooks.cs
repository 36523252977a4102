using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Integration;

/// <summary>Adds to the feed that an invitation was accepted.</summary>
internal sealed class InvitationAcceptedConsumer(PostgresEventStore store) : EventConsumer<InvitationAccepted>(store)
{
    protected override Task Handle(InvitationAccepted message, EventSession session, CancellationToken ct)
    {
        WebhookFeed.Add(
            session, message.OrganizationId, "invitation.accepted", new { message.InvitationId, message.Way, message.UserId }, message.At);
        return Task.CompletedTask;
    }
}

/// <summary>Adds to the feed what became of an invitation's message.</summary>
internal sealed class InvitationDeliveryChangedConsumer(PostgresEventStore store) : EventConsumer<InvitationDeliveryChanged>(store)
{
    protected override Task Handle(InvitationDeliveryChanged message, EventSession session, CancellationToken ct)
    {
        WebhookFeed.Add(
            session, message.OrganizationId, "invitation.delivery",
            new { message.InvitationId, message.Generation, message.Channel, message.Status, message.Error }, message.At);
        return Task.CompletedTask;
    }
}

/// <summary>Adds to the feed that a seat is occupied.</summary>
internal sealed class SeatConfirmedConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<SeatConfirmed>(store)
{
    protected override Task Handle(SeatConfirmed message, EventSession session, CancellationToken ct)
    {
        WebhookFeed.Add(
            session, message.OrganizationId, "seat.occupied", new { message.InvitationId, message.SubscriptionId, message.UserId }, clock.GetUtcNow());
        return Task.CompletedTask;
    }
}

/// <summary>Adds to the feed that a seat has another holder.</summary>
internal sealed class SeatTransferredConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<SeatTransferred>(store)
{
    protected override Task Handle(SeatTransferred message, EventSession session, CancellationToken ct)
    {
        WebhookFeed.Add(
            session, message.OrganizationId, "seat.transferred",
            new { message.InvitationId, message.SubscriptionId, message.FromUserId, message.ToUserId }, clock.GetUtcNow());
        return Task.CompletedTask;
    }
}

/// <summary>Adds to the feed that a seat was taken back.</summary>
internal sealed class SeatTakenBackConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<SeatTakenBack>(store)
{
    protected override Task Handle(SeatTakenBack message, EventSession session, CancellationToken ct)
    {
        WebhookFeed.Add(
            session, message.OrganizationId, "seat.released", new { message.InvitationId, message.SubscriptionId, message.UserId }, clock.GetUtcNow());
        return Task.CompletedTask;
    }
}

/// <summary>Keeps who founded which organization; an older word that comes late changes nothing.</summary>
internal sealed class OrganizationAccessChangedConsumer(PostgresEventStore store) : EventConsumer<OrganizationAccessChanged>(store)
{
    protected override Task Handle(OrganizationAccessChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into organization_access (user_id, organization_id, permissions, told_by) values ($1, $2, $3, $4)
            on conflict (user_id, organization_id) do update set permissions = excluded.permissions, told_by = excluded.told_by
            where organization_access.told_by < excluded.told_by
            """,
            message.UserId, message.OrganizationId, message.Permissions.ToArray(), Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}
