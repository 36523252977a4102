using System.Text.Json;
using System.Threading.Channels;
using InviteHub.EventStore;
using InviteHub.EventStore.Projections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace InviteHub.ServiceDefaults;

/// <summary>There is no such projection in this service, or it can't be rebuilt.</summary>
/// <param name="Name">What was asked for.</param>
/// <param name="Known">Those that can be.</param>
public sealed record ProjectionNotFound(string Name, IReadOnlyList<string> Known) : Refusal(
    RefusalKind.Invalid, "no-such-projection", $"There is no projection '{Name}' to rebuild here; there are: {string.Join(", ", Known)}.");

/// <summary>Rebuilds projections from the streams while the service serves (LOG-06), and tells how far it is.</summary>
internal static class AuditProjections
{
    public sealed record Projections(IReadOnlyList<string> Items);

    /// <summary>A line of the answer: how far the rebuild is; the last one says that it is done, or why not.</summary>
    public sealed record Progress(string Status, long Done, long Total, string? Detail = null);

    public static void Map(RouteGroupBuilder api)
    {
        var projections = api.MapGroup("/audit/projections").WithTags("Audit");
        projections.MapGet("", List).WithName("ListProjections").Requires(Permission.RebuildProjections);
        projections.MapPost("/{name}/rebuild", Rebuild).Produces<Progress>(200, "application/x-ndjson").ProducesProblem(422)
            .WithName("RebuildProjection").Requires(Permission.RebuildProjections);
    }

    // The gateway reads service: whose projections they are; Identity's unless told.
    private static Ok<Projections> List(string? service, ProjectionDaemon daemon)
    {
        _ = service;
        return TypedResults.Ok(new Projections(daemon.Names));
    }

    // The answer goes on for as long as the rebuild: who hangs up gives it up, and nothing has changed.
    private static async Task<IResult> Rebuild(string name, string? service, ProjectionDaemon daemon, HttpContext context, CancellationToken ct)
    {
        _ = service;
        if (!daemon.Names.Contains(name, StringComparer.Ordinal))
            return new ProjectionNotFound(name, daemon.Names).ToProblem();

        var steps = Channel.CreateBounded<RebuildProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var rebuild = Run(daemon, name, steps.Writer, ct);
        context.Response.ContentType = "application/x-ndjson";
        var last = default(RebuildProgress);
        await foreach (var step in steps.Reader.ReadAllAsync(ct))
        {
            last = step;
            await Say(context, new("running", step.Done, step.Total), ct);
        }

        await Say(context, await rebuild is { } why ? new("failed", last.Done, last.Total, why) : new("finished", last.Done, last.Total), ct);
        return Results.Empty;
    }

    private static async Task<string?> Run(ProjectionDaemon daemon, string name, ChannelWriter<RebuildProgress> steps, CancellationToken ct)
    {
        try
        {
            await daemon.Rebuild(name, new Reporter(steps), ct);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
        finally
        {
            steps.Complete();
        }
    }

    private static async Task Say(HttpContext context, Progress progress, CancellationToken ct)
    {
        await context.Response.WriteAsync(JsonSerializer.Serialize(progress, JsonSerializerOptions.Web) + "\n", ct);
        await context.Response.Body.FlushAsync(ct);
    }

    // Progress<T> would bring the steps in any order.
    private sealed class Reporter(ChannelWriter<RebuildProgress> steps) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => steps.TryWrite(value);
    }
}
