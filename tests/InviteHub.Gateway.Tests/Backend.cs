using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.Gateway.Tests;

/// <summary>A tiny service behind the gateway: answers with its name, remembers what it was asked, dies and comes back at the same address.</summary>
public sealed class Backend(string name) : IAsyncDisposable
{
    private WebApplication? _app;
    private int _port;

    /// <summary>What was asked of it: the request's line, without what the gateway itself asks.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentDictionary<string, string> LastHeaders { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Func<HttpContext, Task>? Answer { get; set; }

    public string? OpenApi { get; set; }

    /// <summary>How long it takes to describe itself.</summary>
    public TimeSpan OpenApiTakes { get; set; }

    public bool Healthy { get; set; } = true;

    public string Name => name;

    public string Address => $"http://127.0.0.1:{_port}";

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _app = builder.Build();
        _app.Run(Serve);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.Single()).Port;
    }

    public async Task Tidy()
    {
        if (_app is null)
            await Start();
        Asked.Clear();
        LastHeaders.Clear();
        (Answer, OpenApi, OpenApiTakes, Healthy) = (null, null, TimeSpan.Zero, true);
    }

    public async Task Die()
    {
        if (_app is not { } app)
            return;
        _app = null;
        // Nothing is waited for: connections break.
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    public ValueTask DisposeAsync() => new(Die());

    private async Task Serve(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/health":
                context.Response.StatusCode = Healthy ? 200 : 503;
                return;
            case "/health/details":
                context.Response.StatusCode = Healthy ? 200 : 503;
                await context.Response.WriteAsJsonAsync(new { database = Healthy ? "healthy" : "unhealthy" });
                return;
            case "/openapi/v1.json":
                await Task.Delay(OpenApiTakes);
                context.Response.StatusCode = OpenApi is null ? 404 : 200;
                await context.Response.WriteAsync(OpenApi ?? "");
                return;
        }

        Asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        foreach (var (header, value) in context.Request.Headers)
            LastHeaders[header] = value.ToString();
        await (Answer is { } answer ? answer(context) : context.Response.WriteAsync(name));
    }
}
