using System.Collections.Immutable;
using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>A session: from signing in until it ends, expires, or an old refresh token of it turns up.</summary>
internal sealed record Session : IAggregate<Session, SessionEvent>
{
    public static string Category => "session";

    public static Session Initial { get; } = new();

    public Guid UserId { get; private init; }

    public bool Exists => UserId != Guid.Empty;

    /// <summary>Of the refresh token that is good now.</summary>
    public string RefreshHash { get; private init; } = "";

    /// <summary>Of those that were.</summary>
    public ImmutableHashSet<string> EarlierHashes { get; private init; } = [];

    /// <summary>When the refresh token runs out.</summary>
    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>When it is over however often it is refreshed.</summary>
    public DateTimeOffset EndsAt { get; private init; }

    public bool HasEnded { get; private init; }

    public static StreamId Stream(Guid id) => StreamId.Of(Category, id);

    public Session Apply(SessionEvent happened) => happened switch
    {
        SessionEvent.Started e => this with { UserId = e.UserId, RefreshHash = e.RefreshHash, ExpiresAt = e.ExpiresAt, EndsAt = e.EndsAt },
        SessionEvent.DeviceSeen => this,
        SessionEvent.Refreshed e => this with { RefreshHash = e.RefreshHash, EarlierHashes = EarlierHashes.Add(RefreshHash), ExpiresAt = e.ExpiresAt },
        SessionEvent.Ended => this with { HasEnded = true },
        _ => throw new InvalidOperationException($"a session does not know {happened.GetType()}"),
    };
}
