using System.Collections.Concurrent;

namespace InviteHub.EventStore;

/// <summary>
/// The states of long streams as this process last saw them: only the events behind one are read and folded. Like a snapshot, it is
/// a place to begin at and never an answer. Only states that have snapshots are kept, and so none with personal data.
/// </summary>
internal sealed class LatestStates
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<(Type, StreamId), (object State, long Version)> _states = new();

    public (TState State, long Version)? Of<TState>(StreamId id) where TState : class =>
        _states.TryGetValue((typeof(TState), id), out var kept) ? ((TState)kept.State, kept.Version) : null;

    /// <summary>After a race that was lost with a version: the stream may not even be the one that was seen, where a backup was put back. What
    /// was kept meanwhile, by whoever won, stays.</summary>
    public void Drop(Type state, StreamId id, long version)
    {
        if (_states.TryGetValue((state, id), out var kept) && kept.Version <= version)
            _states.TryRemove(new((state, id), kept));
    }

    public void Keep(StreamId id, object state, long version)
    {
        // Each costs one longer read to have again: not worth an order of who goes first.
        if (_states.Count >= Most)
            _states.Clear();
        // Whoever read it a moment ago does not put back whoever appended to it meanwhile.
        _states.AddOrUpdate((state.GetType(), id), (state, version), (_, known) => known.Version > version ? known : (state, version));
    }
}
