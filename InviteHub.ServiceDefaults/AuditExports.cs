using InviteHub.EventStore;
using InviteHub.EventStore.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace InviteHub.ServiceDefaults;

/// <summary>Gives auditors streams to take away, and the key to check them with (LOG-04): <c>docs/export-format.md</c>.</summary>
internal static class AuditExports
{
    private const int Most = 200;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/audit/exports", Export).WithName("ExportStreams").WithTags("Audit").Requires(Permission.Audit);
        api.MapGet("/audit/streams/{streamId}/public-key", PublicKey).WithName("GetAuditKey").WithTags("Audit").Requires(Permission.Audit);
    }

    // The gateway reads service: whose streams they are, when none is named; Identity's unless told.
    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Export(
        [FromQuery] string[] streamId, Guid? userId, Guid? organizationId, DateTimeOffset? from, DateTimeOffset? to, string? service,
        PostgresEventStore store, AuditExport exports, TimeProvider clock, CancellationToken ct)
    {
        _ = service;
        var errors = new FieldErrors();
        errors.Demand(
            streamId.Length > 0 || (userId ?? organizationId) is not null || (from ?? to) is not null, "streamId",
            "Say what to export: streams, a person (userId), an organization (organizationId), a period (from, to), or several of them.");
        errors.Demand(streamId.Length <= Most, "streamId", $"Name at most {Most} streams of one service.");
        errors.Demand(from is null || to is null || from < to, "to", "The period ends after it begins.");
        if (errors.Refusal is { } refusal)
            return refusal.ToProblem();

        foreach (var one in streamId)
        {
            if (await store.Find(one, ct) is null)
                return new StreamNotFound(one).ToProblem();
        }

        // A file that is gone once it is read: a ZIP file can't be written into an answer without blocking, and may be large.
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"invitehub-{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await exports.Write(new(streamId, [.. new[] { userId, organizationId }.OfType<Guid>()], from, to), file, ct);
            file.Position = 0;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        return TypedResults.Stream(file, "application/zip", $"invitehub-export-{clock.GetUtcNow():yyyyMMdd-HHmmss}.zip");
    }

    // Each service signs with a key of its own: it is asked for by a stream, as everything here is.
    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> PublicKey(
        string streamId, PostgresEventStore store, SignedHeads heads, CancellationToken ct) =>
        await store.Find(streamId, ct) is null
            ? new StreamNotFound(streamId).ToProblem()
            : TypedResults.Text(await heads.PublicKey(ct), "application/x-pem-file");
}
