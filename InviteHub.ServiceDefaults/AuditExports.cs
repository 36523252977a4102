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

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Export(
        [FromQuery] string[] streamId, PostgresEventStore store, AuditExport exports, TimeProvider clock, CancellationToken ct)
    {
        var wanted = streamId.Distinct(StringComparer.Ordinal).ToArray();
        var errors = new FieldErrors();
        errors.Demand(wanted.Length is > 0 and <= Most, "streamId", $"Name from 1 to {Most} streams of one service.");
        if (errors.Refusal is { } refusal)
            return refusal.ToProblem();

        var streams = new List<StreamId>();
        foreach (var one in wanted)
        {
            if (await store.Find(one, ct) is not { Id: var id })
                return new StreamNotFound(one).ToProblem();
            streams.Add(id);
        }

        // A file that is gone once it is read: a ZIP file can't be written into an answer without blocking, and may be large.
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"invitehub-{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await exports.Write(streams, file, ct);
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
