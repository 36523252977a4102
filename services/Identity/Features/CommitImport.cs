using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Registers the users of a file that was looked at, those rows and no others (INV-17, INV-24), within a day. Each is decided anew: whose address
/// or username was taken meanwhile is in the report. Committed again, it is the same import.
/// </summary>
internal static class CommitImport
{
    public static Decision<UserImportEvent> Decide(UserImport import, ImportUsers.Command c) => import.Status switch
    {
        UserImportStatus.None when c.Rows == 0 => new UserImportNotFound(),
        UserImportStatus.Cancelled => new UserImportCancelled(),
        _ => ImportUsers.Decide(import, c),
    };

    public static void Map(RouteGroupBuilder users) =>
        users.MapPost("/imports/{id:guid}/commit", Handle).WithName(nameof(CommitImport)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Results<Accepted<UserImportProgress>, ProblemHttpResult>> Handle(
        Guid id, bool? sendInvitation, CurrentUser caller, HttpContext http, PostgresEventStore store, UserImports imports, CancellationToken ct)
    {
        var command = new ImportUsers.Command(id, await imports.Kept(id, ct), sendInvitation ?? false, caller.Id);
        var outcome = await store.Transact(
            caller.Metadata(http, id),
            session => session.Decide<UserImport, UserImportEvent>(UserImport.Stream(id), import => Decide(import, command), ct), ct);
        return outcome.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Accepted($"/api/v1/users/imports/{id}", (await imports.Progress(id, ct))!);
    }
}
