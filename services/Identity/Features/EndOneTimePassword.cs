using InviteHub.EventStore;

namespace InviteHub.Identity.Features;

/// <summary>The invitation that a one-time password came with is over (INV-14): it opens nothing any more, unless a newer one took its place.</summary>
internal static class EndOneTimePassword
{
    public static Decision<UserEvent> Decide(User user, Guid invitationId) => user.OneTimePassword?.InvitationId == invitationId
        ? new UserEvent.OneTimePasswordEnded(user.Id, invitationId)
        : Nothing.Happened;
}
