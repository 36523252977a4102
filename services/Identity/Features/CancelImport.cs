using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Stops an import of users (INV-17): accounts that are made stay, the rows that nobody works on yet are left out and forgotten.</summary>
internal static class CancelImport
{
    public sealed record Command(Guid ImportId, Guid By);

    public static Decision<UserImportEvent> Decide(UserImport import, Command c) => import.Status switch
    {
        UserImportStatus.None => new UserImportNotFound(),
        UserImportStatus.Finished => new UserImportFinished(),
        UserImportStatus.Cancelled => Nothing.Happened,
        _ => new UserImportEvent.Cancelled(c.ImportId, c.By),
    };

    public static void Map(RouteGroupBuilder users) =>
        users.MapDelete("/imports/{id:guid}", Handle).WithName(nameof(CancelImport)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, CancellationToken ct)
    {
        var outcome = await store.Transact(
            caller.Metadata(http, id),
            session => session.Decide<UserImport, UserImportEvent>(UserImport.Stream(id), import => Decide(import, new(id, caller.Id)), ct), ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }
}
