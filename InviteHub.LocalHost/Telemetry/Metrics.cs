using InviteHub.LocalHost.Telemetry.Otlp;

namespace InviteHub.LocalHost.Telemetry;

/// <summary>An instrument that can be chosen. Its kind is level, counter or histogram.</summary>
internal sealed record InstrumentRow(string Resource, string Meter, string Name, string Description, string Unit, string Kind);

/// <summary>Which part of an instrument's points is to be drawn: of the last minutes, with some attributes' values, split by an attribute.</summary>
internal sealed record MetricQuery(
    string Resource, string Meter, string Instrument, int Minutes, IReadOnlyList<Attribute> With, string? SplitBy);

/// <summary>
/// What to draw; times are in milliseconds. A level's lines hold its values, a counter's how much there was in a second, a histogram's the
/// percentiles, and <paramref name="Rate"/> how many measurements there were in a second.
/// </summary>
internal sealed record MetricView(
    InstrumentRow Instrument, double From, double Step, IReadOnlyList<MetricLine> Lines, int TotalLines, MetricLine? Rate,
    IReadOnlyList<Dimension> Dimensions, IReadOnlyList<ExemplarView> Exemplars);

/// <summary>One line: a value or none for each step.</summary>
internal sealed record MetricLine(string Name, IReadOnlyList<double?> Values);

/// <summary>An attribute of an instrument's points, and the values that it has.</summary>
internal sealed record Dimension(string Name, IReadOnlyList<string> Values);

/// <summary>One measurement, and the trace that it was made in.</summary>
internal sealed record ExemplarView(double At, double Value, string Trace, string Span);

/// <summary>
/// The metrics that came: of at most 3,000 series (an instrument with its attributes, in one process) the newest 150,000 points, or fewer
/// when they take more than 24 MB, and the newest 200 exemplars of each of at most 1,000 instruments.
/// </summary>
internal sealed class Metrics(TimeProvider clock, int mostSeries = Metrics.MostSeries, int mostPoints = Metrics.MostPoints, long mostBytes = Metrics.MostBytes)
{
    private const int MostInstruments = 1_000;
    private const int MostSeries = 3_000;
    private const int MostPoints = 150_000;
    private const long MostBytes = 24 << 20;
    private const int MostExemplars = 200;
    private const int MostLines = 12;
    private const int MostValues = 200;
    private const int MostMinutes = 24 * 60;
    private const int MostSteps = 60;
    private const double ShortestStep = 10_000;
    private const double Minute = 60_000;

    private static readonly (string Name, double Part)[] Percentiles = [("P50", 0.5), ("P90", 0.9), ("P99", 0.99)];

    private readonly Lock _gate = new();
    private readonly double _began = clock.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly Dictionary<(string Resource, string Meter, string Name), Instrument> _instruments = [];
    private readonly RecentItems<Series> _points = new(mostPoints, mostBytes, series => series.Forget());
    private int _series;

    /// <summary>How many points there are.</summary>
    public int Points
    {
        get
        {
            lock (_gate)
                return _points.Count;
        }
    }

    public void Add(ExportMetricsServiceRequest request)
    {
        lock (_gate)
        {
            foreach (var from in request.ResourceMetrics)
            {
                var sender = Values.Sender(from.Resource);
                foreach (var scope in from.ScopeMetrics)
                {
                    foreach (var metric in scope.Metrics)
                        Add(sender, Values.Text(scope.Scope?.Name ?? ""), metric);
                }
            }
        }
    }

    /// <summary>The instruments that there are.</summary>
    public IReadOnlyList<InstrumentRow> List()
    {
        lock (_gate)
            return [.. _instruments.Values.Select(instrument => instrument.Row).OrderBy(row => (row.Resource, row.Meter, row.Name))];
    }

    public MetricView? Find(MetricQuery query)
    {
        lock (_gate)
        {
            if (!_instruments.TryGetValue((query.Resource, query.Meter, query.Instrument), out var instrument))
                return null;
            var minutes = Math.Clamp(query.Minutes, 1, MostMinutes);
            var step = Math.Max(ShortestStep, minutes * Minute / MostSteps);
            var count = (int)(minutes * Minute / step);
            // Steps begin where they did a moment ago, so that the lines stand still while they grow.
            var span = new Span((Math.Floor(clock.GetUtcNow().ToUnixTimeMilliseconds() / step) - count + 1) * step, step, count);
            var fitting = instrument.Series.Values.Where(series => query.With.All(series.Has) && series.LastSeen >= span.From).ToList();
            var (lines, total, rate) = instrument.Row.Kind switch
            {
                "level" => Levels(fitting, query.SplitBy, span),
                "counter" => Rates(fitting, query.SplitBy, span),
                _ => ([.. Percentiles.Select(percentile => Percentile(fitting, percentile, span))], Percentiles.Length, Rate("measurements", fitting, span)),
            };
            return new MetricView(
                instrument.Row, span.From, step, lines, total, rate, Dimensions(instrument),
                [.. instrument.Exemplars.Where(exemplar => exemplar.View.At >= span.From && query.With.All(exemplar.Series.Has)).Select(exemplar => exemplar.View)]);
        }
    }

