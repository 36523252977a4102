using System.Collections.Concurrent;

namespace InviteHub.EventStore;

/// <summary>
/// The states of long streams as this process last saw them, each with the event that it ends at: only the events behind that are read and
/// folded. Like a snapshot, it is a place to begin at and never an answer. Only states that have snapshots are kept, and so none with personal data.
/// </summary>
internal sealed class LatestStates
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<(Type, StreamId), Kept> _states = new();

    public Kept? Of<TState>(StreamId id) where TState : class => _states.GetValueOrDefault((typeof(TState), id));

    /// <summary>It is of a past that is no more, since a backup was put back.</summary>
    public void Drop(StreamId id, Kept kept) => _states.TryRemove(new((kept.State.GetType(), id), kept));

    public void Keep(StreamId id, Kept now)
    {
        // Each costs one longer read to have again: not worth an order of who goes first.
        if (_states.Count >= Most)
            _states.Clear();
        // Whoever read it a moment ago does not put back whoever appended to it meanwhile.
        _states.AddOrUpdate((now.State.GetType(), id), now, (_, known) => known.Version > now.Version ? known : now);
    }

    /// <summary>A state as it was after an event.</summary>
    /// <param name="State">The state.</param>
    /// <param name="Version">The event's version in its stream.</param>
    /// <param name="EventId">The event's id.</param>
    internal sealed record Kept(object State, long Version, Guid EventId);
}
