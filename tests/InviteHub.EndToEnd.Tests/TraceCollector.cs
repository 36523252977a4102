using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace InviteHub.EndToEnd.Tests;

/// <summary>A span as it was exported.</summary>
internal sealed record Span(string TraceId, string SpanId, string ParentId, string Service, string Source, string Name, string Text);

/// <summary>A metric as it was exported, with the traces that its exemplars name.</summary>
internal sealed record Metric(string Service, string Name, IReadOnlyList<string> TraceIds);

/// <summary>Takes traces and metrics as any OTLP collector does (HTTP, protobuf), and keeps the spans and what was measured.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private WebApplication? _app;

    public ConcurrentQueue<Span> Spans { get; } = [];

    public ConcurrentQueue<Metric> Metrics { get; } = [];

    public string Address { get; private set; } = "";

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            if (signal == "traces")
                ReadRequest(body.ToArray());
            else if (signal == "metrics")
                ReadMetrics(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await _app.StartAsync();
        Address = _app.Urls.Single();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    // ExportTraceServiceRequest, by the field numbers of opentelemetry-proto 1.x.
    private void ReadRequest(byte[] message)
    {
        foreach (var resourceSpans in Messages(message, 1))
        {
            var service = ServiceOf(resourceSpans);
            foreach (var scopeSpans in Messages(resourceSpans, 2))
            {
                var source = Messages(scopeSpans, 1).Select(scope => TextOf(scope, 1)).FirstOrDefault("");
                foreach (var span in Messages(scopeSpans, 2))
                {
                    Spans.Enqueue(new(
                        HexOf(span, 1), HexOf(span, 2), HexOf(span, 4), service, source, TextOf(span, 5),
                        System.Text.Encoding.UTF8.GetString(span)));
                }
            }
        }
    }

    // ExportMetricsServiceRequest; of the kinds of points, histograms have their exemplars in field 8 and numbers in field 5.
    private void ReadMetrics(byte[] message)
    {
        foreach (var resourceMetrics in Messages(message, 1))
        {
            foreach (var metric in Messages(resourceMetrics, 2).SelectMany(scope => Messages(scope, 2)))
            {
                var exemplars = Messages(metric, 9).SelectMany(histogram => Messages(histogram, 1)).SelectMany(point => Messages(point, 8))
                    .Concat(Messages(metric, 7).SelectMany(sum => Messages(sum, 1)).SelectMany(point => Messages(point, 5)));
                Metrics.Enqueue(new(ServiceOf(resourceMetrics), TextOf(metric, 1), [.. exemplars.Select(exemplar => HexOf(exemplar, 5))]));
            }
        }
    }

    private static string ServiceOf(byte[] ofResource) => Messages(ofResource, 1).SelectMany(resource => Messages(resource, 1))
        .Where(attribute => TextOf(attribute, 1) == "service.name").Select(attribute => TextOf(Messages(attribute, 2)[0], 1)).FirstOrDefault("");

    private static List<byte[]> Messages(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        var found = new List<byte[]>();
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found;
    }

    private static string TextOf(byte[] message, int field) => Messages(message, field).Select(System.Text.Encoding.UTF8.GetString).FirstOrDefault("");

    private static string HexOf(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).FirstOrDefault([]));
}
