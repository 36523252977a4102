using InviteHub.EventStore;
using InviteHub.Subscriptions.ReadModels;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Notes that a subscription's last day is over: its holders keep their seats and are told, and those who wait learn that there will be
/// none (SUB-05). Where a period has begun meanwhile, those who waited for it get their seats.
/// </summary>
internal static class EndSubscription
{
    /// <summary>Why somebody left the waitlist.</summary>
    public const string Reason = "ended";

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, DateOnly today) => subscription switch
    {
        { HasEnded: false, EndsOn: { } last } when last < today =>
        (SubscriptionEvent[])
        [
            new SubscriptionEvent.Ended(last),
            .. subscription.Waiting.Select(waiting => new SubscriptionEvent.WaitingEnded(waiting.InvitationId, Reason)),
        ],
        // Given more time meanwhile: a timer that comes late finds that it does not matter any more.
        _ => Waitlist.After(subscription, [], today),
    };
}

/// <summary>Looks for subscriptions whose period ended or began. Several instances may: the subscription itself says who was first.</summary>
internal sealed class PeriodWorker(PostgresEventStore store, TimeProvider clock, ILogger<PeriodWorker> log)
    : RecurringWork(TimeSpan.FromSeconds(10), clock, log)
{
    private const int AtOnce = 100;

    /// <summary>Ends and fills what is due.</summary>
    public static async Task Sweep(PostgresEventStore store, DateOnly today, CancellationToken ct)
    {
        foreach (var due in await store.List<SubscriptionRow>(
            $"""
            select {SubscriptionRow.Columns} from {SubscriptionRow.From}
            where not s.has_ended and s.ends_on < @today
               or s.waiting > 0 and not s.is_suspended and not s.has_ended and s.starts_on <= @today and (s.seat_limit is null or s.reserved + s.occupied < s.seat_limit)
            limit @most
            """,
            new { today, most = AtOnce }, ct))
        {
            await store.Transact(
                new EventMetadata(CorrelationId: due.Id.ToString()),
                session => session.MoveSeats(Subscription.StreamOf(due.Id, due.OrganizationId), subscription => EndSubscription.Decide(subscription, today), ct), ct);
        }
    }

    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        await Sweep(store, Clock.Today(), ct);
        return Every;
    }
}