    private void Add(Sender sender, string meter, Metric metric)
    {
        var kind = metric.DataCase switch
        {
            Metric.DataOneofCase.Gauge => "level",
            Metric.DataOneofCase.Sum => metric.Sum.IsMonotonic ? "counter" : "level",
            Metric.DataOneofCase.Histogram => "histogram",
            _ => null, // Summaries and exponential histograms, which .NET does not send unless it is told to.
        };
        var key = (sender.Resource, meter, Values.Text(metric.Name));
        if (kind is null || (!_instruments.ContainsKey(key) && _instruments.Count == MostInstruments))
            return;
        if (!_instruments.TryGetValue(key, out var instrument) || instrument.Row.Kind != kind)
            _instruments[key] = instrument = new Instrument(new(sender.Resource, meter, key.Item3, Values.Text(metric.Description), Values.Text(metric.Unit), kind));

        foreach (var point in metric.Gauge?.DataPoints ?? metric.Sum?.DataPoints ?? [])
        {
            var isDelta = metric.Sum?.AggregationTemporality == AggregationTemporality.Delta;
            var value = point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
            if (!double.IsFinite(value))
                continue; // There is no place for it on a chart.
            Keep(instrument, SeriesOf(instrument, sender, Values.Attributes(point.Attributes)), point.Exemplars, series => kind == "level"
                ? series.Level(point.TimeUnixNano / 1e6, value, isDelta)
                : series.Counted(point.StartTimeUnixNano / 1e6, point.TimeUnixNano / 1e6, value, isDelta));
        }

        foreach (var point in metric.Histogram?.DataPoints ?? [])
        {
            var isDelta = metric.Histogram!.AggregationTemporality == AggregationTemporality.Delta;
            Keep(instrument, SeriesOf(instrument, sender, Values.Attributes(point.Attributes)), point.Exemplars, series => series.Measured(point, isDelta));
        }
    }

    private void Keep(Instrument instrument, Series series, IEnumerable<Exemplar> exemplars, Func<Series, Point?> take)
    {
        // A process tells its exemplars again until newer ones take their place.
        var told = series.LastSeen;
        if (take(series) is { } point)
            _points.Add(series, point.Bytes);
        foreach (var exemplar in exemplars.Where(exemplar => exemplar.TimeUnixNano / 1e6 > told && !exemplar.TraceId.IsEmpty && double.IsFinite(exemplar.AsDouble)))
        {
            var value = exemplar.ValueCase == Exemplar.ValueOneofCase.AsInt ? exemplar.AsInt : exemplar.AsDouble;
            var view = new ExemplarView(exemplar.TimeUnixNano / 1e6, value, Values.Hex(exemplar.TraceId), Values.Hex(exemplar.SpanId));
            instrument.Exemplars.Enqueue((series, view));
            if (instrument.Exemplars.Count > MostExemplars)
                instrument.Exemplars.Dequeue();
        }
    }

    private Series SeriesOf(Instrument instrument, Sender sender, Attribute[] attributes)
    {
        Array.Sort(attributes, (one, other) => string.CompareOrdinal(one.Name, other.Name));
        var key = string.Join('\u001f', [sender.Instance, .. attributes.Select(attribute => $"{attribute.Name}={attribute.Value}")]);
        if (instrument.Series.TryGetValue(key, out var series))
            return series;
        if (_series == mostSeries)
            ForgetSeries();
        _series++;
        series = new Series(sender, attributes, _began);
        instrument.Series.Add(key, series);
        return series;
    }

    // The one that was not heard of for the longest time: that of a process that has ended, most likely.
    private void ForgetSeries()
    {
        var (of, key) = _instruments.Values
            .SelectMany(instrument => instrument.Series.Select(entry => (Of: instrument, entry.Key, entry.Value.LastSeen)))
            .MinBy(entry => entry.LastSeen) is var oldest ? (oldest.Of, oldest.Key) : default;
        of.Series.Remove(key);
        _series--;
    }

