using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>Shows how far a batch has come, what became or would become of each row, and which rows are to be corrected (INV-20, INV-24).</summary>
internal static class GetBatch
{
    public static void Map(RouteGroupBuilder batches)
    {
        batches.MapGet("", List).WithName("ListBatches").WithTags("Batches").Requires(Permission.BulkInvite);
        batches.MapGet("/{id:guid}", Handle).WithName(nameof(GetBatch)).WithTags("Batches").Requires(Permission.BulkInvite);
        batches.MapGet("/{id:guid}/rows", Rows).WithName("ListBatchRows").WithTags("Batches").Requires(Permission.BulkInvite);
        batches.MapGet("/{id:guid}/report.csv", Report).Produces<string>(200, "text/csv").ProducesProblem(404)
            .WithName("GetBatchReport").WithTags("Batches").Requires(Permission.BulkInvite);
        batches.MapGet("/{id:guid}/failed.csv", Failed).Produces<string>(200, "text/csv").ProducesProblem(404)
            .WithName("GetBatchCorrections").WithTags("Batches").Requires(Permission.BulkInvite);
    }

    private static async Task<Ok<Page<BatchView>>> List(
        Guid? organizationId, string? status, string? approval, ListQuery list, CurrentUser caller, InvitationBatches batches, CancellationToken ct) =>
        TypedResults.Ok(await batches.List(caller, organizationId, status, approval, list, ct));

    private static async Task<Results<Ok<BatchView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, InvitationBatches batches, CancellationToken ct) =>
        await batches.Find(id, caller, ct) is { } batch ? TypedResults.Ok(batch) : new BatchNotFound().ToProblem();

    private static async Task<Results<Ok<Page<BatchRowView>>, ProblemHttpResult>> Rows(
        Guid id, string? state, ListQuery list, CurrentUser caller, InvitationBatches batches, CancellationToken ct) =>
        await batches.Find(id, caller, ct) is null ? new BatchNotFound().ToProblem() : TypedResults.Ok(await batches.Rows(id, state, list, ct));

    private static async Task<IResult> Report(Guid id, CurrentUser caller, InvitationBatches batches, CancellationToken ct)
    {
        if (await batches.Find(id, caller, ct) is null)
            return new BatchNotFound().ToProblem();
        return TypedResults.Stream(
            async body =>
            {
                await using var csv = CsvFile.Write(body);
                csv.WriteHeader("line", "status", "plan", "account", "invitationId", "code", "columns", "reason", "facts");
                await foreach (var row in batches.Report(id, ct))
                {
                    csv.WriteField(row.Line, default);
                    csv.WriteField(row.State);
                    csv.WriteField(row.Plan);
                    csv.WriteField(row.IsExisting ? "existing" : "new");
                    csv.WriteField(row.InvitationId?.ToString());
                    csv.WriteField(row.Code);
                    csv.WriteField(row.Columns);
                    csv.WriteField(row.Reason);
                    csv.WriteField(row.Facts is { } facts ? string.Join("; ", facts.Select(fact => $"{fact.Key}={fact.Value}")) : null);
                    await csv.EndRecordAsync(ct);
                }
            },
            "text/csv; charset=utf-8", $"batch-{id}.csv");
    }

    /// <summary>
    /// The rows that failed as they were given, each with its reason: corrected, it can be uploaded as it is. Who did not upload them gets personal
    /// numbers masked (INV-03).
    /// </summary>
    private static async Task<IResult> Failed(Guid id, CurrentUser caller, InvitationBatches batches, CancellationToken ct)
    {
        if (await batches.Find(id, caller, ct) is not { } batch)
            return new BatchNotFound().ToProblem();
        var columns = BatchFile.ColumnsOf(batch.Way);
        return TypedResults.Stream(
            async body =>
            {
                await using var csv = CsvFile.Write(body);
                csv.WriteHeader([.. columns, BatchFile.ReasonColumn]);
                await foreach (var (fields, reason) in batches.Failed(id, ct))
                {
                    foreach (var column in columns)
                        csv.WriteField(column == "personalNumber" && batch.StartedBy != caller.Id ? Masked(fields.GetValueOrDefault(column)) : fields.GetValueOrDefault(column));
                    csv.WriteField(reason);
                    await csv.EndRecordAsync(ct);
                }
            },
            "text/csv; charset=utf-8", $"batch-{id}-failed.csv");
    }

    // What is no number may be one but for a slip.
    private static string? Masked(string? given) => given is null ? null
        : InvitationList.Masked(given.Trim().Replace("-", "", StringComparison.Ordinal)) ?? new string('*', given.Length);
}
