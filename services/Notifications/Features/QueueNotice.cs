using InviteHub.EventStore;

namespace InviteHub.Notifications.Features;

/// <summary>A person is to be told something: one message is queued for the notice, whatever is redelivered (NOT-03).</summary>
internal static class QueueNotice
{
    public const string Channel = "email";

    public sealed record Command(Guid? OrganizationId, DeliveryEvent.NoticeQueued Message);

    public static Decision<DeliveryEvent> Decide(Delivery delivery, Command c) => delivery.Status switch
    {
        DeliveryStatus.None => c.Message,
        _ => Nothing.Happened,
    };

    public static Task Handle(Command c, EventSession session, CancellationToken ct) => session.Decide<Delivery, DeliveryEvent>(
        Delivery.Stream(c.OrganizationId, Delivery.IdFor(c.Message.NoticeId, c.Message.Channel)), d => Decide(d, c), ct);
}
