using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Notifications.Integration;

/// <summary>What other services are told of a delivery (INV-27): where it is, not each attempt. Pure.</summary>
internal static class Publish
{
    public static object? Contract(RecordedEvent happened, Delivery delivery) => (happened.Data, delivery.Message) switch
    {
        (DeliveryEvent.Queued e, _) => Changed(happened, e, "queued", null, e.At),
        (DeliveryEvent.Sent e, DeliveryEvent.Queued invitation) => Changed(happened, invitation, "sent", null, e.At),
        (DeliveryEvent.Failed e, DeliveryEvent.Queued invitation) => Changed(happened, invitation, "failed", e.Reason, e.At),
        _ => null,
    };

    private static InvitationDeliveryChanged Changed(
        RecordedEvent happened, DeliveryEvent.Queued message, string status, string? error, DateTimeOffset at) =>
        new(message.InvitationId, Guid.Parse(happened.Stream.TenantId), message.Generation, message.Channel, status, error, at);
}
