using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>A link that members of a team invite themselves with, made by its events alone.</summary>
internal sealed record TeamLink : IAggregate<TeamLink, TeamLinkEvent>
{
    public static string Category => "team_link";

    public static TeamLink Initial { get; } = new();

    /// <summary>What it offers and within which bounds; null before it was made.</summary>
    public TeamLinkEvent.Created? Terms { get; init; }

    /// <summary>How many have joined by it.</summary>
    public int Uses { get; init; }

    public bool IsRevoked { get; init; }

    public static StreamId Stream(Guid organizationId, Guid id) => StreamId.Of(Category, id, organizationId);

    public TeamLink Apply(TeamLinkEvent happened) => happened switch
    {
        TeamLinkEvent.Created e => this with { Terms = e },
        TeamLinkEvent.Joined => this with { Uses = Uses + 1 },
        TeamLinkEvent.Revoked => this with { IsRevoked = true },
        _ => throw new InvalidOperationException($"{happened.GetType()} is not an event of a team link"),
    };
}
