using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Does what a batch was shown to do (INV-24). Each row is held to that: where the world has changed since, it fails with the reason, and
/// nothing else is done instead. Where the organization asks for a second person, it is ready until that person approves it (INV-23).
/// </summary>
internal static class CommitBatch
{
    public sealed record Command(Guid By, bool RequiresApproval = false);

    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, Command c) => batch.Status switch
    {
        BatchStatus.None => new BatchNotFound(),
        BatchStatus.Checking => new BatchNotChecked(),
        BatchStatus.Ready when c.RequiresApproval => batch.AwaitsApproval ? Nothing.Happened : new InvitationBatchEvent.ApprovalAsked(c.By),
        BatchStatus.Ready => new InvitationBatchEvent.Committed(c.By),
        BatchStatus.Running or BatchStatus.Finished => Nothing.Happened,
        var ended => new BatchEnded(ended),
    };

    public static void Map(RouteGroupBuilder batches) => batches.MapPost("/{id:guid}/commit", Handle)
        .WithName(nameof(CommitBatch)).WithTags("Batches").Requires(Permission.BulkInvite);

    private static async Task<Results<Accepted<BatchView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, InvitationBatches batches, InvitationPolicies policies, TimeProvider clock, CancellationToken ct)
    {
        if (await batches.Find(id, caller, ct) is not { } visible)
            return new BatchNotFound().ToProblem();
        var command = new Command(caller.Id, (await policies.OfBatch(visible.OrganizationId, clock.GetUtcNow(), ct)).RequiresApproval);
        return await batches.Change(id, caller, http, batch => Decide(batch, command), ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Accepted($"/api/v1/invitations/batches/{id}", await batches.Find(id, caller, ct));
    }
}
