using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>Stops a batch (INV-20): invitations that were begun stay, the rows that nobody works on yet are left out.</summary>
internal static class CancelBatch
{
    public sealed record Command(Guid By);

    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, Command c) => batch.Status switch
    {
        BatchStatus.None => new BatchNotFound(),
        BatchStatus.Finished => new BatchFinished(),
        BatchStatus.Cancelled or BatchStatus.Undoing or BatchStatus.Undone => Nothing.Happened,
        _ => new InvitationBatchEvent.Cancelled(c.By),
    };

    public static void Map(RouteGroupBuilder batches) => batches.MapDelete("/{id:guid}", Handle)
        .WithName(nameof(CancelBatch)).WithTags("Batches").Requires(Permission.BulkInvite);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, InvitationBatches batches, CancellationToken ct) =>
        await batches.Change(id, caller, http, batch => Decide(batch, new(caller.Id)), ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
}
