using InviteHub.EventStore;

namespace InviteHub.Invitations.Features;

/// <summary>
/// The invitee of an invitation is forgotten (GDP-05): what was not accepted yet is taken back for good, so that its seat comes back and it is
/// neither sent again nor edited; what it says of the person goes from lists.
/// </summary>
internal static class ForgetInvitee
{
    public sealed record Command(Guid By, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.None } or { IsInviteeForgotten: true } => Nothing.Happened,
        { IsUndecided: true } or { IsOpen: true } or { Status: InvitationStatus.Expired } => new InvitationEvent[]
        {
            new InvitationEvent.Revoked(c.By, c.At), new InvitationEvent.InviteeForgotten(c.At),
        },
        _ => new InvitationEvent.InviteeForgotten(c.At),
    };
}
