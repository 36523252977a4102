using FsCheck;
using FsCheck.Fluent;
using InviteHub.EventStore;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

/// <summary>Messages and changes in any order and number, against a model that counts by hand (SUB-03).</summary>
[Trait("Feature", "SUB-03")]
public class any_history_of_seats
{
    [Fact]
    public void never_oversells_and_gives_each_seat_one_holder_and_back_once() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(120),
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps => Run(steps)));

    private static Gen<Step> Steps
    {
        get
        {
            var invitation = Gen.Choose(0, 9);
            return Gen.Frequency(
                (6, invitation.Select(Step (i) => new Request(i))),
                (3, invitation.Select(Step (i) => new Withdraw(i))),
                (3, from i in invitation from user in Gen.Choose(0, 1) select (Step)new Provision(i, user)),
                (2, from limit in Gen.Choose(-1, 6) from force in Gen.Elements(true, false) select (Step)new Limit(limit < 0 ? null : limit, force)));
        }
    }

    private static void Run(IEnumerable<Step> steps)
    {
        var subscription = World.Subscription(3);
        var admissions = Enumerable.Range(0, 10).Select(_ => Admission.Initial).ToArray();
        var released = new HashSet<Guid>();
        // The model: by hand, what each invitation holds.
        int? limit = 3;
        var model = new Dictionary<int, (bool Ended, bool Seat, int? Holder)>();

        foreach (var step in steps)
        {
            var (happened, usedBefore) = (Decide(step, subscription, admissions), subscription.Used);
            foreach (var e in happened)
            {
                if (e is SubscriptionEvent.SeatReleased { InvitationId: var id })
                    released.Add(id).ShouldBeTrue("a seat comes back once");
                subscription = subscription.Apply(e);
            }

            switch (step)
            {
                case Request(var i) when !model.ContainsKey(i):
                    var fits = limit is null || model.Values.Count(m => m.Seat) < limit;
                    model[i] = (Ended: !fits, Seat: fits, Holder: null);
                    break;
                case Withdraw(var i) when model.GetValueOrDefault(i) is { Holder: null }:
                    model[i] = (Ended: true, Seat: false, Holder: null);
                    break;
                case Provision(var i, var user) when model.GetValueOrDefault(i) is { Seat: true, Holder: null }:
                    model[i] = (Ended: false, Seat: true, Holder: user);
                    break;
                case Limit(var to, var force) when force || to is null || to >= model.Values.Count(m => m.Seat):
                    limit = to;
                    break;
            }

            subscription.SeatLimit.ShouldBe(limit);
            subscription.Occupied.ShouldBe(model.Values.Count(m => m.Holder is not null));
            subscription.Reserved.ShouldBe(model.Values.Count(m => m is { Seat: true, Holder: null }));
            foreach (var (i, expected) in model)
            {
                var seat = subscription.Seats.GetValueOrDefault(World.Id(i));
                (seat is not null).ShouldBe(expected.Seat);
                if (expected.Holder is { } holder)
                    seat.ShouldBe(new Seat(World.Id(2000 + holder), IsOccupied: true));
            }

            if (subscription.Used > usedBefore && subscription.SeatLimit is { } most)
                subscription.Used.ShouldBeLessThanOrEqualTo(most);
        }
    }

    /// <summary>What the consumers do, without the store between the two streams.</summary>
    private static IReadOnlyList<SubscriptionEvent> Decide(Step step, Subscription subscription, Admission[] admissions)
    {
        switch (step)
        {
            case Request(var i):
                var command = new AdmitInvitation.Command(
                    World.Id(i), World.Acme, "access", World.Founder, "guest", World.Id(1000 + i), World.Crm, World.Plan, "reader", World.Today);
                var seen = admissions[i];
                var answered = AdmitInvitation.Decide(seen, new(World.Organization(), World.App(), subscription), command);
                admissions[i] = Apply(seen, answered);
                return answered.Events is [AdmissionEvent.Granted]
                    ? ReserveSeat.Decide(subscription, new(command.InvitationId, command.InviteeId, World.Today)).Events
                    : [];
            case Withdraw(var i):
                var held = admissions[i] is { Status: AdmissionStatus.Granted };
                admissions[i] = Apply(admissions[i], WithdrawInvitation.Decide(admissions[i], new(World.Id(i), World.Acme, "revoked", World.Today)));
                return held ? ReleaseSeat.Decide(subscription, new(World.Id(i), "revoked", World.Today)).Events : [];
            case Provision(var i, var user):
                var confirmed = ConfirmSeat.Decide(admissions[i], new(World.Id(i), World.Acme, World.Id(2000 + user)));
                admissions[i] = Apply(admissions[i], confirmed);
                return confirmed.Events.Count > 0 ? OccupySeat.Decide(subscription, new(World.Id(i), World.Id(2000 + user))).Events : [];
            case Limit(var to, var force):
                return ChangeSeatLimit.Decide(subscription, new(to, force)).Events;
            default:
                throw new InvalidOperationException();
        }
    }

    private static Admission Apply(Admission admission, Decision<AdmissionEvent> decision) => decision.Events.Aggregate(admission, (a, e) => a.Apply(e));

    private abstract record Step;

    private sealed record Request(int Invitation) : Step;

    private sealed record Withdraw(int Invitation) : Step;

    private sealed record Provision(int Invitation, int User) : Step;

    private sealed record Limit(int? To, bool Force) : Step;
}
