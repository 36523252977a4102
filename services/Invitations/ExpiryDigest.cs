using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>What an inviter was told of those of their invitations to an organization that expired (INV-22), made by its events alone.</summary>
internal sealed record ExpiryDigest : IAggregate<ExpiryDigest, ExpiryDigestEvent>
{
    public static string Category => "expirydigest";

    public static ExpiryDigest Initial { get; } = new();

    /// <summary>When they were last told; null when never.</summary>
    public DateTimeOffset? LastAt { get; init; }

    public static StreamId Stream(Guid organizationId, Guid inviterId) => StreamId.Of(Category, inviterId, organizationId);

    public ExpiryDigest Apply(ExpiryDigestEvent happened) => happened switch
    {
        ExpiryDigestEvent.Due e => this with { LastAt = e.At },
        _ => throw new InvalidOperationException($"{happened.GetType()} is not an event of a digest"),
    };
}
