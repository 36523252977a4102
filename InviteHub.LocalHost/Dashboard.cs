using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using InviteHub.LocalHost.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.LocalHost;

/// <summary>How the application is, for a person (<c>/</c>) and for a program (<c>/api</c>), and the place that it sends its telemetry to.</summary>
internal sealed class Dashboard(Orchestrator orchestrator, IConfiguration configuration, IHostApplicationLifetime lifetime)
{
    private const int MostLines = 500;
    private const string Files = "dashboard/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Traces _traces = new();
    private readonly Logs _logs = new();
    private readonly Metrics _metrics = new(TimeProvider.System);

    private sealed record ResourceView(
        string Name, string Service, string Kind, ResourceState State, bool Healthy, int? ProcessId, int Restarts, IReadOnlyList<string> Endpoints, string? Error,
        IReadOnlyList<string> Commands);

    private sealed record About(string Application, string? TelemetryGoesTo, IReadOnlyList<string> TelemetryComesTo, string TelemetryHeader);

    public static void Map(WebApplication app)
    {
        var access = new DashboardAccess(app.Configuration);
        access.Guard(app);
        var dashboard = new Dashboard(app.Services.GetRequiredService<Orchestrator>(), app.Configuration, app.Lifetime);
        MapPages(app);
        dashboard.MapResources(app.MapGroup("/api/resources"));
        dashboard.MapTelemetry(app.MapGroup("/api"));
        new OtlpEndpoints(dashboard._traces, dashboard._logs, dashboard._metrics, access.MaySend).Map(app);
        app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("dashboard").LogInformation(
            "open {Address}/login?t={Token}", app.Configuration["ASPNETCORE_URLS"], app.Configuration[DashboardAccess.TokenSetting]));
    }

    // The pages are the same for everybody, and hold nothing: what they show comes from the API.
    private static void MapPages(WebApplication app)
    {
        var assembly = typeof(Dashboard).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Files, StringComparison.Ordinal)))
        {
            using var file = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var (text, type) = (file.ReadToEnd(), Types[Path.GetExtension(name)]);
            app.MapGet(name == Files + "index.html" ? "/" : $"/{name[Files.Length..]}", () => Results.Text(text, type));
        }
    }

    private void MapResources(RouteGroupBuilder resources)
    {
        resources.MapGet("", () => orchestrator.Runners.Select(View));
        resources.MapGet("/{name}/logs", (string name, int? lines) =>
            Find(name) is { } runner
                ? Results.Text(string.Join('\n', runner.Log.Last(Math.Clamp(lines ?? MostLines, 1, MostLines))))
                : Results.NotFound());
        resources.MapGet("/{name}/console", (string name, HttpRequest request, CancellationToken gone) =>
            Find(name) is { } runner
                ? TypedResults.ServerSentEvents(FollowAsync(runner.Log, long.TryParse(request.Headers["Last-Event-ID"], out var seen) ? seen : 0, gone))
                : Results.NotFound());
        resources.MapPost("/{name}/{command}", async (string name, string command) =>
        {
            if (Find(name) is not { } runner)
                return Results.NotFound();
            if (!runner.Commands.Contains(command))
                return Results.Problem($"{name} is {runner.State} and can't {command} now.", statusCode: StatusCodes.Status409Conflict);
            await orchestrator.CommandAsync(runner, command);
            return Results.NoContent();
        });
    }

    private void MapTelemetry(RouteGroupBuilder api)
    {
        api.MapGet("/about", () =>
        {
            var given = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
            string[] ours = [configuration["ASPNETCORE_URLS"]!, configuration[DashboardAccess.GrpcSetting]!];
            return new About(
                AppDomain.CurrentDomain.FriendlyName, ours.Contains(given) ? null : given, ours, $"{DashboardAccess.ApiKeyHeader}={configuration[DashboardAccess.ApiKeySetting]}");
        });
        api.MapGet("/traces", (string? resource, string? text, bool? errors, double? longerThan, bool? background, int? limit) =>
            _traces.Find(new TraceQuery(resource, text, errors ?? false, longerThan, background ?? false, limit ?? 50)));
        api.MapGet("/traces/{id}", (string id) => _traces.Find(id) is { } trace ? Results.Ok(trace) : Results.NotFound());
        api.MapGet("/logs", (string? resource, int? level, string? text, string? trace, string? span, int? limit) =>
            _logs.Find(new LogQuery(resource, level ?? 0, text, trace, span, limit ?? 100)));
        api.MapGet("/metrics", () => _metrics.List());
        api.MapGet("/metrics/points", (string resource, string meter, string instrument, int? minutes, string[] with, string? splitBy) =>
            _metrics.Find(new MetricQuery(
                resource, meter, instrument, minutes ?? 15,
                [.. with.Select(wanted => wanted.Split('=', 2)).Where(wanted => wanted.Length == 2).Select(wanted => new Telemetry.Attribute(wanted[0], wanted[1]))],
                splitBy is { Length: > 0 } ? splitBy : null)) is { } view
                ? Results.Ok(view)
                : Results.NotFound());
    }

    private Runner? Find(string name) => orchestrator.Runners.FirstOrDefault(runner => runner.Name == name);

    /// <summary>The lines after one, and those that come, until the reader or the host is gone.</summary>
    private async IAsyncEnumerable<SseItem<IReadOnlyList<ConsoleLine>>> FollowAsync(ConsoleLog log, long seen, [EnumeratorCancellation] CancellationToken gone)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        while (!until.IsCancellationRequested)
        {
            var (lines, last, more) = log.After(seen);
            if (last != seen)
                yield return new SseItem<IReadOnlyList<ConsoleLine>>(lines) { EventId = $"{last}" };
            seen = last;
            await more.WaitAsync(until.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ResourceView View(Runner runner) => new(
        runner.Name,
        runner.Resource.Name,
        runner.Resource.GetType().Name.Replace("Resource", ""),
        runner.State,
        runner.Healthy,
        runner.ProcessId,
        runner.Restarts,
        [.. runner.Addresses],
        runner.Error,
        runner.Commands);
}
