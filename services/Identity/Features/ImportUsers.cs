using System.Security.Cryptography;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace InviteHub.Identity.Features;

/// <summary>
/// Takes a file of users (INV-17). It is checked as it streams in, and kept; the accounts are made behind it (<see cref="ImportWorker"/>).
/// A row that is wrong is in the report and holds up no other; a file that can't be read is refused as a whole. With <c>preview=true</c>
/// nobody is registered: the answer says what would be wrong, and the rows are kept for a day to be committed as they are (<see cref="CommitImport"/>).
/// </summary>
internal static class ImportUsers
{
    private const int RowsAtOnce = 500;
    private const int MostErrorsShown = 1000;

    /// <summary>What an import would do.</summary>
    /// <param name="Total">How many rows there are.</param>
    /// <param name="Valid">How many would become accounts.</param>
    /// <param name="Failed">How many would not.</param>
    /// <param name="Errors">Why not, in the order of the file: the first thousand.</param>
    /// <param name="MoreErrors">Whether there are more.</param>
    public sealed record Preview(int Total, int Valid, int Failed, IReadOnlyList<ImportError> Errors, bool MoreErrors)
    {
        /// <summary>By which it is committed as it was shown, for a day; null where nobody would get an account.</summary>
        public Guid? Id { get; init; }
    }

    /// <summary>An import that has begun.</summary>
    public sealed record Accepted(Guid Id, int Total);

    public sealed record Command(Guid ImportId, int Rows, bool SendInvitation, Guid By);

    public static Decision<UserImportEvent> Decide(UserImport import, Command c) => import.Status == UserImportStatus.None
        ? new UserImportEvent.Started(c.ImportId, c.Rows, c.SendInvitation, c.By)
        : Nothing.Happened;

    public static void Map(RouteGroupBuilder users)
    {
        users.MapPost("/import", Handle).Accepts<string>("text/csv").WithMetadata(new RequestSizeLimitAttribute(CsvFile.LargestBytes))
            .Produces<Preview>().Produces<Accepted>(202).ProducesProblem(422)
            .WithName(nameof(ImportUsers)).WithTags("Users").Requires(Permission.ManageUsers);
        users.MapGet("/import/template.csv", Template).Produces<string>(200, "text/csv")
            .WithName("GetImportTemplate").WithTags("Users").Requires(Permission.ManageUsers);
    }

    private static async Task<IResult> Handle(
        bool? preview, bool? sendInvitation, CurrentUser caller, HttpContext http, Idempotency once, UserImports imports, TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var hash = SHA256.Create();
        await using var body = new CryptoStream(http.Request.Body, hash, CryptoStreamMode.Read, leaveOpen: true);
        var file = new ImportFile(body, DateOnly.FromDateTime(now.UtcDateTime));
        var id = Guid.CreateVersion7(now);
        var isKept = false;
        try
        {
            if (preview is true)
            {
                var found = await Look(id, file, imports, ct);
                if (file.Refusal is { } no)
                    return no.ToProblem();
                isKept = found.Valid > 0;
                return TypedResults.Ok(found with { Id = isKept ? id : null });
            }

            var total = 0;
            await foreach (var some in CsvFile.InChunks(file.Rows(ct), RowsAtOnce, ct))
            {
                await imports.Keep(id, some, ct);
                total += some.Count;
            }

            if (file.Refusal is { } unreadable)
                return unreadable.ToProblem();
            var choice = sendInvitation ?? false;
            var made = await once.Once(
                http, caller, id, new { file = Convert.ToHexStringLower(hash.Hash!), choice },
                async session => (await session.Decide<UserImport, UserImportEvent>(
                    UserImport.Stream(id), import => Decide(import, new(id, total, choice, caller.Id)), ct)).Refusal,
                ct);
            isKept = made.Id == id && made.Refusal is null;
            return made.Refusal is { } refusal
                ? refusal.ToProblem()
                : TypedResults.Accepted($"/api/v1/users/imports/{made.Id}", new Accepted(made.Id, total));
        }
        finally
        {
            if (!isKept)
                await imports.Drop(id);
        }
    }

    private static async Task<Preview> Look(Guid id, ImportFile file, UserImports imports, CancellationToken ct)
    {
        var (total, failed, more, errors) = (0, 0, false, new List<ImportError>());
        await foreach (var some in CsvFile.InChunks(file.Rows(ct), RowsAtOnce, ct))
        {
            await imports.Keep(id, some, ct);
            var known = await imports.Known(some.Where(row => row.Errors.Count == 0).Select(row => row.Details.Email), ct);
            foreach (var row in some)
            {
                var wrong = row.Errors.Count == 0 && known.Contains(Users.KeyOf(row.Details.Email))
                    ? [new ImportError(row.Line, "email", new EmailTaken().Detail)]
                    : row.Errors;
                (total, failed) = (total + 1, failed + (wrong.Count > 0 ? 1 : 0));
                more |= errors.Count + wrong.Count > MostErrorsShown;
                errors.AddRange(wrong.Take(MostErrorsShown - errors.Count));
            }
        }

        return new(total, total - failed, failed, errors, more);
    }

    private static FileContentHttpResult Template()
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvFile.Write(bytes))
            csv.WriteHeader([.. ImportFile.Columns]);
        return TypedResults.File(bytes.ToArray(), "text/csv; charset=utf-8", "users.csv");
    }
}
