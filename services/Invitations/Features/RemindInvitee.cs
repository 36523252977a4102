using InviteHub.EventStore;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Reminds somebody who has not answered, so many days before the end (INV-22): each day that the organization wants once, and only the
/// latest of those that a standstill made late.
/// </summary>
internal static class RemindInvitee
{
    /// <summary>A reminder's time has come; the next one's is <c>UsefulUntil</c>.</summary>
    public sealed record Command(int DaysBefore, DateTimeOffset? UsefulUntil, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: not InvitationStatus.Pending } => Nothing.Happened,
        { Link.ExpiresAt: var end } when c.At >= end || c.At < end - TimeSpan.FromDays(c.DaysBefore) => Nothing.Happened,
        _ when c.At >= c.UsefulUntil || invitation.Reminders.Contains(c.DaysBefore) => Nothing.Happened,
        _ => new InvitationEvent.Reminded(c.DaysBefore, invitation.Link!.Generation, c.At),
    };
}
