using Google.Protobuf;
using InviteHub.LocalHost.Telemetry;
using InviteHub.LocalHost.Telemetry.Otlp;

namespace InviteHub.LocalHost.Tests;

[Trait("Feature", "OPS-02")]
public sealed class keeping_telemetry
{
    private static readonly TraceQuery Everything = new(Resource: null, Text: null, ErrorsOnly: false, LongerThan: null, Background: true, Limit: 500);
    private static readonly LogQuery AllLogs = new(Resource: null, Level: 0, Text: null, Trace: null, Span: null, Limit: 500);

    private readonly StoppedClock _clock = new();

    [Fact]
    public void forgets_the_oldest_spans_when_there_are_too_many()
    {
        var traces = new Traces(mostSpans: 3);

        for (byte trace = 1; trace <= 4; trace++)
            traces.Add(Spans(Span(trace, 1, start: trace, name: $"{trace}")));
        traces.Add(Spans(Span(4, 2, parent: 1, start: 5)));

        var list = traces.Find(Everything);
        list.Items.Select(trace => (trace.Name, trace.Spans)).ShouldBe([("4", 2), ("3", 1)]);
        (list.Matching, list.Total).ShouldBe((2, 2));
        traces.Find(list.Items[0].Id)!.Spans.Count.ShouldBe(2);
    }

    [Fact]
    public void forgets_the_oldest_when_they_take_too_much_memory()
    {
        var traces = new Traces(mostBytes: 100_000);
        var logs = new Logs(mostBytes: 100_000);

        for (byte i = 1; i <= 100; i++)
        {
            var large = Span(i, 1, start: i);
            large.Attributes.Add(Text("large", new string('x', 7_000)));
            traces.Add(Spans(large));
            logs.Add(Log(new LogRecord { Body = new AnyValue { StringValue = new string('x', 7_000) } }));
        }

        traces.Find(Everything).Total.ShouldBeInRange(5, 7);
        logs.Find(AllLogs).Total.ShouldBeInRange(5, 7);
    }

    [Fact]
    public void cuts_what_is_too_long_or_too_much()
    {
        var traces = new Traces();
        var span = Span(1, 1, start: 1);
        span.Attributes.AddRange(Enumerable.Range(0, 1_000).Select(i => Text($"{i}", new string('x', 100_000))));
        span.Events.AddRange(Enumerable.Range(0, 1_000).Select(i => new SpanEvent { Name = $"{i}" }));

        traces.Add(Spans(span));

        var kept = traces.Find(traces.Find(Everything).Items[0].Id)!.Spans.Single();
        kept.Attributes.Count.ShouldBe(64);
        kept.Attributes.ShouldAllBe(attribute => attribute.Value.Length == 8_001);
        kept.Events.Count.ShouldBe(32);
    }

    [Fact]
    public void shows_spans_under_their_parents_even_when_a_parent_is_missing_or_its_own()
    {
        var traces = new Traces();

        traces.Add(Spans(Span(1, 3, parent: 2, start: 4), Span(1, 2, parent: 1, start: 2), Span(1, 1, start: 1), Span(1, 4, parent: 9, start: 3), Span(1, 5, parent: 5, start: 6)));
        traces.Add(Spans(Span(1, 6, parent: 7, start: 7), Span(1, 7, parent: 6, start: 8)));

        traces.Find(traces.Find(Everything).Items.Single().Id)!.Spans.Select(span => (span.Id[^1], span.Depth))
            .ShouldBe([('1', 0), ('2', 1), ('3', 2), ('4', 0), ('5', 0), ('6', 0), ('7', 0)]);
    }

    [Fact]
    public void leaves_out_what_a_service_does_with_its_database_by_itself_unless_it_failed()
    {
        var traces = new Traces();
        var (query, failed, asked) = (Query(1, 1), Query(2, 1), Query(3, 2, parent: 1));
        failed.Status = new Status { Code = StatusCode.Error };

        var (request, work, job) = (Span(3, 1, start: 1), Span(4, 1, start: 1), Span(5, 1, start: 1));
        (request.Kind, work.Kind, job.Kind) = (SpanKind.Server, SpanKind.Internal, SpanKind.Internal);

        traces.Add(Spans(query, failed, request, asked, work, Query(4, 2, parent: 1), job));

        var list = traces.Find(Everything with { Background = false });
        list.Items.Select(trace => trace.Id[^1]).ShouldBe(['2', '3', '5'], ignoreOrder: true);
        list.Background.ShouldBe(2);
    }

    [Fact]
    public void does_not_let_queries_by_themselves_take_the_place_of_others()
    {
        var traces = new Traces(mostSpans: 20);
        traces.Add(Spans(Span(200, 1, start: 1)));

        for (byte trace = 1; trace <= 100; trace++)
            traces.Add(Spans(Query(trace, 1)));

        traces.Find(Everything).Items.Select(trace => trace.Id[^2..]).ShouldBe(["64", "63", "c8"], ignoreOrder: true);
    }

