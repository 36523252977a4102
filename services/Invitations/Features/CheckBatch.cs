using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;

namespace InviteHub.Invitations.Features;

/// <summary>
/// What would become of a batch's rows is known (INV-24). One that is not to be looked at first goes on at once, or as soon as a second person
/// approves it, where the organization asks for one (INV-23).
/// </summary>
internal static class CheckBatch
{
    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, InvitationBatchChecked answer, BatchPolicy policy)
    {
        // Cancelled meanwhile, or answered twice.
        if (batch is not { Status: BatchStatus.Checking, Upload: { } upload } || answer.Through <= batch.CheckedThrough)
            return Nothing.Happened;
        var people = new InvitationBatchEvent.PeopleChecked(answer.Through, [.. answer.RefusedPeople.Zip(answer.RefusedTargets)
            .GroupBy(one => one.Second, one => one.First)
            .Select(same => new PeopleRefused(upload.Targets[same.Key], [.. same], answer.PeopleCodes[same.Key], answer.PeopleDetails[same.Key]))]);
        // What there is of seats is told with each answer, and counts when the last people are known.
        if (answer.Through is not null)
            return people;
        var known = new InvitationBatchEvent.Checked([.. upload.Targets.Select((target, n) => new TargetChecked(
            target, answer.Free[n], answer.Waits[n], answer.Codes[n] is { Length: > 0 } code ? code : null,
            answer.Details[n] is { Length: > 0 } detail ? detail : null))])
        {
            Hourly = policy.Hourly,
        };
        InvitationBatchEvent[] next = upload.DryRun ? []
            : [policy.RequiresApproval ? new InvitationBatchEvent.ApprovalAsked(upload.By) : new InvitationBatchEvent.Committed(upload.By)];
        return (InvitationBatchEvent[])[.. people.Refused.Count == 0 ? [] : new[] { people }, known, .. next];
    }
}
