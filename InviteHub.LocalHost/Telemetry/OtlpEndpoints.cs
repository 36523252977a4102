using System.IO.Compression;
using Google.Protobuf;
using InviteHub.LocalHost.Telemetry.Otlp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace InviteHub.LocalHost.Telemetry;

/// <summary>
/// Takes OTLP: over HTTP as protobuf (<c>/v1/traces</c>, <c>/v1/logs</c>, <c>/v1/metrics</c>), and as the three gRPC services, whose calls
/// are plain HTTP/2 requests with one framed message each way. A request holds at most 16 MB.
/// </summary>
internal sealed class OtlpEndpoints(Traces traces, Logs logs, Metrics metrics, Func<HttpContext, bool> isAllowed)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Grpc = "application/grpc";
    private const int LargestMessage = 16 << 20;
    private const int FrameHeader = 5;

    public void Map(IEndpointRouteBuilder app)
    {
        Map(app, "traces", "trace.v1.TraceService", body => traces.Add(ExportTraceServiceRequest.Parser.ParseFrom(body)));
        Map(app, "logs", "logs.v1.LogsService", body => logs.Add(ExportLogsServiceRequest.Parser.ParseFrom(body)));
        Map(app, "metrics", "metrics.v1.MetricsService", body => metrics.Add(ExportMetricsServiceRequest.Parser.ParseFrom(body)));
    }

    private void Map(IEndpointRouteBuilder app, string signal, string service, Action<Stream> take)
    {
        app.MapPost($"/v1/{signal}", context => OverHttpAsync(context, take));
        app.MapPost($"/opentelemetry.proto.collector.{service}/Export", context => OverGrpcAsync(context, take));
    }

    private async Task OverHttpAsync(HttpContext context, Action<Stream> take)
    {
        var (request, response) = (context.Request, context.Response);
        response.StatusCode = !isAllowed(context) ? StatusCodes.Status401Unauthorized
            : request.ContentType != Protobuf ? StatusCodes.Status415UnsupportedMediaType
            : await TakeAsync(request.Body, request.Headers.ContentEncoding == "gzip", take, context.RequestAborted) switch
            {
                GrpcStatus.Ok => StatusCodes.Status200OK,
                GrpcStatus.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
                _ => StatusCodes.Status400BadRequest,
            };
        response.ContentType = Protobuf; // And an answer without a field is no bytes.
    }

    private async Task OverGrpcAsync(HttpContext context, Action<Stream> take)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.ContentType?.StartsWith(Grpc, StringComparison.Ordinal) != true || !HttpProtocol.IsHttp2(request.Protocol))
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        response.ContentType = Grpc;
        var status = GrpcStatus.Unauthenticated;
        if (isAllowed(context))
        {
            var frame = new byte[FrameHeader];
            var read = await request.Body.ReadAtLeastAsync(frame, FrameHeader, throwOnEndOfStream: false, context.RequestAborted);
            // The frame's length says no more than the end of the request does: one message is all there is.
            status = read < FrameHeader ? GrpcStatus.InvalidArgument : await TakeAsync(request.Body, isCompressed: frame[0] == 1, take, context.RequestAborted);
        }

        if (status == GrpcStatus.Ok)
            await response.Body.WriteAsync(new byte[FrameHeader], context.RequestAborted); // An answer without a field.
        response.AppendTrailer("grpc-status", $"{(int)status}");
    }

    private static async Task<GrpcStatus> TakeAsync(Stream body, bool isCompressed, Action<Stream> take, CancellationToken cancellationToken)
    {
        try
        {
            await using var unpacked = isCompressed ? new GZipStream(body, CompressionMode.Decompress, leaveOpen: true) : null;
            var content = unpacked ?? body;
            using var message = new MemoryStream();
            var buffer = new byte[16 << 10];
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                await message.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                if (message.Length > LargestMessage)
                    return GrpcStatus.ResourceExhausted;
            }
            message.Position = 0;
            take(message);
            return GrpcStatus.Ok;
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidDataException)
        {
            return GrpcStatus.InvalidArgument;
        }
    }

    /// <summary>The numbers that gRPC has for how a call went.</summary>
    private enum GrpcStatus
    {
        Ok = 0,
        InvalidArgument = 3,
        ResourceExhausted = 8,
        Unauthenticated = 16,
    }
}
