using System.Globalization;
using InviteHub.Contracts;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Invitations.Integration;

/// <summary>What other services are told of batches. Pure.</summary>
internal static class PublishBatches
{
    /// <summary>What a batch asks as a whole, and that it is over to who started it.</summary>
    public static Func<InvitationBatch, object?>? OfBatch(RecordedEvent happened) => happened.Data switch
    {
        InvitationBatchEvent.Uploaded e => _ => new InvitationBatchUploaded(
            e.BatchId, e.OrganizationId, e.Way.Name(), e.By, e.ByRole, [.. e.Targets.Select(t => t.AppId)],
            [.. e.Targets.Select(t => t.SubscriptionId)], [.. e.Targets.Select(t => t.Role ?? "")]),

        InvitationBatchEvent.Finished e => batch => new NoticeDue(
            happened.Id, NoticeKind.BulkFinished, batch.Upload!.By, batch.Upload.OrganizationId,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["batchId"] = batch.Upload.BatchId.ToString(),
                ["total"] = batch.Upload.Rows.ToString(CultureInfo.InvariantCulture),
                ["done"] = e.Done.ToString(CultureInfo.InvariantCulture),
                ["failed"] = e.Failed.ToString(CultureInfo.InvariantCulture),
            },
            happened.Timestamp, ExpiresAt: null),

        _ => null,
    };

    /// <summary>Some rows' invitations, asked for at once.</summary>
    public static object? OfChunk(RecordedEvent happened) => happened.Data is BatchChunkEvent.Requested e
        ? new InvitationsRequested(
            happened.Stream.Key, e.BatchId, e.OrganizationId, e.Way.Name(), e.InvitedBy, e.InvitedByRole,
            e.Target.AppId, e.Target.SubscriptionId, e.Target.Role, e.Waits, e.InvitationIds, e.InviteeIds)
        : null;
}
