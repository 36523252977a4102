namespace InviteHub.EventStore;

/// <summary>A state that is made by its events alone: data and <see cref="Apply"/>, no rules, no clock, no I/O.</summary>
/// <typeparam name="TSelf">The state.</typeparam>
/// <typeparam name="TEvent">Its closed catalogue of events.</typeparam>
public interface IAggregate<TSelf, in TEvent>
    where TSelf : class, IAggregate<TSelf, TEvent>
    where TEvent : class
{
    /// <summary>What stands before the dash in its streams' ids; singular, without a dash.</summary>
    static abstract string Category { get; }

    /// <summary>The state before the first event.</summary>
    static abstract TSelf Initial { get; }

    /// <summary>The state after one more event; throws for an event it does not know.</summary>
    TSelf Apply(TEvent happened);
}

/// <summary>What events add up to.</summary>
public static class Folding
{
    /// <summary>The state that events of one stream lead to, from its first one on and in their order.</summary>
    public static TState Fold<TState, TEvent>(this IEnumerable<RecordedEvent> events)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class =>
        events.Aggregate(TState.Initial, (state, e) => state.Apply((TEvent)e.Data));
}

/// <summary>A stream that was read in order to append to it: Marten's <c>FetchForWriting</c>.</summary>
public sealed class EventStream<TState, TEvent> : IPendingStream
    where TState : class, IAggregate<TState, TEvent>
    where TEvent : class
{
    private readonly List<object> _pending = [];

    internal EventStream(StreamId id, TState state, long version) => (Id, Aggregate, CurrentVersion) = (id, state, version);

    /// <summary>The stream.</summary>
    public StreamId Id { get; }

    /// <summary>The state, with what was appended here already applied.</summary>
    public TState Aggregate { get; private set; }

    /// <summary>The version that was read, and that the stream must still have when the session saves; 0 when it does not exist.</summary>
    public long CurrentVersion { get; private set; }

    /// <summary>Appends one event when the session saves.</summary>
    public void AppendOne(TEvent happened)
    {
        // Applied first: what the state refuses is not left behind to be saved.
        Aggregate = Aggregate.Apply(happened);
        _pending.Add(happened);
    }

    /// <summary>Appends events when the session saves.</summary>
    public void AppendMany(IEnumerable<TEvent> happened)
    {
        foreach (var one in happened)
            AppendOne(one);
    }

    string IPendingStream.AggregateType => TState.Category;

    object IPendingStream.State => Aggregate;

    IReadOnlyList<object> IPendingStream.Pending => _pending;

    void IPendingStream.Saved()
    {
        CurrentVersion += _pending.Count;
        _pending.Clear();
    }
}

internal interface IPendingStream
{
    StreamId Id { get; }

    string AggregateType { get; }

    object State { get; }

    long CurrentVersion { get; }

    IReadOnlyList<object> Pending { get; }

    void Saved();
}
