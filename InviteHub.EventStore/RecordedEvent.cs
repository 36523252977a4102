namespace InviteHub.EventStore;

/// <summary>A place in the order in which readers see events: the writer's transaction, then the sequence number.</summary>
/// <param name="TransactionId">PostgreSQL's 64-bit transaction id (<c>xid8</c>), or a later one: never below the writer's.</param>
/// <param name="Sequence">Marten's <c>seq_id</c>.</param>
public readonly record struct EventPosition(ulong TransactionId, long Sequence)
{
    /// <summary>Before the first event.</summary>
    public static EventPosition Start => default;
}

/// <summary>An event as it stands in its stream.</summary>
/// <param name="Id">The event's own id, a UUID version 7; also the id of the message that tells other services.</param>
/// <param name="Stream">The stream it belongs to.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Type">Its stored name, such as <c>invitation.accepted.v1</c>.</param>
/// <param name="Data">The event itself, personal data in clear or, where its subject was erased, as markers.</param>
/// <param name="Timestamp">When it was decided, in UTC with microseconds.</param>
/// <param name="Metadata">Who caused it, and through what.</param>
/// <param name="Position">Its place among all events; <see cref="EventPosition.Start"/> inside an inline projection, which runs before it has one.</param>
public sealed record RecordedEvent(
    Guid Id, StreamId Stream, long Version, string Type, object Data, DateTimeOffset Timestamp, EventMetadata Metadata,
    EventPosition Position = default);

/// <summary>Who caused an event and through what; never personal data, since it is stored in clear.</summary>
/// <param name="CorrelationId">What belongs together across services, such as the invitation's id.</param>
/// <param name="CausationId">The message or request that led to it.</param>
/// <param name="Headers">Anything else, such as <c>user_id</c> and <c>traceparent</c>.</param>
public sealed record EventMetadata(
    string? CorrelationId = null, string? CausationId = null, IReadOnlyDictionary<string, string>? Headers = null)
{
    /// <summary>The header that names the person who acted.</summary>
    public const string UserId = "user_id";

    /// <summary>The header that carries the W3C trace context over the stream, so that a trace goes on behind it.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers is not null && Headers.TryGetValue(name, out var value) ? value : null;
}
