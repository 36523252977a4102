using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Admits some invitations of a batch to one thing in one commit, in their order, and answers for all at once (INV-20). Each is decided by the
/// rules of one; what would not be as the batch was shown is refused instead (INV-24).
/// </summary>
internal static class AdmitInvitations
{
    /// <summary>Invitations to the same app, subscription and role.</summary>
    /// <param name="ChunkId">What the answer is to.</param>
    /// <param name="BatchId">Their batch.</param>
    /// <param name="OrganizationId">The organization.</param>
    /// <param name="Waits">Whether they were shown as waiting for a seat.</param>
    /// <param name="Invitations">The first first; at least one.</param>
    public sealed record Command(Guid ChunkId, Guid BatchId, Guid OrganizationId, bool Waits, IReadOnlyList<AdmitInvitation.Command> Invitations);

    public static Decision<AdmissionEvent> Decide(Admission admission, AdmitInvitation.Facts facts, AdmitInvitation.Command one, Guid batchId, bool waits) =>
        AdmitInvitation.Decide(admission, facts, one).Events switch
        {
            [AdmissionEvent.Granted { SubscriptionId: not null }] when waits => No(one, batchId, NotAsShown.SeatIsFree),
            [AdmissionEvent.Waitlisted] when !waits => No(one, batchId, NotAsShown.SeatIsGone),
            [AdmissionEvent.Granted e] => e with { BatchId = batchId },
            [AdmissionEvent.Waitlisted e] => e with { BatchId = batchId },
            [AdmissionEvent.Refused e] => e with { BatchId = batchId },
            _ => Nothing.Happened,
        };

    /// <summary>The answer for all, from what is known of each.</summary>
    public static Decision<AdmissionChunkEvent> Decide(
        AdmissionChunk chunk, AdmitInvitation.Facts facts, Command c, IReadOnlyList<(Admission Admission, AdmissionEvent? Decided)> each)
    {
        if (chunk.IsAnswered)
            return Nothing.Happened;
        var ids = c.Invitations.Select(i => i.InvitationId).ToArray();
        var first = c.Invitations[0];
        return new AdmissionChunkEvent.Answered(
            c.BatchId, c.OrganizationId, facts.Organization.Name, first.AppId is null ? null : facts.App.Name,
            facts.App.Roles.FirstOrDefault(r => r.Key == first.Role)?.Name, facts.Organization.Settings.InvitationValidForDays,
            [.. ids.Where((_, n) => each[n].Admission.Status == AdmissionStatus.Granted)],
            [.. ids.Where((_, n) => each[n].Admission.Status == AdmissionStatus.Waiting)],
            [.. ids.Zip(each).Where(one => one.Second.Admission.Status is not (AdmissionStatus.Granted or AdmissionStatus.Waiting))
                .Select(one => one.Second.Decided is AdmissionEvent.Refused no
                    ? new ChunkRefusal(one.First, no.Kind, no.Code, no.Detail) { Facts = no.Facts }
                    : Told(one.First, new InvitationGone()))]);
    }

    /// <summary>Gathers, decides and appends.</summary>
    public static async Task Handle(Command c, EventSession session, PostgresEventStore store, CancellationToken ct)
    {
        var chunk = await session.FetchForWriting<AdmissionChunk, AdmissionChunkEvent>(AdmissionChunk.StreamOf(c.ChunkId, c.OrganizationId), ct);
        if (chunk.Aggregate.IsAnswered)
            return;

        await session.FetchForWriting<Admission, AdmissionEvent>([.. c.Invitations.Select(i => Admission.StreamOf(i.InvitationId, c.OrganizationId))], ct);
        var facts = await AdmitInvitation.Gather(c.Invitations[0], session, ct);
        var held = await AdmitInvitation.Held(facts.Subscription, [.. c.Invitations.Select(one => one.InviteeId)], c.OrganizationId, store, ct);
        var each = new List<(Admission, AdmissionEvent?)>();
        foreach (var one in c.Invitations)
        {
            var admission = await session.FetchForWriting<Admission, AdmissionEvent>(Admission.StreamOf(one.InvitationId, c.OrganizationId), ct);
            if (one.SubscriptionId is { } subscription)
            {
                var seats = await session.FetchForWriting<Subscription, SubscriptionEvent>(Subscription.StreamOf(subscription, c.OrganizationId), ct);
                facts = facts with { Subscription = seats.Aggregate };
            }

            var decision = Decide(admission.Aggregate, facts with { Held = [.. held[one.InviteeId]] }, one, c.BatchId, c.Waits);
            await AdmitInvitation.Append(admission, decision, one, session, ct);
            each.Add((admission.Aggregate, decision.Events is [var decided] ? decided : null));
        }

        chunk.AppendMany(Decide(chunk.Aggregate, facts, c, each).Events);
    }

    private static AdmissionEvent.Refused No(AdmitInvitation.Command one, Guid batchId, Refusal no) =>
        new(one.OrganizationId, no.Kind, no.Code, no.Detail) { Facts = no.Facts, BatchId = batchId };

    private static ChunkRefusal Told(Guid invitation, Refusal no) => new(invitation, no.Kind, no.Code, no.Detail) { Facts = no.Facts };
}
