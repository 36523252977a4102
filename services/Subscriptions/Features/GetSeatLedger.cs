using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Shows every movement of a subscription's seats with its cause and person, made only by replaying the stream (SUB-03).</summary>
internal static class GetSeatLedger
{
    /// <summary>One movement.</summary>
    /// <param name="Version">Its place in the stream.</param>
    /// <param name="At">When.</param>
    /// <param name="Movement"><c>opened</c>, <c>limit-changed</c>, <c>reserved</c>, <c>occupied</c> or <c>released</c>.</param>
    /// <param name="Cause">Why: <c>created</c>, <c>changed</c>, <c>invited</c>, <c>accepted</c>, <c>revoked</c>, <c>expired</c>, <c>declined</c>.</param>
    /// <param name="InvitationId">The invitation that the seat belongs to.</param>
    /// <param name="PersonId">Whose seat it is.</param>
    /// <param name="By">The user who caused it, when somebody did.</param>
    /// <param name="Limit">The limit after it.</param>
    /// <param name="Reserved">Seats reserved after it.</param>
    /// <param name="Occupied">Seats occupied after it.</param>
    public sealed record Entry(
        long Version, DateTimeOffset At, string Movement, string Cause, Guid? InvitationId, Guid? PersonId, string? By, int? Limit, int Reserved, int Occupied);

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
                SubscriptionEvent.SeatReserved e => ("reserved", "invited", e.InvitationId, e.InviteeId),
                SubscriptionEvent.SeatOccupied e => ("occupied", "accepted", e.InvitationId, e.UserId),
                SubscriptionEvent.SeatReleased e => ("released", e.Reason, e.InvitationId, before.Seats[e.InvitationId].PersonId),
                _ => throw new InvalidOperationException($"the ledger knows no {recorded.Type}"),
            };
            entries.Add(new Entry(
                recorded.Version, recorded.Timestamp, movement, cause, invitation, person, recorded.Metadata.Header(EventMetadata.UserId),
                after.SeatLimit, after.Reserved, after.Occupied));
            before = after;
        }

        return entries;
    }

    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapGet("/{id:guid}/ledger", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetSeatLedger));

    private static async Task<Results<Ok<Page<Entry>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        // The one order there is, forwards unless asked otherwise.
        _ = query.OrderBy(("at", "at"));
        if (await GetSubscription.Read(store, id, user, ct) is not { OrganizationId: var organizationId })
            return new SubscriptionNotFound().ToProblem();

        var entries = Replay(await store.OpenSession().FetchStream(Subscription.StreamOf(id, organizationId), ct: ct));
        var ordered = query.Descending ? entries.Reverse() : entries;
        return TypedResults.Ok(new Page<Entry>(
            [.. ordered.Skip((int)query.Offset).Take(query.PageSize)], query.Page, query.PageSize, entries.Count));
    }
}
