using InviteHub.EventStore;

namespace InviteHub.Invitations.Features;

/// <summary>An open invitation whose time is up ends, and its seat comes back (INV-22).</summary>
internal static class ExpireInvitation
{
    public static Decision<InvitationEvent> Decide(Invitation invitation, DateTimeOffset now) => invitation switch
    {
        { Status: InvitationStatus.Pending, Link.ExpiresAt: var end } when now >= end => new InvitationEvent.Expired(now),
        // Accepted, revoked or given more time meanwhile: a timer that comes late finds that it does not matter any more.
        _ => Nothing.Happened,
    };
}
