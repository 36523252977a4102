using System.Collections;

namespace InviteHub.LocalHost.Telemetry;

/// <summary>
/// The newest items, as many as a limit of their number and a limit of their size in memory allow: an older one goes for each that comes
/// too many. Whoever keeps them elsewhere too is told which go. Not safe for threads by itself.
/// </summary>
internal sealed class RecentItems<T>(int mostItems, long mostBytes, Action<T> forget) : IReadOnlyCollection<T>
{
    private readonly Queue<(T Item, int Bytes)> _items = new();
    private long _bytes;

    public int Count => _items.Count;

    public void Add(T item, int bytes)
    {
        _items.Enqueue((item, bytes));
        _bytes += bytes;
        while (_items.Count > mostItems || _bytes > mostBytes)
        {
            var oldest = _items.Dequeue();
            _bytes -= oldest.Bytes;
            forget(oldest.Item);
        }
    }

    public IEnumerator<T> GetEnumerator() => _items.Select(entry => entry.Item).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
