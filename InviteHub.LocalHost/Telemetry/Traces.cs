using InviteHub.LocalHost.Telemetry.Otlp;

namespace InviteHub.LocalHost.Telemetry;

/// <summary>What is asked of the list of traces.</summary>
internal sealed record TraceQuery(string? Resource, string? Text, bool ErrorsOnly, double? LongerThan, bool Background, int Limit);

/// <summary>The newest that fit, newest first: how many fit in all, how many there are, and how many were left out as mere background.</summary>
internal sealed record TraceList(IReadOnlyList<TraceRow> Items, int Matching, int Total, int Background, IReadOnlyList<string> Resources);

/// <summary>A trace in the list. Times are in milliseconds.</summary>
internal sealed record TraceRow(
    string Id, string Name, string Resource, double StartedAt, double Duration, int Spans, int Errors, IReadOnlyList<TracePart> Parts);

/// <summary>What one resource has in a trace.</summary>
internal sealed record TracePart(string Resource, int Spans, int Errors);

/// <summary>A trace with its spans, each under its parent, in the order of their beginning.</summary>
internal sealed record TraceView(string Id, string Name, double StartedAt, double Duration, int Total, IReadOnlyList<SpanView> Spans);

/// <summary>A span; <paramref name="Start"/> counts from the beginning of the trace.</summary>
internal sealed record SpanView(
    string Id, string? Parent, int Depth, string Name, string Kind, string Resource, string Source, double Start, double Duration, bool Failed, string? Status,
    IReadOnlyList<Attribute> Attributes, IReadOnlyList<Attribute> Sender, IReadOnlyList<EventView> Events, IReadOnlyList<LinkView> Links);

/// <summary>Something that happened during a span.</summary>
internal sealed record EventView(string Name, double At, IReadOnlyList<Attribute> Attributes);

/// <summary>Another trace that a span has to do with.</summary>
internal sealed record LinkView(string Trace, string Span);

/// <summary>
/// The spans that came, by their traces: the newest 20,000 spans, or fewer when they take more than 48 MB. Queries that a service sends by itself,
/// all day long, have a tenth of that of their own, so that they never take the place of what somebody did.
/// </summary>
internal sealed class Traces
{
    private const int MostSpans = 20_000;
    private const long MostBytes = 48 << 20;
    private const int MostOnPage = 500;
    private const int MostInView = 2_000;
    private const int LongestQuery = 120;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Trace> _traces = new(StringComparer.Ordinal);
    private readonly RecentItems<Kept> _spans;
    private readonly RecentItems<Kept> _background;

    public Traces(int mostSpans = MostSpans, long mostBytes = MostBytes)
    {
        _spans = new(mostSpans, mostBytes, Forget);
        _background = new(mostSpans / 10, mostBytes / 10, Forget);
    }

    public void Add(ExportTraceServiceRequest request)
    {
        foreach (var from in request.ResourceSpans)
        {
            var sender = Values.Sender(from.Resource);
            foreach (var scope in from.ScopeSpans)
            {
                foreach (var span in scope.Spans)
                    Add(sender, scope.Scope?.Name ?? "", span);
            }
        }
    }

    public TraceList Find(TraceQuery query)
    {
        lock (_gate)
        {
            var resources = _traces.Values.SelectMany(trace => trace.Spans).Select(span => span.Sender.Resource).Distinct().Order(StringComparer.Ordinal).ToList();
            var wanted = _traces.Values.Where(trace => Fits(trace, query)).ToList();
            var shown = query.Background ? wanted : wanted.FindAll(trace => !trace.IsBackground);
            var page = shown.OrderByDescending(trace => trace.Start).Take(Math.Clamp(query.Limit, 1, MostOnPage));
            return new TraceList([.. page.Select(Row)], shown.Count, _traces.Count, wanted.Count - shown.Count, resources);
        }
    }

