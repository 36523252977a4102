using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace InviteHub.Subscriptions.Tests.Decisions;

/// <summary>Any history, kept as a snapshot somewhere in the middle.</summary>
public class a_subscription_in_a_snapshot
{
    [Fact]
    public void is_read_back_without_a_loss_and_goes_on_as_if_it_had_never_been_away() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Events.ListOf().ToArbitrary(), Events.ListOf().ToArbitrary(), (before, after) =>
        {
            var state = before.Aggregate(Subscription.Initial, Apply);
            var kept = JsonSerializer.Deserialize<Subscription>(JsonSerializer.Serialize(state, SeatsInBytes.Snapshots), SeatsInBytes.Snapshots)!;
            ShouldBeSame(kept, state);
            ShouldBeSame(after.Aggregate(kept, Apply), after.Aggregate(state, Apply));
        }));

    [Fact]
    public void of_thousands_of_seats_takes_less_than_fifty_bytes_for_each_and_keeps_all_of_them()
    {
        var state = Enumerable.Range(0, 2_345).Aggregate(Subscription.Initial, (s, n) => s.Apply(World.Reserved(n)));
        state = state.Apply(World.Occupied(7));

        var kept = JsonSerializer.Serialize(state, SeatsInBytes.Snapshots);

        kept.Length.ShouldBeLessThan(50 * 2_345);
        ShouldBeSame(JsonSerializer.Deserialize<Subscription>(kept, SeatsInBytes.Snapshots)!, state);
    }

    private static Gen<SubscriptionEvent> Events
    {
        get
        {
            var seat = Gen.Choose(0, 5);
            var day = Gen.Choose(0, 3_000_000).Select(DateOnly.FromDayNumber);
            return Gen.OneOf(
                from plan in ArbMap.Default.GeneratorFor<string>().Where(text => text is not null && !text.Any(char.IsSurrogate))
                from limit in Gen.Choose(-1, 9)
                from starts in day
                from ends in Gen.OneOf(Gen.Constant<DateOnly?>(null), day.Select(DateOnly? (d) => d))
                select (SubscriptionEvent)new SubscriptionEvent.Created(
                    World.Plan, World.Acme, World.Crm, plan, limit < 0 ? null : limit, starts, ends),
                Gen.Choose(-1, 9).Select(SubscriptionEvent (limit) => new SubscriptionEvent.SeatLimitChanged(limit < 0 ? null : limit)),
                Gen.Choose(-1, 9).Select(SubscriptionEvent (ceiling) => new SubscriptionEvent.SeatPolicyChanged(AtLimit.Grow, ceiling < 0 ? null : ceiling)),
                Gen.Elements<SubscriptionEvent>(
                    new SubscriptionEvent.Suspended(), new SubscriptionEvent.Resumed(), new SubscriptionEvent.Ended(World.Today),
                    new SubscriptionEvent.SeatPolicyChanged(AtLimit.Waitlist, null)),
                seat.Select(SubscriptionEvent (n) => new SubscriptionEvent.InvitationWaitlisted(World.Id(n), World.Id(1000 + n))),
                seat.Select(SubscriptionEvent (n) => new SubscriptionEvent.WaitingEnded(World.Id(n), "revoked")),
                seat.Select(World.Reserved),
                seat.Select(World.Occupied),
                from n in seat from occupied in Gen.Elements(true, false)
                select (SubscriptionEvent)new SubscriptionEvent.SeatReleased(World.Id(n), occupied, "ended"));
        }
    }

    // A seat is reserved once; what no rule would decide is no history.
    private static Subscription Apply(Subscription state, SubscriptionEvent happened) =>
        happened is SubscriptionEvent.SeatReserved e && state.Seats.ContainsKey(e.InvitationId) ? state : state.Apply(happened);

    private static void ShouldBeSame(Subscription one, Subscription other)
    {
        one.Seats.OrderBy(s => s.Key).ShouldBe(other.Seats.OrderBy(s => s.Key));
        // The rest is compared as records compare: whatever property is added later is covered.
        one.Waiting.ShouldBe(other.Waiting);
        (one with { Seats = other.Seats, Waiting = other.Waiting }).ShouldBe(other);
    }
}
