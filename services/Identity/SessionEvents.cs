using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>How a session came to be.</summary>
internal enum SignedInBy
{
    /// <summary>With the password.</summary>
    Password,

    /// <summary>By registering: the one-time secret of a registration.</summary>
    Registration,
}

/// <summary>Why a session ended.</summary>
internal enum SessionEnd
{
    SignedOut,

    /// <summary>An old refresh token came again: somebody has a copy.</summary>
    RefreshTokenReused,

    PasswordChanged,

    /// <summary>The role that its tokens carry was taken away.</summary>
    RoleTaken,

    /// <summary>The person is anonymized.</summary>
    Anonymized,
}

/// <summary>What happens to a session. Refresh tokens are kept as SHA-256 only.</summary>
internal abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    [EventType("session.started.v1")]
    public sealed record Started(Guid UserId, string RefreshHash, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt, SignedInBy How) : SessionEvent;

    /// <summary>Stands behind <see cref="Started"/>: on what kind of device, as far as its browser says.</summary>
    [EventType("session.device_seen.v1")]
    public sealed record DeviceSeen(string Device) : SessionEvent;

    [EventType("session.refreshed.v1")]
    public sealed record Refreshed(string RefreshHash, DateTimeOffset ExpiresAt) : SessionEvent;

    /// <summary>It was used by its refresh token, which stays the same.</summary>
    [EventType("session.prolonged.v1")]
    public sealed record Prolonged(DateTimeOffset ExpiresAt) : SessionEvent;

    [EventType("session.ended.v1")]
    public sealed record Ended(Guid UserId, SessionEnd Why, DateTimeOffset TokensUntil) : SessionEvent;
}
