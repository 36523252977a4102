using InviteHub.EventStore;

namespace InviteHub.Invitations.Features;

/// <summary>Notes what became of the message that carries an invitation's link (INV-27): delivery never changes the lifecycle.</summary>
internal static class RecordDelivery
{
    public sealed record Command(int Generation, string Channel, string Status, string? Error, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Link: null } => Nothing.Happened,
        // Reports come twice and out of order: an older link's, or an earlier moment's, tells nothing new.
        { Link.Generation: var generation } when c.Generation < generation => Nothing.Happened,
        { Delivery: { } known } when known.Generation == c.Generation && known.At >= c.At => Nothing.Happened,
        _ => new InvitationEvent.DeliveryChanged(c.Generation, c.Channel, c.Status, c.Error, c.At),
    };
}