    [Fact]
    public void names_a_span_by_what_was_asked_for()
    {
        var traces = new Traces();
        var (request, query) = (Span(1, 1, start: 1, name: "Microsoft.AspNetCore.Hosting.HttpRequestIn"), Query(1, 2, parent: 1));
        request.Attributes.AddRange([Text("http.request.method", "GET"), Text("url.path", "/people")]);
        query.Attributes.Add(Text("db.query.text", "select\n  name\nfrom people"));

        traces.Add(Spans(request, query));

        traces.Find(traces.Find(Everything).Items.Single().Id)!.Spans.Select(span => span.Name).ShouldBe(["GET /people", "select name from people"]);
    }

    [Fact]
    public void finds_logs_by_level_text_and_trace()
    {
        var logs = new Logs(mostLogs: 3);
        logs.Add(Log(new LogRecord { SeverityNumber = 9, Body = new AnyValue { StringValue = "forgotten" } }));
        logs.Add(Log(new LogRecord { SeverityNumber = 9, Body = new AnyValue { StringValue = "an Order came" }, TraceId = Id(16, 7) }));
        logs.Add(Log(new LogRecord { SeverityNumber = 17, Body = new AnyValue { StringValue = "it failed" }, Attributes = { Text("order", "17-b") } }));
        logs.Add(Log(new LogRecord { SeverityNumber = 5, Body = new AnyValue { StringValue = "nothing" } }));

        Messages(AllLogs).ShouldBe(["nothing", "it failed", "an Order came"]);
        Messages(AllLogs with { Level = 9 }).ShouldBe(["it failed", "an Order came"]);
        Messages(AllLogs with { Text = "ORDER" }).ShouldBe(["an Order came"]);
        Messages(AllLogs with { Text = "17-B" }).ShouldBe(["it failed"]);
        Messages(AllLogs with { Trace = "00000000000000000000000000000007" }).ShouldBe(["an Order came"]);
        var one = logs.Find(AllLogs with { Limit = 1 });
        (one.Items.Count, one.Matching, one.Total).ShouldBe((1, 3, 3));

        IEnumerable<string> Messages(LogQuery query) => logs.Find(query).Items.Select(log => log.Message);
    }

    [Fact]
    public void counts_what_was_added_also_when_a_process_begins_anew()
    {
        var metrics = new Metrics(_clock);

        foreach (var (instance, started, value) in new[] { ("a", 1, 5.0), ("a", 1, 5), ("a", 1, 8), ("b", 2, 2), ("a", 3, 4) })
            metrics.Add(Counter(instance, At(started), At(4), value));

        Find(metrics).Lines.Single().Values.Sum().ShouldBe((5 + 3 + 2 + 4) / 10.0);
    }

    [Fact]
    public void counts_nothing_that_was_before_its_time()
    {
        var metrics = new Metrics(_clock);

        metrics.Add(Counter("old", At(-1000), At(1), 1_000_000));
        metrics.Add(Counter("old", At(-1000), At(2), 1_000_003));

        Find(metrics).Lines.Single().Values.Sum().ShouldBe(3 / 10.0);
    }

    [Fact]
    public void takes_differences_as_they_are()
    {
        var metrics = new Metrics(_clock);

        for (var i = 0; i < 3; i++)
            metrics.Add(Counter("a", At(i), At(i + 1), 2, AggregationTemporality.Delta));

        Find(metrics).Lines.Single().Values.Sum().ShouldBe(6 / 10.0);
    }

    [Fact]
    public void keeps_one_point_of_a_level_that_stays_and_still_knows_it_when_the_point_is_gone()
    {
        var metrics = new Metrics(_clock, mostPoints: 1);

        for (var i = 0; i < 5; i++)
            metrics.Add(Level("a", At(i), 7));
        metrics.Points.ShouldBe(1);
        metrics.Add(Level("b", At(5), 1)); // Takes the place of the only point.

        Find(metrics).Lines.Select(line => line.Values[^1]).ShouldBe([7, 1]);
    }

    [Fact]
    public void forgets_the_series_that_was_not_heard_of_for_the_longest_time()
    {
        var metrics = new Metrics(_clock, mostSeries: 2);

        foreach (var instance in new[] { "a", "b", "a", "c" })
        {
            _clock.Now += TimeSpan.FromSeconds(1);
            metrics.Add(Level(instance, (ulong)_clock.Now.ToUnixTimeMilliseconds() * 1_000_000, 1));
        }

        Find(metrics).Lines.Select(line => line.Name).ShouldBe(["a", "c"], ignoreOrder: true);
    }

    [Fact]
    public void reads_percentiles_between_the_bounds_of_the_buckets_of_all_processes()
    {
        var metrics = new Metrics(_clock);

        metrics.Add(Measured("a", [50, 0, 0, 0]));
        metrics.Add(Measured("b", [0, 40, 9, 1]));

        var view = Find(metrics);
        view.Lines.Select(line => (line.Name, line.Values.OfType<double>().Single())).ShouldBe([("P50", 10), ("P90", 20), ("P99", 50)]);
        view.Rate!.Values.OfType<double>().Sum().ShouldBe(10);
        view.Dimensions.Single().Values.ShouldBe(["a", "b"]);
        Find(metrics, new Telemetry.Attribute("of", "a")).Lines[0].Values.OfType<double>().Single().ShouldBe(5);
    }

