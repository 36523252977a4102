using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Shows every movement of a subscription's seats with its cause and person, made only by replaying the stream (SUB-04); <c>at</c> leaves those up to an instant.</summary>
internal static class GetSeatLedger
{
    /// <summary>One movement.</summary>
    /// <param name="Version">Its place in the stream.</param>
    /// <param name="At">When.</param>
    /// <param name="Movement"><c>opened</c>, <c>reserved</c>, <c>occupied</c>, <c>transferred</c>, <c>released</c>, <c>waitlisted</c>, <c>left-waitlist</c>, <c>limit-changed</c>, <c>limit-grown</c>, <c>policy-changed</c>, <c>plan-changed</c>, <c>period-changed</c>, <c>suspended</c>, <c>resumed</c> or <c>ended</c>.</param>
    /// <param name="Cause">Why: <c>created</c>, <c>changed</c>, <c>invited</c>, <c>accepted</c>, <c>revoked</c>, <c>expired</c>, <c>declined</c>, <c>taken-back</c>, <c>transferred</c>, <c>no-seat-free</c>, <c>seat-free</c>, <c>ended</c>.</param>
    /// <param name="InvitationId">The invitation that the seat belongs to.</param>
    /// <param name="PersonId">Whose seat it is.</param>
    /// <param name="By">The user who caused it, when somebody did.</param>
    /// <param name="Limit">The limit after it.</param>
    /// <param name="Reserved">Seats reserved after it.</param>
    /// <param name="Occupied">Seats occupied after it.</param>
    /// <param name="Waiting">Invitations that wait after it.</param>
    /// <param name="FromPersonId">Who gave the seat to the person, when it was transferred.</param>
    public sealed record Entry(
        long Version, DateTimeOffset At, string Movement, string Cause, Guid? InvitationId, Guid? PersonId, string? By, int? Limit, int Reserved, int Occupied,
        int Waiting, Guid? FromPersonId);

    /// <summary>The ledger that a stream's events make, oldest first.</summary>
    public static IReadOnlyList<Entry> Replay(IReadOnlyList<RecordedEvent> events)
    {
        var entries = new List<Entry>(events.Count);
        var before = Subscription.Initial;
        foreach (var recorded in events)
        {
            var after = before.Apply((SubscriptionEvent)recorded.Data);
            var (movement, cause, invitation, person) = recorded.Data switch
            {
                SubscriptionEvent.Created => ("opened", "created", default(Guid?), default(Guid?)),
                SubscriptionEvent.SeatLimitChanged => ("limit-changed", "changed", null, null),
                SubscriptionEvent.SeatLimitGrown => ("limit-grown", "no-seat-free", null, null),
                SubscriptionEvent.SeatPolicyChanged => ("policy-changed", "changed", null, null),
                SubscriptionEvent.PlanChanged => ("plan-changed", "changed", null, null),
                SubscriptionEvent.PeriodChanged => ("period-changed", "changed", null, null),
                SubscriptionEvent.Suspended => ("suspended", "changed", null, null),
                SubscriptionEvent.Resumed => ("resumed", "changed", null, null),
                SubscriptionEvent.Ended => ("ended", "ended", null, null),
                SubscriptionEvent.InvitationWaitlisted e => ("waitlisted", "no-seat-free", e.InvitationId, e.InviteeId),
                SubscriptionEvent.WaitingEnded e =>
                    ("left-waitlist", e.Reason, e.InvitationId, before.Waiting.First(w => w.InvitationId == e.InvitationId).InviteeId),
                SubscriptionEvent.SeatTransferred e => ("transferred", "transferred", e.InvitationId, e.ToUserId),
                SubscriptionEvent.SeatReserved e => ("reserved", "invited", e.InvitationId, e.InviteeId),
                SubscriptionEvent.SeatOccupied e => ("occupied", "accepted", e.InvitationId, e.UserId),
                SubscriptionEvent.SeatReleased e => ("released", e.Reason, e.InvitationId, before.Seats[e.InvitationId].PersonId),
                _ => throw new InvalidOperationException($"the ledger knows no {recorded.Type}"),
            };
            entries.Add(new Entry(
                recorded.Version, recorded.Timestamp, movement, cause, invitation, person, recorded.Metadata.Header(EventMetadata.UserId),
                after.SeatLimit, after.Reserved, after.Occupied,
                after.Waiting.Count, (recorded.Data as SubscriptionEvent.SeatTransferred)?.FromUserId));
            before = after;
        }

        return entries;
    }

    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapGet("/{id:guid}/ledger", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetSeatLedger));

    private static async Task<Results<Ok<Page<Entry>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, DateTimeOffset? at, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        // The one order there is, forwards unless asked otherwise.
        _ = query.OrderBy(("at", "at"));
        return await GetSubscription.Events(store, id, user, at, ct) is { } events
            ? TypedResults.Ok(query.Of(Replay(events)))
            : new SubscriptionNotFound().ToProblem();
    }
}
