using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>A second person approves a batch (INV-23): only now its invitations are made, all of them by this one word.</summary>
internal static class ApproveBatch
{
    public sealed record Command(Guid By, bool IsApprover);

    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, Command c) => batch switch
    {
        { Status: BatchStatus.None } => new BatchNotFound(),
        { AwaitsApproval: true, ApprovalAskedBy: { } asker } => WhyNot(batch, c)
            ?? (Decision<InvitationBatchEvent>)new InvitationBatchEvent[] { new InvitationBatchEvent.Approved(c.By), new InvitationBatchEvent.Committed(asker) },
        { Approval.IsApproved: true } => Nothing.Happened,
        _ => new NothingToApprove(),
    };

    /// <summary>Why somebody is not the second person.</summary>
    public static Refusal? WhyNot(InvitationBatch batch, Command c) => c.By == batch.ApprovalAskedBy || c.By == batch.Upload!.By
        ? new ApprovalNeedsAnother()
        : c.IsApprover ? null : new MayNotApprove();

    public static void Map(RouteGroupBuilder batches) => batches.MapPost("/{id:guid}/approve", Handle)
        .WithName(nameof(ApproveBatch)).WithTags("Batches").Requires(Permission.BulkInvite);

    /// <summary>Has the caller say a word on a batch that they may see.</summary>
    public static async Task<Results<Accepted<BatchView>, ProblemHttpResult>> Say(
        Func<InvitationBatch, Command, Decision<InvitationBatchEvent>> decide, Guid id, CurrentUser caller, HttpContext http, InvitationBatches batches,
        InvitationPolicies policies, CancellationToken ct)
    {
        if (await batches.Find(id, caller, ct) is not { } visible)
            return new BatchNotFound().ToProblem();
        var command = new Command(caller.Id, await policies.MayApprove(visible.OrganizationId, caller, ct));
        return await batches.Change(id, caller, http, batch => decide(batch, command), ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Accepted($"/api/v1/invitations/batches/{id}", await batches.Find(id, caller, ct));
    }

    private static Task<Results<Accepted<BatchView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, InvitationBatches batches, InvitationPolicies policies, CancellationToken ct) =>
        Say(Decide, id, caller, http, batches, policies, ct);
}

/// <summary>A second person says no to a batch (INV-23): it is cancelled before anything was made of it.</summary>
internal static class RejectBatch
{
    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, ApproveBatch.Command c) => batch switch
    {
        { Status: BatchStatus.None } => new BatchNotFound(),
        { AwaitsApproval: true } => ApproveBatch.WhyNot(batch, c) ?? (Decision<InvitationBatchEvent>)new InvitationBatchEvent.Rejected(c.By),
        { Approval.IsRejected: true } => Nothing.Happened,
        _ => new NothingToApprove(),
    };

    public static void Map(RouteGroupBuilder batches) => batches.MapPost("/{id:guid}/reject", Handle)
        .WithName(nameof(RejectBatch)).WithTags("Batches").Requires(Permission.BulkInvite);

    private static Task<Results<Accepted<BatchView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser caller, HttpContext http, InvitationBatches batches, InvitationPolicies policies, CancellationToken ct) =>
        ApproveBatch.Say(Decide, id, caller, http, batches, policies, ct);
}