    public TraceView? Find(string id)
    {
        lock (_gate)
        {
            if (!_traces.TryGetValue(id, out var trace))
                return null;
            var row = Row(trace);
            var spans = InOrder(trace).Take(MostInView).Select(entry => View(entry.Span, entry.Depth, trace.Start));
            return new TraceView(id, row.Name, row.StartedAt, row.Duration, trace.Spans.Count, [.. spans]);
        }
    }

    private void Add(Sender sender, string source, Span span)
    {
        if (span.TraceId.Length != 16 || span.SpanId.Length != 8)
            return; // Nobody could find it.
        var kept = new Kept(Values.Hex(span.TraceId), sender, Values.Text(source), span);
        lock (_gate)
        {
            _traces.TryAdd(kept.Trace, new Trace(kept.Trace));
            _traces[kept.Trace].Spans.Add(kept);
            (kept is { Parent: null, IsQuery: true, Failed: false } ? _background : _spans).Add(kept, kept.Bytes);
        }
    }

    private void Forget(Kept span)
    {
        var trace = _traces[span.Trace];
        trace.Spans.Remove(span);
        if (trace.Spans.Count == 0)
            _traces.Remove(span.Trace);
    }

    private static bool Fits(Trace trace, TraceQuery query) =>
        (!query.ErrorsOnly || trace.Spans.Exists(span => span.Failed))
        && (query.LongerThan is not { } least || Milliseconds(trace.End - trace.Start) >= least)
        && (query.Resource is not { Length: > 0 } resource || trace.Spans.Exists(span => span.Sender.Resource == resource))
        && (query.Text is not { Length: > 0 } text
            || trace.Id.StartsWith(text, StringComparison.OrdinalIgnoreCase)
            || trace.Spans.Exists(span => span.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || span.Attributes.Hold(text)));

    private static TraceRow Row(Trace trace)
    {
        var root = trace.Root;
        var parts = trace.Spans.OrderBy(span => span.Start).GroupBy(span => span.Sender.Resource)
            .Select(part => new TracePart(part.Key, part.Count(), part.Count(span => span.Failed)));
        return new TraceRow(
            trace.Id, root.Name, root.Sender.Resource, Milliseconds(trace.Start), Milliseconds(trace.End - trace.Start), trace.Spans.Count,
            trace.Spans.Count(span => span.Failed), [.. parts]);
    }

    // A span whose parent is elsewhere, or gone already, stands at the top. A loop of parents is nobody's child: it follows at the end.
    private static IEnumerable<(Kept Span, int Depth)> InOrder(Trace trace)
    {
        var known = trace.Spans.Select(span => span.Id).ToHashSet(StringComparer.Ordinal);
        var children = trace.Spans.OrderBy(span => span.Start).ToLookup(span => span.Parent is { } parent && parent != span.Id && known.Contains(parent) ? parent : "");
        var seen = new HashSet<Kept>(ReferenceEqualityComparer.Instance);
        var next = new Stack<(Kept Span, int Depth)>(children[""].Reverse().Select(span => (span, 0)));
        while (next.TryPop(out var entry))
        {
            if (!seen.Add(entry.Span))
                continue;
            yield return entry;
            foreach (var child in children[entry.Span.Id].Reverse())
                next.Push((child, entry.Depth + 1));
        }
        foreach (var span in trace.Spans.Where(span => !seen.Contains(span)))
            yield return (span, 0);
    }

    private static SpanView View(Kept span, int depth, ulong start) => new(
        span.Id, span.Parent, depth, span.Name, span.Kind, span.Sender.Resource, span.Source, Milliseconds(span.Start - start),
        Milliseconds(span.End - span.Start), span.Failed, span.Status, span.Attributes, span.Sender.Attributes,
        [.. span.Events.Select(happened => new EventView(happened.Name, Milliseconds(happened.At) - Milliseconds(start), happened.Attributes))],
        span.Links);

