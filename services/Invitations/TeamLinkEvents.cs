using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>Everything that can happen to a team link. Who joined stands in the invitation that it led to.</summary>
internal abstract record TeamLinkEvent
{
    private TeamLinkEvent()
    {
    }

    /// <summary>A link was made, of which this holds the hash.</summary>
    [EventType("team_link.created.v1")]
    public sealed record Created(
        Guid TeamLinkId, Guid OrganizationId, Guid AppId, Guid SubscriptionId, string Role, int MostUses, IReadOnlyList<string> Domains,
        string TokenHash, DateTimeOffset ExpiresAt, Guid By, DateTimeOffset At) : TeamLinkEvent;

    /// <summary>Somebody asked to be invited by it, and was.</summary>
    [EventType("team_link.joined.v1")]
    public sealed record Joined(Guid InvitationId, DateTimeOffset At) : TeamLinkEvent;

    /// <summary>It stopped working.</summary>
    [EventType("team_link.revoked.v1")]
    public sealed record Revoked(Guid By, DateTimeOffset At) : TeamLinkEvent;
}
