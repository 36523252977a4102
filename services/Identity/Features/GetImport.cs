using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows how far an import of users has come, and what came of each row; a row that is done names its user and nothing of its person.</summary>
internal static class GetImport
{
    public static void Map(RouteGroupBuilder users)
    {
        users.MapGet("/imports/{id:guid}", Handle).WithName(nameof(GetImport)).WithTags("Users").Requires(Permission.ManageUsers);
        users.MapGet("/imports/{id:guid}/report.csv", Report).Produces<string>(200, "text/csv").ProducesProblem(404)
            .WithName("GetImportReport").WithTags("Users").Requires(Permission.ManageUsers);
    }

    private static async Task<Results<Ok<UserImportProgress>, ProblemHttpResult>> Handle(Guid id, UserImports imports, CancellationToken ct) =>
        await imports.Progress(id, ct) is { } progress ? TypedResults.Ok(progress) : new UserImportNotFound().ToProblem();

    private static async Task<IResult> Report(Guid id, UserImports imports, CancellationToken ct)
    {
        if (await imports.Progress(id, ct) is null)
            return new UserImportNotFound().ToProblem();
        return TypedResults.Stream(
            async body =>
            {
                await using var csv = CsvFile.Write(body);
                csv.WriteHeader("line", "status", "userId", "code", "columns", "reason");
                await foreach (var row in imports.Report(id, ct))
                {
                    csv.WriteField(row.Line, default);
                    csv.WriteField(row.State);
                    csv.WriteField(row.UserId?.ToString());
                    csv.WriteField(row.Code);
                    csv.WriteField(row.Columns);
                    csv.WriteField(row.Reason);
                    await csv.EndRecordAsync(ct);
                }
            },
            "text/csv; charset=utf-8", $"import-{id}.csv");
    }
}