    [Fact]
    public void keeps_the_newest_exemplars_each_once_however_often_it_is_told()
    {
        var metrics = new Metrics(_clock);

        for (var i = 1; i <= 3; i++)
            metrics.Add(Measured("a", [(ulong)i], at: 2 + i, new Exemplar { TimeUnixNano = At(1.5), TraceId = Id(16, 1) }, new Exemplar { TimeUnixNano = At(1.5 + i), TraceId = Id(16, 2) }));
        Find(metrics).Exemplars.Select(exemplar => exemplar.Trace[^2..]).ShouldBe(["01", "02", "02", "02"]);

        metrics.Add(Measured("a", [500], at: 400, [.. Enumerable.Range(6, 300).Select(i => new Exemplar { TimeUnixNano = At(i), TraceId = Id(16, 3) })]));
        var kept = Find(metrics).Exemplars;
        kept.Count.ShouldBe(200);
        kept.ShouldAllBe(exemplar => exemplar.Trace.EndsWith("03"));
    }

    private static MetricView Find(Metrics metrics, params Telemetry.Attribute[] with) =>
        metrics.Find(new MetricQuery("shop", "Shop", "things", Minutes: 10, with, SplitBy: null))!;

    private ulong At(double seconds) => (ulong)(_clock.Start.AddSeconds(seconds).ToUnixTimeMilliseconds() * 1_000_000);

    private static ExportMetricsServiceRequest Counter(string instance, ulong start, ulong at, double value, AggregationTemporality temporality = AggregationTemporality.Cumulative) =>
        Metric(instance, new Metric
        {
            Sum = new Sum { IsMonotonic = true, AggregationTemporality = temporality, DataPoints = { new NumberDataPoint { StartTimeUnixNano = start, TimeUnixNano = at, AsDouble = value } } },
        });

    private static ExportMetricsServiceRequest Level(string instance, ulong at, long value) =>
        Metric(instance, new Metric { Gauge = new Gauge { DataPoints = { new NumberDataPoint { TimeUnixNano = at, AsInt = value } } } });

    private ExportMetricsServiceRequest Measured(string instance, ulong[] buckets, double at = 2, params Exemplar[] exemplars) => Metric(instance, new Metric
    {
        Histogram = new Histogram
        {
            AggregationTemporality = AggregationTemporality.Cumulative,
            DataPoints =
            {
                new HistogramDataPoint
                {
                    StartTimeUnixNano = At(1), TimeUnixNano = At(at), Count = buckets.Aggregate(0UL, (sum, bucket) => sum + bucket),
                    BucketCounts = { buckets }, ExplicitBounds = { 10, 20, 50 }, Attributes = { Text("of", instance) }, Exemplars = { exemplars },
                },
            },
        },
    });

    private static ExportMetricsServiceRequest Metric(string instance, Metric metric)
    {
        metric.Name = "things";
        return new ExportMetricsServiceRequest
        {
            ResourceMetrics = { new ResourceMetrics { Resource = Shop(instance), ScopeMetrics = { new ScopeMetrics { Scope = new InstrumentationScope { Name = "Shop" }, Metrics = { metric } } } } },
        };
    }

    private static ExportTraceServiceRequest Spans(params Span[] spans) =>
        new() { ResourceSpans = { new ResourceSpans { Resource = Shop("1"), ScopeSpans = { new ScopeSpans { Spans = { spans } } } } } };

    private static ExportLogsServiceRequest Log(LogRecord record) =>
        new() { ResourceLogs = { new ResourceLogs { Resource = Shop("1"), ScopeLogs = { new ScopeLogs { LogRecords = { record } } } } } };

    private static Span Span(byte trace, byte id, ulong start, byte? parent = null, string name = "") => new()
    {
        TraceId = Id(16, trace),
        SpanId = Id(8, id),
        ParentSpanId = parent is { } known ? Id(8, known) : ByteString.Empty,
        Name = name,
        StartTimeUnixNano = start,
        EndTimeUnixNano = start + 1,
    };

    private static Span Query(byte trace, byte id, byte? parent = null)
    {
        var span = Span(trace, id, start: 2, parent, "SELECT");
        span.Kind = SpanKind.Client;
        span.Attributes.Add(Text("db.system.name", "postgresql"));
        return span;
    }

    private static Resource Shop(string instance) => new() { Attributes = { Text("service.name", "shop"), Text("service.instance.id", instance) } };

    private static KeyValue Text(string name, string value) => new() { Key = name, Value = new AnyValue { StringValue = value } };

    private static ByteString Id(int length, byte last)
    {
        var bytes = new byte[length];
        bytes[^1] = last;
        return ByteString.CopyFrom(bytes);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
