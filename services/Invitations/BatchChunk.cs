using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>Some rows of a batch that were begun in one commit; the stream's key is the chunk's id.</summary>
internal abstract record BatchChunkEvent
{
    private BatchChunkEvent()
    {
    }

    /// <summary>Their invitations exist, all to the same thing, and whether they may go out is to be decided.</summary>
    [EventType("batchchunk.requested.v1")]
    public sealed record Requested(
        Guid BatchId, Guid OrganizationId, Way Way, BatchTarget Target, bool Waits, IReadOnlyList<Guid> InvitationIds, IReadOnlyList<Guid> InviteeIds,
        Guid InvitedBy, string InvitedByRole) : BatchChunkEvent;

    /// <summary>Subscriptions admitted these of them, and they opened in the same commit.</summary>
    [EventType("batchchunk.opened.v1")]
    public sealed record Opened(IReadOnlyList<Guid> InvitationIds) : BatchChunkEvent;
}

/// <summary>What is asked of Subscriptions at once (INV-20): a stream of its own, so that workers don't meet on the batch's.</summary>
internal sealed record BatchChunk : IAggregate<BatchChunk, BatchChunkEvent>
{
    public static string Category => "batchchunk";

    public static BatchChunk Initial { get; } = new();

    public bool IsOpened { get; private init; }

    public static StreamId Stream(Guid organizationId, Guid id) => StreamId.Of(Category, id, organizationId);

    public BatchChunk Apply(BatchChunkEvent happened) => happened switch
    {
        BatchChunkEvent.Requested => this,
        BatchChunkEvent.Opened => this with { IsOpened = true },
        _ => throw new InvalidOperationException($"a chunk does not know {happened.GetType()}"),
    };
}
