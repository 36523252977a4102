using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.LocalHost;

/// <summary>How the application is, for a person (<c>/</c>) and for a program (<c>/api/resources</c>). Loopback only.</summary>
internal static class Dashboard
{
    private const int MostLines = 500;

    private sealed record ResourceView(
        string Name, string Kind, ResourceState State, bool Healthy, int? ProcessId, int Restarts, IReadOnlyList<string> Endpoints, string? Error);

    public static void Map(WebApplication app)
    {
        var orchestrator = app.Services.GetRequiredService<Orchestrator>();

        using var file = new StreamReader(typeof(Dashboard).Assembly.GetManifestResourceStream("dashboard.html")!);
        var page = file.ReadToEnd();

        // Another site that gives its name our address must not read this through a person's browser.
        app.Use((context, next) => IsLoopback(context.Request.Host.Host) ? next(context) : Refuse(context));

        app.MapGet("/", () => Results.Text(page, "text/html; charset=utf-8"));
        app.MapGet("/api/resources", () => orchestrator.Runners.Select(View));
        app.MapGet("/api/resources/{name}/logs", (string name, int? lines) =>
            orchestrator.Runners.FirstOrDefault(runner => runner.Name == name) is { } runner
                ? Results.Text(string.Join('\n', runner.Log.Last(Math.Clamp(lines ?? MostLines, 1, MostLines))))
                : Results.NotFound());
    }

    private static ResourceView View(Runner runner) => new(
        runner.Name,
        runner.Resource.GetType().Name.Replace("Resource", ""),
        runner.State,
        runner.Healthy,
        runner.ProcessId,
        runner.Restarts,
        [.. runner.Addresses],
        runner.Error);

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }
}
