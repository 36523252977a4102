using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Identity;

/// <summary>Where a request to be removed is.</summary>
internal enum RemovalStatus
{
    /// <summary>Never asked for.</summary>
    None,

    /// <summary>Waits for a System admin.</summary>
    Pending,

    /// <summary>The person was anonymized.</summary>
    Processed,

    /// <summary>The person took it back.</summary>
    Withdrawn,
}

/// <summary>What happens to a person's wish to be removed (GDP-01).</summary>
internal abstract record RemovalEvent
{
    private RemovalEvent()
    {
    }

    /// <summary>The person asks for it, or gives another reason.</summary>
    [EventType("removal.requested.v1")]
    public sealed record Requested(
        Guid UserId, Guid RequestId, [property: PersonalData(nameof(Requested.UserId))] string Reason) : RemovalEvent;

    /// <summary>A System admin is to be told of it.</summary>
    [EventType("removal.notice_due.v1")]
    public sealed record NoticeDue(Guid UserId, Guid AdminId) : RemovalEvent;

    [EventType("removal.withdrawn.v1")]
    public sealed record Withdrawn(Guid UserId, Guid RequestId) : RemovalEvent;

    /// <summary>It was done: the person is anonymized.</summary>
    [EventType("removal.processed.v1")]
    public sealed record Processed(Guid UserId, Guid RequestId, Guid By) : RemovalEvent;
}

/// <summary>A person's wish to be removed; asked for again after it was withdrawn, the stream goes on.</summary>
internal sealed record RemovalRequest : IAggregate<RemovalRequest, RemovalEvent>
{
    public static string Category => "removal";

    public static RemovalRequest Initial { get; } = new();

    /// <summary>Each time of asking has one.</summary>
    public Guid Id { get; private init; }

    public RemovalStatus Status { get; private init; }

    public string Reason { get; private init; } = "";

    public bool IsPending => Status == RemovalStatus.Pending;

    public static StreamId Stream(Guid userId) => StreamId.Of(Category, userId);

    public RemovalRequest Apply(RemovalEvent happened) => happened switch
    {
        RemovalEvent.Requested e => this with { Id = e.RequestId, Status = RemovalStatus.Pending, Reason = e.Reason },
        RemovalEvent.NoticeDue => this,
        RemovalEvent.Withdrawn => this with { Status = RemovalStatus.Withdrawn },
        RemovalEvent.Processed => this with { Status = RemovalStatus.Processed },
        _ => throw new InvalidOperationException($"a request to be removed does not know {happened.GetType()}"),
    };
}

/// <summary>Nobody has asked to be removed here.</summary>
internal sealed record RemovalRequestNotFound() : Refusal(RefusalKind.NotFound, "removal-request-not-found", "There is no such request to be removed.");
