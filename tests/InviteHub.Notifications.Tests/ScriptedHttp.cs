using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace InviteHub.Notifications.Tests;

/// <summary>A real HTTP server that answers as a test tells it to, 200 unless told otherwise, and keeps what it was sent.</summary>
public sealed class ScriptedHttp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedHttp(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>What the next requests are answered with: a status and a body.</summary>
    public ConcurrentQueue<(int Status, string Body)> Script { get; } = new();

    /// <summary>What requests to a path are answered with, whatever else was said; -1 to say nothing until the caller gives up.</summary>
    public ConcurrentDictionary<string, int> For { get; } = new();

    /// <summary>How long it takes for each.</summary>
    public TimeSpan Takes { get; set; }

    /// <summary>Each request that came in whole, in order.</summary>
    public ConcurrentQueue<Request> Received { get; } = new();

    public static async Task<ScriptedHttp> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ScriptedHttp(app);
        app.Run(server.Answer);
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = context.Request.Path.Value!;
        Received.Enqueue(new(
            context.Request.Method, path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        await Task.Delay(Takes, context.RequestAborted);
        var (status, text) = For.TryGetValue(path, out var said) ? (said, "") : Script.TryDequeue(out var next) ? next : (200, "");
        if (status < 0)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        context.Response.StatusCode = status;
        if (status is >= 300 and < 400)
            context.Response.Headers.Location = "/elsewhere";
        await context.Response.WriteAsync(text);
    }

    /// <summary>A request as it came over the line.</summary>
    public sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
    {
        public string Body => System.Text.Encoding.UTF8.GetString(Bytes);

        internal bool IsSigned(byte[] secret, DateTimeOffset now)
        {
            var headers = new HeaderDictionary();
            foreach (var (name, value) in Headers)
                headers[name] = value;
            return StandardWebhook.Verify(secret, headers, Bytes, now);
        }
    }
}