    private static double Milliseconds(ulong nanoseconds) => nanoseconds / 1e6;

    private sealed class Trace(string id)
    {
        public string Id => id;

        public List<Kept> Spans { get; } = [];

        public ulong Start => Spans.Min(span => span.Start);

        public ulong End => Spans.Max(span => span.End);

        public Kept Root
        {
            get
            {
                var known = Spans.Select(span => span.Id).ToHashSet(StringComparer.Ordinal);
                return Spans.OrderBy(span => span.Parent is { } parent && known.Contains(parent)).ThenBy(span => span.Start).First();
            }
        }

        /// <summary>A service sees to its database, by itself: there is no request and no message in it.</summary>
        public bool IsBackground => Spans.TrueForAll(span => !span.Failed && (span.IsQuery || span.Kind == "internal")) && Spans.Exists(span => span.IsQuery);
    }

    private sealed class Kept
    {
        private const int MostEvents = 32;

        public Kept(string trace, Sender sender, string source, Span span)
        {
            (Trace, Sender, Source) = (trace, sender, source);
            Id = Values.Hex(span.SpanId);
            Parent = span.ParentSpanId.IsEmpty ? null : Values.Hex(span.ParentSpanId);
            Kind = span.Kind.ToString().ToLowerInvariant();
            Start = span.StartTimeUnixNano;
            End = Math.Max(span.StartTimeUnixNano, span.EndTimeUnixNano);
            Attributes = Values.Attributes(span.Attributes);
            Name = Values.Text(NameOf(span.Name, Attributes));
            Failed = span.Status?.Code == StatusCode.Error;
            Status = span.Status?.Message is { Length: > 0 } message ? Values.Text(message) : null;
            Events = [.. span.Events.Take(MostEvents).Select(happened => (Values.Text(happened.Name), happened.TimeUnixNano, Values.Attributes(happened.Attributes)))];
            Links = [.. span.Links.Take(MostEvents).Select(link => new LinkView(Values.Hex(link.TraceId), Values.Hex(link.SpanId)))];
        }

        public string Trace { get; }

        public Sender Sender { get; }

        public string Source { get; }

        public string Id { get; }

        public string? Parent { get; }

        public string Name { get; }

        public string Kind { get; }

        public ulong Start { get; }

        public ulong End { get; }

        public Attribute[] Attributes { get; }

        public bool Failed { get; }

        public string? Status { get; }

        public (string Name, ulong At, Attribute[] Attributes)[] Events { get; }

        public LinkView[] Links { get; }

        public bool IsQuery => Kind == "client" && Array.Exists(Attributes, attribute => attribute.Name is "db.system" or "db.system.name");

        public int Bytes =>
            400 + Values.Bytes(Attributes) + Values.Bytes(Name) + Values.Bytes(Status ?? "") + (250 * Links.Length)
            + Events.Sum(happened => 50 + Values.Bytes(happened.Name) + Values.Bytes(happened.Attributes));

        // Libraries name their spans after themselves or the database; what was asked for says more.
        private static string NameOf(string name, Attribute[] attributes)
        {
            string? Of(params string[] names) => names.Select(wanted => Array.Find(attributes, attribute => attribute.Name == wanted).Value).FirstOrDefault(value => value is not null);
            if (Of("db.query.text", "db.statement") is { Length: > 0 } query)
            {
                var line = string.Join(' ', query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                return line.Length > LongestQuery ? line[..LongestQuery] + "…" : line;
            }

            if (Of("http.request.method", "http.method") is { } method && (name == method || IsLibrary(name)))
                return $"{method} {Of("url.path", "http.target") ?? (Uri.TryCreate(Of("url.full", "http.url"), UriKind.Absolute, out var uri) ? uri.AbsolutePath : "")}".TrimEnd();
            return name;
        }

        private static bool IsLibrary(string name) =>
            name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || name.StartsWith("System.Net.Http.", StringComparison.Ordinal);
    }
}