    // Levels of several processes can't be added up in general, so each has a line of its own, unless they are to be told apart by one attribute.
    private static (IReadOnlyList<MetricLine> Lines, int Total, MetricLine? Rate) Levels(List<Series> fitting, string? splitBy, Span span)
    {
        var lines = fitting.GroupBy(series => splitBy is null ? Name(series) : ValueOf(series, splitBy)).OrderByDescending(line => line.Max(series => series.Value)).ToList();
        return ([.. lines.Take(MostLines).Select(line => new MetricLine(line.Key, [.. span.Ends.Select(at => Sum(line, at))]))], lines.Count, null);

        double? Sum(IEnumerable<Series> line, double at) =>
            line.Select(series => series.LevelAt(at, span.Step)).OfType<double>().ToList() is { Count: > 0 } levels ? levels.Sum() : null;
    }

    private static (IReadOnlyList<MetricLine> Lines, int Total, MetricLine? Rate) Rates(List<Series> fitting, string? splitBy, Span span)
    {
        var lines = fitting.GroupBy(series => splitBy is null ? "total" : ValueOf(series, splitBy))
            .Select(line => Rate(line.Key, [.. line], span)).OrderByDescending(line => line.Values.Sum()).ToList();
        return ([.. lines.Take(MostLines)], lines.Count, null);
    }

    private static MetricLine Rate(string name, List<Series> fitting, Span span)
    {
        var sums = new double?[span.Count];
        foreach (var series in fitting)
        {
            for (var i = 0; i < span.Count; i++)
            {
                if (span.Ends[i] >= series.FirstSeen && span.Ends[i] - span.Step <= series.LastSeen)
                    sums[i] ??= 0;
            }
            foreach (var point in series.Points.Where(point => span.Holds(point.At)))
                sums[span.IndexOf(point.At)] += point.Value;
        }
        return new MetricLine(name, [.. sums.Select(sum => sum / (span.Step / 1000))]);
    }

    private static MetricLine Percentile(List<Series> fitting, (string Name, double Part) percentile, Span span)
    {
        var values = new double?[span.Count];
        var bounds = fitting.Select(series => series.Bounds).FirstOrDefault([]);
        var points = fitting.Where(series => series.Bounds.SequenceEqual(bounds)).SelectMany(series => series.Points)
            .Where(point => span.Holds(point.At) && point.Buckets!.Length == bounds.Count + 1).ToLookup(point => span.IndexOf(point.At));
        foreach (var step in points)
        {
            var buckets = new double[bounds.Count + 1];
            foreach (var point in step)
            {
                for (var i = 0; i < buckets.Length; i++)
                    buckets[i] += point.Buckets![i];
            }
            values[step.Key] = Percentile(bounds, buckets, percentile.Part);
        }
        return new MetricLine(percentile.Name, values);
    }

    // Within a bucket the measurements are taken to lie evenly; above the last bound nothing is known but that.
    private static double? Percentile(IReadOnlyList<double> bounds, double[] buckets, double part)
    {
        var left = part * buckets.Sum();
        for (var i = 0; i < bounds.Count; i++)
        {
            if (left <= buckets[i] && buckets[i] > 0)
            {
                var lower = i == 0 ? Math.Min(0, bounds[0]) : bounds[i - 1];
                return lower + ((bounds[i] - lower) * left / buckets[i]);
            }
            left -= buckets[i];
        }
        return bounds.Count == 0 ? null : bounds[^1];
    }

    private static List<Dimension> Dimensions(Instrument instrument) =>
    [
        .. instrument.Series.Values.SelectMany(series => series.Attributes).GroupBy(attribute => attribute.Name).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Dimension(group.Key, [.. group.Select(attribute => attribute.Value).Distinct().Order(StringComparer.Ordinal).Take(MostValues)])),
    ];

    private static string Name(Series series) =>
        series.Attributes.Length == 0 ? series.Sender.Instance : string.Join(", ", series.Attributes.Select(attribute => attribute.Value));

    private static string ValueOf(Series series, string name) => Array.Find(series.Attributes, attribute => attribute.Name == name).Value ?? "(none)";

    private sealed record Instrument(InstrumentRow Row)
    {
        public Dictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);

        public Queue<(Series Series, ExemplarView View)> Exemplars { get; } = new();
    }

    /// <summary>The time that is drawn, cut into steps.</summary>
    private sealed record Span(double From, double Step, int Count)
    {
        public double[] Ends { get; } = [.. Enumerable.Range(1, Count).Select(i => From + (i * Step))];

        public bool Holds(double at) => at >= From && at < From + (Count * Step);

        public int IndexOf(double at) => (int)((at - From) / Step);
    }
}
