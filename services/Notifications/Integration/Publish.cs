using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Notifications.Integration;

/// <summary>What other services are told of a delivery (INV-27): where it is, not each attempt; of notices, the end of a person's last one. Pure.</summary>
internal static class Publish
{
    public static object? Contract(RecordedEvent happened, Delivery delivery) => (happened.Data, delivery.Message) switch
    {
        (IInvitationMessage e, _) => Changed(happened, e, "queued", null, e.At),
        (DeliveryEvent.Sent e, IInvitationMessage invitation) => Changed(happened, invitation, "sent", null, e.At),
        (DeliveryEvent.Failed e, IInvitationMessage invitation) => Changed(happened, invitation, "failed", e.Reason, e.At),
        (DeliveryEvent.Bounced e, IInvitationMessage invitation) => Changed(happened, invitation, "bounced", e.Reason, e.At),
        (DeliveryEvent.Sent e, DeliveryEvent.NoticeQueued { Kind: NoticeKind.Anonymized } last) => new LastNoticeSettled(last.NoticeId, last.RecipientId, "sent", e.At),
        (DeliveryEvent.Failed e, DeliveryEvent.NoticeQueued { Kind: NoticeKind.Anonymized } last) => new LastNoticeSettled(last.NoticeId, last.RecipientId, "failed", e.At),
        _ => null,
    };

    private static InvitationDeliveryChanged Changed(
        RecordedEvent happened, IInvitationMessage message, string status, string? error, DateTimeOffset at) =>
        new(message.InvitationId, Guid.Parse(happened.Stream.TenantId), message.Generation, message.Channel, status, error, at);
}
