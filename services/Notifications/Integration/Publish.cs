using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Notifications.Integration;

/// <summary>What other services are told of a delivery (INV-27): where it is, not each attempt; of notices, the end of a person's last one. Pure.</summary>
internal static class Publish
{
    public static Func<Delivery, object?>? Contract(RecordedEvent happened) => happened.Data switch
    {
        // Of those of a batch everybody knows that they are queued, since they were opened together.
        IInvitationMessage { IsBulk: true } => null,
        IInvitationMessage e => delivery => Settled(happened, delivery, "queued", null, e.At),
        DeliveryEvent.Sent e => delivery => Settled(happened, delivery, "sent", null, e.At),
        DeliveryEvent.Failed e => delivery => Settled(happened, delivery, "failed", e.Reason, e.At, e.IsHard),
        DeliveryEvent.Bounced e => delivery => delivery.Message is IInvitationMessage ? Settled(happened, delivery, "bounced", e.Reason, e.At, e.IsHard) : null,
        _ => null,
    };

    private static object? Settled(RecordedEvent happened, Delivery delivery, string status, string? error, DateTimeOffset at, bool? isHard = null) => delivery.Message switch
    {
        IInvitationMessage message => new InvitationDeliveryChanged(
            message.InvitationId, Guid.Parse(happened.Stream.TenantId), message.Generation, message.Channel, status, error, at)
        {
            IsHard = isHard,
        },
        DeliveryEvent.NoticeQueued { Kind: NoticeKind.Anonymized } last => new LastNoticeSettled(last.NoticeId, last.RecipientId, status, at),
        _ => null,
    };
}
