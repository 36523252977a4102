using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;

namespace InviteHub.Invitations.Features;

/// <summary>What would become of a batch's rows is known (INV-24); one that is not to be looked at first goes on at once.</summary>
internal static class CheckBatch
{
    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, InvitationBatchChecked answer)
    {
        // Cancelled meanwhile, or answered twice.
        if (batch is not { Status: BatchStatus.Checking, Upload: { } upload })
            return Nothing.Happened;
        var known = new InvitationBatchEvent.Checked([.. upload.Targets.Select((target, n) => new TargetChecked(
            target, answer.Free[n], answer.Waits[n], answer.Codes[n] is { Length: > 0 } code ? code : null,
            answer.Details[n] is { Length: > 0 } detail ? detail : null))]);
        return upload.DryRun
            ? known
            : new InvitationBatchEvent[] { known, new InvitationBatchEvent.Committed(upload.By) };
    }
}
