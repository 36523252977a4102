using InviteHub.EventStore;

namespace InviteHub.Notifications.Features;

/// <summary>An invitation ended without being accepted: what was not sent yet stays here.</summary>
internal static class StopDeliveries
{
    /// <summary>The reason after which an invitation may be opened again, by a resend (INV-08).</summary>
    private const string Expired = "expired";

    public sealed record Command(Guid InvitationId, Guid OrganizationId, string Reason, DateTimeOffset At);

    public static Decision<MailingEvent> Decide(Mailing mailing, Command c) => mailing switch
    {
        { IsStopped: true } => Nothing.Happened,
        // A link that has run out is not sent anyway; a fresh one may follow and must get through.
        _ when c.Reason == Expired => Nothing.Happened,
        _ => new MailingEvent.Stopped(c.Reason),
    };

    public static Decision<DeliveryEvent> Decide(Delivery delivery, Command c) => delivery switch
    {
        { Status: not (DeliveryStatus.Queued or DeliveryStatus.Sending) } => Nothing.Happened,
        // The word of an earlier link's end comes late: the newer link is not meant.
        { Message.ExpiresAt: var end } when c.Reason == Expired && end > c.At => Nothing.Happened,
        _ => new DeliveryEvent.Cancelled(c.Reason, c.At),
    };

    public static async Task Handle(Command c, EventSession session, CancellationToken ct)
    {
        var mailing = await session.Decide<Mailing, MailingEvent>(Mailing.Stream(c.OrganizationId, c.InvitationId), m => Decide(m, c), ct);
        foreach (var id in mailing.State.Deliveries)
            await session.Decide<Delivery, DeliveryEvent>(Delivery.Stream(c.OrganizationId, id), d => Decide(d, c), ct);
    }
}
