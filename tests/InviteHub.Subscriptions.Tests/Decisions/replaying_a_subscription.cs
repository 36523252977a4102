using InviteHub.EventStore;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "SUB-04")]
public class replaying_a_subscription
{
    private static readonly DateOnly First = new(2030, 1, 1);
    private readonly List<RecordedEvent> _events = [];

    public replaying_a_subscription()
    {
        Happens(First, 6, new SubscriptionEvent.Created(World.Plan, World.Acme, World.Crm, "=gold", 3, First, null));
        Happens(First, 12, World.Reserved(100));
        Happens(First, 18, World.Reserved(101));
        Happens(First.AddDays(1), 6, World.Occupied(100));
        Happens(First.AddDays(1), 6, new SubscriptionEvent.SeatReleased(World.Id(101), WasOccupied: false, "revoked"));
        Happens(First.AddDays(2), 12, new SubscriptionEvent.SeatTransferred(World.Id(100), World.Id(1100), World.Member));
    }

    [Fact]
    public void shows_peak_and_average_of_each_day_as_far_as_it_has_come()
    {
        var days = GetUsage.Replay(_events, First.AddDays(-1), First.AddDays(9), At(First.AddDays(2), 12));
        days.Select(d => (d.Date.Day, d.PeakUsed, d.AverageUsed, d.PeakOccupied, d.AverageOccupied)).ShouldBe(
        [
            // 6 hours of one, 6 of two, of 24.
            (1, 2, 0.75m, 0, 0m),
            (2, 2, 1.25m, 1, 0.75m),
            (3, 1, 1m, 1, 1m),
        ]);
    }

    [Fact]
    public void of_one_day_alone_begins_with_what_was_there()
    {
        var day = GetUsage.Replay(_events, First.AddDays(1), First.AddDays(1), At(First.AddDays(30), 0)).ShouldHaveSingleItem();
        (day.PeakUsed, day.AverageUsed, day.Limit).ShouldBe((2, 1.25m, 3));
    }

    [Fact]
    [Trait("Feature", "SEC-04")]
    public void as_csv_leaves_no_formula_for_a_spreadsheet()
    {
        var csv = GetUsage.Csv(GetUsage.Replay(_events, First, First, At(First.AddDays(30), 0)));
        csv.ShouldBe("date,plan,limit,peakUsed,averageUsed,peakOccupied,averageOccupied\r\n2030-01-01,\"'=gold\",3,2,0.75,0,0\r\n");
    }

    [Fact]
    public void lists_who_has_a_seat_since_when_at_any_instant()
    {
        ListSeats.Replay(_events[..3]).Select(s => (s.InvitationId, s.Status)).ShouldBe([(World.Id(100), "reserved"), (World.Id(101), "reserved")]);
        ListSeats.Replay(_events).ShouldHaveSingleItem().ShouldBe(new ListSeats.View(World.Id(100), World.Member, "occupied", At(First.AddDays(2), 12)));
    }

    [Fact]
    public void keeps_every_movement_with_its_cause_and_people()
    {
        var ledger = GetSeatLedger.Replay(_events);
        ledger.Select(e => (e.Movement, e.Cause)).ShouldBe(
        [
            ("opened", "created"), ("reserved", "invited"), ("reserved", "invited"), ("occupied", "accepted"), ("released", "revoked"), ("transferred", "transferred"),
        ]);
        (ledger[^1].FromPersonId, ledger[^1].PersonId, ledger[^1].Occupied).ShouldBe((World.Id(1100), World.Member, 1));
    }

    private static DateTimeOffset At(DateOnly day, int hour) => new(day.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.Zero);

    private void Happens(DateOnly day, int hour, SubscriptionEvent happened) => _events.Add(new RecordedEvent(
        World.Id(5000 + _events.Count), Subscription.StreamOf(World.Plan, World.Acme), _events.Count + 1, "", happened, At(day, hour), new EventMetadata()));
}
