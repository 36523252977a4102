using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Stops inviting users who were chosen together (INV-14): who is invited stays so, whom nobody works on yet are left out.</summary>
internal static class CancelInvitationRun
{
    public sealed record Command(Guid RunId, Guid By);

    public static Decision<InvitationRunEvent> Decide(InvitationRun run, Command c) => run.Status switch
    {
        InvitationRunStatus.None => new InvitationRunNotFound(),
        InvitationRunStatus.Finished => new InvitationRunFinished(),
        InvitationRunStatus.Cancelled => Nothing.Happened,
        _ => new InvitationRunEvent.Cancelled(c.RunId, c.By),
    };

    public static void Map(RouteGroupBuilder users) =>
        users.MapDelete("/invitations/{id:guid}", Handle).WithName(nameof(CancelInvitationRun)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, CancellationToken ct)
    {
        var outcome = await store.Transact(
            caller.Metadata(http, id),
            session => session.Decide<InvitationRun, InvitationRunEvent>(InvitationRun.Stream(id), run => Decide(run, new(id, caller.Id)), ct), ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }
}
