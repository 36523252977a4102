using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Lists who has a seat of a subscription and who waits for one, now or as of any instant, made by replaying the stream (SUB-04).</summary>
internal static class ListSeats
{
    /// <summary>A seat, or a place on the waitlist.</summary>
    /// <param name="InvitationId">What names it.</param>
    /// <param name="PersonId">Who has it: the invitee until the invitation is accepted.</param>
    /// <param name="Status"><c>reserved</c>, <c>occupied</c> or <c>waiting</c>.</param>
    /// <param name="Since">Since when this person has it so.</param>
    public sealed record View(Guid InvitationId, Guid PersonId, string Status, DateTimeOffset Since);

    /// <summary>The seats that a stream's events lead to, the longest held first; behind them those that wait, in order.</summary>
    public static IReadOnlyList<View> Replay(IReadOnlyList<RecordedEvent> events)
    {
        var since = new Dictionary<Guid, (int Order, DateTimeOffset At)>();
        var state = Subscription.Initial;
        foreach (var recorded in events)
        {
            state = state.Apply((SubscriptionEvent)recorded.Data);
            var moved = recorded.Data switch
            {
                SubscriptionEvent.SeatReserved e => e.InvitationId,
                SubscriptionEvent.SeatOccupied e => e.InvitationId,
                SubscriptionEvent.SeatTransferred e => e.InvitationId,
                SubscriptionEvent.InvitationWaitlisted e => e.InvitationId,
                _ => default(Guid?),
            };
            if (moved is { } id)
                since[id] = (since.Count, recorded.Timestamp);
        }

        return
        [
            .. from seat in state.Seats
               let moved = since[seat.Key]
               orderby moved.At, moved.Order, seat.Key
               select new View(seat.Key, seat.Value.PersonId, seat.Value.IsOccupied ? "occupied" : "reserved", moved.At),
            .. state.Waiting.Select(waiting => new View(waiting.InvitationId, waiting.InviteeId, "waiting", since[waiting.InvitationId].At)),
        ];
    }

    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapGet("/{id:guid}/seats", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListSeats));

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, DateTimeOffset? at, string? status, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        _ = query.OrderBy(("since", "since"));
        return await GetSubscription.Events(store, id, user, at, ct) is { } events
            ? TypedResults.Ok(query.Of<View>([.. Replay(events).Where(seat => status is null || seat.Status == status)]))
            : new SubscriptionNotFound().ToProblem();
    }
}
