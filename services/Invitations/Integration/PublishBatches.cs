using System.Globalization;
using InviteHub.Contracts;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;

namespace InviteHub.Invitations.Integration;

/// <summary>What other services are told of batches.</summary>
internal static class PublishBatches
{
    // Of how many people with an account is asked at once.
    private const int PeopleAtOnce = 5000;

    /// <summary>What a batch asks, some of its people at a time, and that it is over to who started it.</summary>
    public static async Task<IEnumerable<(RecordedEvent Happened, object? Message)>> OfBatches(
        InvitationBatches batches, IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
    {
        var told = new List<(RecordedEvent, object?)>();
        var streams = await session.FetchStreams(
            [.. events.Where(happened => happened.Data is InvitationBatchEvent.PeopleChecked { Through: not null } or InvitationBatchEvent.Finished).Select(happened => happened.Stream).Distinct()], ct);
        foreach (var happened in events)
        {
            told.Add((happened, happened.Data switch
            {
                InvitationBatchEvent.Uploaded e => await Asking(e, 0, batches, ct),
                InvitationBatchEvent.PeopleChecked { Through: { } through } => await Asking(Upload(happened), through, batches, ct),
                InvitationBatchEvent.Finished e => Notice(happened, Upload(happened), e),
                _ => null,
            }));
        }

        return told;

        InvitationBatchEvent.Uploaded Upload(RecordedEvent happened) => streams[happened.Stream].Fold<InvitationBatch, InvitationBatchEvent>().Upload!;
    }

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

    private static async Task<InvitationBatchUploaded> Asking(InvitationBatchEvent.Uploaded e, int after, InvitationBatches batches, CancellationToken ct)
    {
        var people = await batches.WithAccount(e.BatchId, after, PeopleAtOnce, ct);
        var places = e.Targets.Index().ToDictionary(target => target.Item, target => target.Index);
        return new(
            e.BatchId, e.OrganizationId, e.Way.Name(), e.By, e.ByRole, [.. e.Targets.Select(t => t.AppId)],
            [.. e.Targets.Select(t => t.SubscriptionId)], [.. e.Targets.Select(t => t.Role ?? "")])
        {
            People = [.. people.Select(one => one.Person)],
            PeopleTargets = [.. people.Select(one => places[one.Target])],
            Through = people.Count < PeopleAtOnce ? null : people[^1].Line,
        };
    }

    private static NoticeDue Notice(RecordedEvent happened, InvitationBatchEvent.Uploaded upload, InvitationBatchEvent.Finished e) => new(
        happened.Id, NoticeKind.BulkFinished, upload.By, upload.OrganizationId,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["batchId"] = upload.BatchId.ToString(),
            ["total"] = upload.Rows.ToString(CultureInfo.InvariantCulture),
            ["done"] = e.Done.ToString(CultureInfo.InvariantCulture),
            ["failed"] = e.Failed.ToString(CultureInfo.InvariantCulture),
        },
        happened.Timestamp, ExpiresAt: null);

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
