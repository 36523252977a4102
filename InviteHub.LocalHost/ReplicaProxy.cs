using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;
using Endpoint = Aspire.Hosting.ApplicationModel.Endpoint;

namespace InviteHub.LocalHost;

/// <summary>
/// One HTTP address in front of several replicas. A request goes to the ready one with the least to do, and to another one when that can't
/// do harm: it was never sent, or it changes nothing, or its <c>Idempotency-Key</c> lets the second time do nothing.
/// </summary>
internal sealed class ReplicaProxy : IAsyncDisposable
{
    /// <summary>A body up to this size is kept while the request is under way, to be sent again.</summary>
    private const int MostKept = 256 << 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitBetweenLooks = TimeSpan.FromMilliseconds(20);

    // They belong to one connection, and there are two here.
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        ActivityHeadersPropagator = null, // The trace goes through as it came.
    });

    private readonly List<Replica> _replicas;
    private readonly WebApplication _app;

    private ReplicaProxy(Endpoint endpoint, IReadOnlyList<Runner> replicas)
    {
        _replicas = [.. replicas.Select((runner, number) => new Replica(runner, new Uri(endpoint.UrlOf(number))))];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(12)); // Longer than a replica drains.
        builder.WebHost.UseKestrelCore().UseUrls(endpoint.Url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // The replicas know what is too large,
            kestrel.Limits.MinRequestBodyDataRate = null; // and what is too slow.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1);
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public static async Task<ReplicaProxy> StartAsync(Endpoint endpoint, IReadOnlyList<Runner> replicas, CancellationToken cancellationToken)
    {
        var proxy = new ReplicaProxy(endpoint, replicas);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    /// <summary>Takes no more requests, and ends when those that are under way have.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var kept = await KeptBodyAsync(context.Request);
        var isRepeatable = context.Request.Method is "GET" or "HEAD" or "OPTIONS"
            || (kept is not null && context.Request.Headers.ContainsKey("Idempotency-Key"));
        var failed = new HashSet<(Replica, int?)>();
        try
        {
            while (await NextAsync(failed, context.RequestAborted) is { } replica)
            {
                var process = replica.Runner.ProcessId;
                Interlocked.Increment(ref replica.InFlight);
                try
                {
                    using var request = RequestTo(replica.Address, context.Request, kept);
                    using var response = await _http.SendAsync(request, context.RequestAborted);
                    await PassOnAsync(response, context);
                    return;
                }
                catch (Exception error) when (!context.Response.HasStarted && (WasNeverSent(error) || (isRepeatable && WasCutOff(error))))
                {
                    context.Response.Clear();
                    failed.Add((replica, process)); // Another one, or the same one when it is back.
                }
                finally
                {
                    Interlocked.Decrement(ref replica.InFlight);
                }
            }
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "No replica is ready. Try again in a moment.");
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            context.Abort(); // Half an answer must not look like a whole one.
        }
        catch (Exception error) when (WasCutOff(error))
        {
            await RefuseAsync(context, StatusCodes.Status502BadGateway, "The replica that had the request is gone. Look whether it happened before you try again.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
    }

    private static bool WasNeverSent(Exception error) => error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    private static bool WasCutOff(Exception error) => error is HttpRequestException or HttpIOException;

    private async Task<Replica?> NextAsync(HashSet<(Replica, int?)> failed, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < LongestWait; waited += WaitBetweenLooks)
        {
            var ready = _replicas
                .Where(replica => replica.Runner.Healthy && !failed.Contains((replica, replica.Runner.ProcessId)))
                .MinBy(replica => Volatile.Read(ref replica.InFlight));
            if (ready is not null)
                return ready;
            if (_app.Lifetime.ApplicationStopping.IsCancellationRequested)
                return null;
            await Task.Delay(WaitBetweenLooks, cancellationToken);
        }
        return null;
    }

    private static async Task<byte[]?> KeptBodyAsync(HttpRequest request)
    {
        if (request.ContentLength > MostKept)
            return null;
        // Looked at first, and read only when it is whole: it need not say how long it is.
        var read = await request.BodyReader.ReadAtLeastAsync(MostKept + 1, request.HttpContext.RequestAborted);
        var kept = read.IsCompleted ? read.Buffer.ToArray() : null;
        request.BodyReader.AdvanceTo(kept is null ? read.Buffer.Start : read.Buffer.End);
        return kept;
    }

    private static HttpRequestMessage RequestTo(Uri replica, HttpRequest original, byte[]? kept)
    {
        // To the letter: what a path means is for the replica to say.
        var raw = original.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = new Uri(
            replica.GetLeftPart(UriPartial.Authority) + (raw.StartsWith('/') ? raw : $"{original.Path}{original.QueryString}"),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(original.Method), target)
        {
            Version = HttpVersion.Version11,
            Content = kept switch { null => new StreamContent(original.Body), [] when original.ContentLength is null => null, _ => new ByteArrayContent(kept) },
        };
        foreach (var (name, values) in original.Headers.Where(header => !OfTheConnection.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
        return request;
    }

    private static async Task PassOnAsync(HttpResponseMessage response, HttpContext context)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).Where(header => !OfTheConnection.Contains(header.Key)))
            context.Response.Headers[name] = new StringValues([.. values]);
        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 << 10];
        // Each piece at once: an answer may be a stream of events.
        for (int count; (count = await body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string detail)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = "1";
        return context.Response.WriteAsJsonAsync(
            new { status, code = "unavailable", detail }, options: null, "application/problem+json", context.RequestAborted);
    }

    private sealed class Replica(Runner runner, Uri address)
    {
        public int InFlight;

        public Runner Runner => runner;

        public Uri Address => address;
    }
}
