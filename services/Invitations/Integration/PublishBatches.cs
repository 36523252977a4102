using System.Globalization;
using InviteHub.Contracts;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Invitations.Integration;

/// <summary>What other services are told of batches.</summary>
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

    /// <summary>Some rows' invitations, asked for at once, and opened at once; what their messages say is read for all of them in one round trip.</summary>
    public static async Task<IEnumerable<(RecordedEvent Happened, object? Message)>> OfChunks(
        IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
    {
        var streams = await session.FetchStreams(
            [.. events.SelectMany(happened => happened.Data is BatchChunkEvent.Opened e ? e.InvitationIds.Select(id => Stream(happened, id)) : [])], ct);
        return events.Select(happened => (happened, happened.Data switch
        {
            BatchChunkEvent.Requested e => new InvitationsRequested(
                happened.Stream.Key, e.BatchId, e.OrganizationId, e.Way.Name(), e.InvitedBy, e.InvitedByRole,
                e.Target.AppId, e.Target.SubscriptionId, e.Target.Role, e.Waits, e.InvitationIds, e.InviteeIds),
            BatchChunkEvent.Opened e => new InvitationsOpened(
                happened.Stream.Key, Guid.Parse(happened.Stream.TenantId), [.. e.InvitationIds.Select(id => Opened(streams[Stream(happened, id)], happened.Stream.Key))]),
            _ => (object?)null,
        }));
    }

    private static StreamId Stream(RecordedEvent chunk, Guid invitation) => Invitation.Stream(Guid.Parse(chunk.Stream.TenantId), invitation);

    // As it was when it opened: what came after that is told of by itself.
    private static InvitationOpened Opened(IEnumerable<RecordedEvent> events, Guid chunk)
    {
        var all = events.ToArray();
        var opening = Array.FindIndex(all, e => e.Data is InvitationEvent.Opened { ChunkId: { } own } && own == chunk);
        var invitation = all.Take(opening + 1).Fold<Invitation, InvitationEvent>();
        return Publish.Opened(invitation.Offer!, invitation.Link!);
    }
}
