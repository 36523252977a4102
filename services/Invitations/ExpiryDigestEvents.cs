using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>Everything that can happen to what inviters are told of expired invitations.</summary>
internal abstract record ExpiryDigestEvent
{
    private ExpiryDigestEvent()
    {
    }

    /// <summary>So many invitations expired since they were last told. <c>InvitationId</c> is the one, where it is one.</summary>
    [EventType("expirydigest.due.v1")]
    public sealed record Due(Guid InviterId, Guid OrganizationId, int Expired, Guid? InvitationId, DateTimeOffset At) : ExpiryDigestEvent;
}
