using InviteHub.EventStore;

namespace InviteHub.Invitations.Features;

/// <summary>
/// A batch that nobody committed, or approved, in time is cancelled (INV-24): what it would do was shown so long ago that nobody should rely on
/// it, and its people's data is not kept for nothing.
/// </summary>
internal static class LapseBatch
{
    /// <summary>How long what was shown can be committed.</summary>
    public static readonly TimeSpan ReadyFor = TimeSpan.FromDays(1);

    /// <summary>How long a second person has, who may be away.</summary>
    public static readonly TimeSpan AwaitsApprovalFor = TimeSpan.FromDays(7);

    /// <summary>One of the two times is up: that for an approval, or the other.</summary>
    public sealed record Command(bool AwaitsApproval);

    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, Command c) =>
        batch.Status == BatchStatus.Ready && batch.AwaitsApproval == c.AwaitsApproval ? new InvitationBatchEvent.Lapsed() : Nothing.Happened;
}
