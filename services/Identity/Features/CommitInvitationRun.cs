using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Invites those users who were shown to be invited (INV-24), and nobody else, whoever a filter would find by now. Each is decided anew: who
/// can't be invited any more is refused with the reason.
/// </summary>
internal static class CommitInvitationRun
{
    public sealed record Command(Guid RunId, Guid By, string ByRole);

    public static Decision<InvitationRunEvent> Decide(InvitationRun run, Command c) => run switch
    {
        { Status: InvitationRunStatus.None } => new InvitationRunNotFound(),
        { Status: InvitationRunStatus.Ready } => new InvitationRunEvent.Committed(c.RunId, c.By, c.ByRole),
        { Status: InvitationRunStatus.Cancelled } => new InvitationRunCancelled(),
        { Status: InvitationRunStatus.Running, IsTrial: true } => new InvitationRunNotChecked(),
        _ => Nothing.Happened,
    };

    public static void Map(RouteGroupBuilder users) => users.MapPost("/invitations/{id:guid}/commit", Handle)
        .WithName(nameof(CommitInvitationRun)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Results<Ok<InviteUsers.Answer>, Accepted<InvitationRunProgress>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, PreferWait wait, HttpContext http, PostgresEventStore store, InvitationRuns runs, InvitationWorker worker,
        CancellationToken ct)
    {
        var command = new Command(id, caller.Id, caller.Role);
        var outcome = await store.Transact(
            caller.Metadata(http, id),
            session => session.Decide<InvitationRun, InvitationRunEvent>(InvitationRun.Stream(id), run => Decide(run, command), ct), ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : await InviteUsers.Tell(id, wait, store, runs, worker, ct);
    }
}
