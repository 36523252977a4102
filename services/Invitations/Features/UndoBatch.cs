using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Takes a batch back as far as it was not accepted (INV-24): each of its invitations is revoked, so that its link dies, its seat comes back and
/// its mail is stopped if it was not sent yet. <see cref="BatchWorker"/> does it.
/// </summary>
internal static class UndoBatch
{
    public sealed record Command(Guid By);

    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, Command c) => batch.Status switch
    {
        BatchStatus.None => new BatchNotFound(),
        BatchStatus.Finished or BatchStatus.Cancelled => new InvitationBatchEvent.UndoStarted(c.By),
        BatchStatus.Undoing or BatchStatus.Undone => Nothing.Happened,
        _ => new BatchNotOver(),
    };

    public static void Map(RouteGroupBuilder batches) => batches.MapPost("/{id:guid}/undo", Handle)
        .WithName(nameof(UndoBatch)).WithTags("Batches").Requires(Permission.BulkInvite);

    private static async Task<Results<Accepted<BatchView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, InvitationBatches batches, CancellationToken ct) =>
        await batches.Change(id, caller, http, batch => Decide(batch, new(caller.Id)), ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Accepted($"/api/v1/invitations/batches/{id}", await batches.Find(id, caller, ct));
}

/// <summary>Nothing of an undone batch is left to take back.</summary>
internal static class FinishUndo
{
    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch) => batch.Status == BatchStatus.Undoing
        ? new InvitationBatchEvent.Undone()
        : Nothing.Happened;
}
