using InviteHub.LocalHost.Telemetry.Otlp;

namespace InviteHub.LocalHost.Telemetry;

/// <summary>
/// How things stood at a moment, in milliseconds: a level's value, or how much a counter counted and how often a histogram measured since the
/// point before, and how many of these measurements fell into each bucket.
/// </summary>
internal readonly record struct Point(double At, double Value, uint[]? Buckets = null)
{
    /// <summary>What it takes in memory, about.</summary>
    public int Bytes => 48 + (Buckets is null ? 0 : 24 + (sizeof(uint) * Buckets.Length));
}

/// <summary>
/// What one process told of one instrument with one set of attributes. OTLP counts from the start of the process; kept is what was added, so
/// that the sums over any time and over several processes are right.
/// </summary>
/// <param name="sender">The process.</param>
/// <param name="attributes">The attributes.</param>
/// <param name="began">When we began to listen: what was counted from before then is no news.</param>
internal sealed class Series(Sender sender, Attribute[] attributes, double began)
{
    private readonly Queue<Point> _points = new();
    private Point? _forgotten;
    private double _countedFrom;
    private double _value;
    private ulong[] _buckets = [];

    public Sender Sender => sender;

    public Attribute[] Attributes => attributes;

    public double FirstSeen { get; private set; }

    public double LastSeen { get; private set; }

    /// <summary>The upper bounds of a histogram's buckets but the last.</summary>
    public IReadOnlyList<double> Bounds { get; private set; } = [];

    /// <summary>The newest value of a level.</summary>
    public double Value => _value;

    public IEnumerable<Point> Points => _points;

    public bool Has(Attribute wanted) => Array.Exists(attributes, attribute => attribute == wanted);

    /// <summary>Takes a level.</summary>
    /// <returns>The point to keep, if it is another level than before.</returns>
    public Point? Level(double at, double value, bool isDelta)
    {
        var isFirst = !Seen(at);
        var now = isDelta ? _value + value : value;
        var changed = isFirst || now.CompareTo(_value) != 0;
        _value = now;
        return changed ? Keep(new Point(at, now)) : null;
    }

    /// <summary>Takes a counter.</summary>
    /// <returns>The point to keep, if anything was counted.</returns>
    public Point? Counted(double from, double at, double value, bool isDelta)
    {
        var before = Before(from, at, isDelta, _value, value);
        var added = value - before;
        _value = value;
        return added > 0 ? Keep(new Point(at, added)) : null;
    }

    /// <summary>Takes a histogram.</summary>
    /// <returns>The point to keep, if anything was measured.</returns>
    public Point? Measured(HistogramDataPoint point, bool isDelta)
    {
        var (at, buckets) = (point.TimeUnixNano / 1e6, point.BucketCounts.ToArray());
        var before = Before(point.StartTimeUnixNano / 1e6, at, isDelta, _value, point.Count);
        var bucketsBefore = before > 0 && _buckets.Length == buckets.Length ? _buckets : new ulong[buckets.Length];
        var added = new Point(at, point.Count - before, [.. buckets.Zip(bucketsBefore, (now, then) => (uint)(now - Math.Min(now, then)))]);
        (_value, _buckets, Bounds) = (point.Count, buckets, [.. point.ExplicitBounds]);
        return added.Value > 0 ? Keep(added) : null;
    }

    public void Forget() => _forgotten = _points.Dequeue();

    /// <summary>A level at a moment; none before the first or after the last that is known.</summary>
    public double? LevelAt(double at, double patience)
    {
        if (at > LastSeen + patience)
            return null;
        var last = _forgotten is { } forgotten && forgotten.At <= at ? forgotten : (Point?)null;
        foreach (var point in _points.TakeWhile(point => point.At <= at))
            last = point;
        return last?.Value;
    }

    private Point Keep(Point point)
    {
        _points.Enqueue(point);
        return point;
    }

    private bool Seen(double at)
    {
        var before = LastSeen > 0;
        FirstSeen = before ? FirstSeen : at;
        LastSeen = at;
        return before;
    }

    // How much of a count is no news: nothing where it begins anew, all of it where it began before we listened.
    private double Before(double from, double at, bool isDelta, double last, double now)
    {
        var isFirst = !Seen(at);
        var isAnew = from > _countedFrom;
        _countedFrom = from;
        if (isDelta)
            return 0;
        if (isFirst)
            return from < began ? now : 0;
        return isAnew || now < last ? 0 : last;
    }
}
