using FsCheck;
using FsCheck.Fluent;
using InviteHub.EventStore;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

/// <summary>Messages, policies, limits, transfers and stops in any order and number; what must hold is counted by hand beside it (SUB-03, SUB-06).</summary>
[Trait("Feature", "SUB-03")]
[Trait("Feature", "SUB-06")]
public class any_history_under_any_policy
{
    private const int Invitations = 8;

    [Fact]
    public void never_oversells_keeps_the_order_of_the_waitlist_and_balances() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(150),
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
        {
            var world = new Run();
            foreach (var step in steps)
                world.Take(step);
        }));

    private static Gen<Step> Steps
    {
        get
        {
            var invitation = Gen.Choose(0, Invitations - 1);
            var number = Gen.Choose(-1, 5).Select(n => n < 0 ? default(int?) : n);
            return Gen.Frequency(
                (8, invitation.Select(Step (i) => new Step.Request(i))),
                (4, invitation.Select(Step (i) => new Step.Withdraw(i))),
                (4, from i in invitation from user in Gen.Choose(0, 2) select (Step)new Step.Provision(i, user)),
                (2, from i in invitation from user in Gen.Choose(0, 2) select (Step)new Step.Transfer(i, user)),
                (2, invitation.Select(Step (i) => new Step.TakeBack(i))),
                (2, from to in number from force in Gen.Elements(true, false)
                    select (Step)new Step.Change(new(World.Today, SeatLimit: new(to), Force: force))),
                (2, from at in Gen.Elements(AtLimit.Refuse, AtLimit.Waitlist, AtLimit.Grow) from ceiling in number
                    select (Step)new Step.Change(new(World.Today, AtLimit: at, Ceiling: new(ceiling)))),
                (1, from suspended in Gen.Elements(true, false) select (Step)new Step.Change(new(World.Today, Suspended: suspended))));
        }
    }

    private abstract record Step
    {
        public sealed record Request(int Invitation) : Step;

        public sealed record Withdraw(int Invitation) : Step;

        public sealed record Provision(int Invitation, int User) : Step;

        public sealed record Transfer(int Invitation, int User) : Step;

        public sealed record TakeBack(int Invitation) : Step;

        public sealed record Change(ChangeSubscription.Command Command) : Step;
    }

    private sealed class Run
    {
        private static readonly Organization Acme = World.Organization(
            [.. Enumerable.Range(0, 3).Select(user => new OrganizationEvent.PermissionsGranted(World.Acme, World.Id(2000 + user), ["member"]))]);

        private readonly Admission[] _admissions = [.. Enumerable.Repeat(Admission.Initial, Invitations)];
        private readonly List<Guid> _line = [];
        private Subscription _subscription = World.Subscription(2);
        private (int Reserved, int Occupied) _balance;

        public void Take(Step step)
        {
            var before = _subscription;
            foreach (var happened in Decide(step))
                Book(happened);
            if (_subscription.Used > before.Used)
                (_subscription.SeatLimit is not { } limit || _subscription.Used <= limit).ShouldBeTrue("a seat is taken only within the limit");
            if (step is not Step.Change && _subscription.SeatLimit > before.SeatLimit)
                _subscription.SeatLimit.Value.ShouldBeLessThanOrEqualTo(before.Ceiling.ShouldNotBeNull());
            (_subscription.Reserved, _subscription.Occupied).ShouldBe(_balance);
            _subscription.Waiting.Select(w => w.InvitationId).ShouldBe(_line);
            if (_subscription.IsActiveOn(World.Today) && _line.Count > 0)
                Waitlist.Take(_subscription, World.Stranger, World.Stranger).ShouldBeEmpty("nobody waits while there is a seat");
            for (var i = 0; i < Invitations; i++)
            {
                var seat = _subscription.Seats.GetValueOrDefault(World.Id(i));
                (seat is { IsOccupied: false }).ShouldBe(_admissions[i].Status == AdmissionStatus.Granted);
                (seat is { IsOccupied: true }).ShouldBe(_admissions[i].Status == AdmissionStatus.Confirmed);
                _line.Contains(World.Id(i)).ShouldBe(_admissions[i].Status == AdmissionStatus.Waiting);
            }
        }

        /// <summary>What the handlers do, without the store between the streams.</summary>
        private IReadOnlyList<SubscriptionEvent> Decide(Step step)
        {
            switch (step)
            {
                case Step.Request(var i):
                    var command = new AdmitInvitation.Command(
                        World.Id(i), World.Acme, "access", World.Founder, "guest", World.Id(1000 + i), World.Crm, World.Plan, "reader", World.Today);
                    Answer(i, a => AdmitInvitation.Decide(a, new(Acme, World.App(), _subscription), command), out var admitted);
                    return admitted && _admissions[i].HasClaim ? ReserveSeat.Decide(_subscription, new(World.Id(i), World.Id(1000 + i), World.Today)).Events : [];
                case Step.Withdraw(var i):
                    var held = _admissions[i].HasClaim;
                    Answer(i, a => WithdrawInvitation.Decide(a, new(World.Id(i), World.Acme, "revoked", World.Today)), out _);
                    return held ? ReleaseSeat.Decide(_subscription, new(World.Id(i), "revoked", World.Today)).Events : [];
                case Step.Provision(var i, var user):
                    Answer(i, a => ConfirmSeat.Decide(a, new(World.Id(i), World.Acme, World.Id(2000 + user))), out var confirmed);
                    return confirmed ? OccupySeat.Decide(_subscription, new(World.Id(i), World.Id(2000 + user))).Events : [];
                case Step.Transfer(var i, var user):
                    return TransferSeat.Decide(_subscription, Acme, new(World.Id(i), World.Id(2000 + user))).Events;
                case Step.TakeBack(var i):
                    Answer(i, a => TakeSeatBack.Decide(a, _subscription.Seats.GetValueOrDefault(World.Id(i)), World.Acme), out var taken);
                    return taken ? ReleaseSeat.Decide(_subscription, new(World.Id(i), "taken-back", World.Today)).Events : [];
                case Step.Change(var change):
                    return ChangeSubscription.Decide(_subscription, change).Events;
                default:
                    throw new InvalidOperationException();
            }
        }

        private void Answer(int i, Func<Admission, Decision<AdmissionEvent>> decide, out bool happened)
        {
            var decision = decide(_admissions[i]);
            happened = decision.Events.Count > 0;
            _admissions[i] = decision.Events.Aggregate(_admissions[i], (a, e) => a.Apply(e));
        }

        /// <summary>The ledger and the line by hand.</summary>
        private void Book(SubscriptionEvent happened)
        {
            _subscription = _subscription.Apply(happened);
            switch (happened)
            {
                case SubscriptionEvent.SeatReserved:
                    _balance.Reserved++;
                    break;
                case SubscriptionEvent.SeatOccupied:
                    _balance = (_balance.Reserved - 1, _balance.Occupied + 1);
                    break;
                case SubscriptionEvent.SeatReleased { WasOccupied: var occupied }:
                    _balance = occupied ? (_balance.Reserved, _balance.Occupied - 1) : (_balance.Reserved - 1, _balance.Occupied);
                    break;
                case SubscriptionEvent.InvitationWaitlisted { InvitationId: var last }:
                    _line.Add(last);
                    break;
                case SubscriptionEvent.WaitingEnded { Reason: "seat-free", InvitationId: var first }:
                    first.ShouldBe(_line[0], "the first who waits is the first to get a seat");
                    _line.RemoveAt(0);
                    var i = Enumerable.Range(0, Invitations).First(n => World.Id(n) == first);
                    // The handler sees the state after the whole decision, in which the seat is reserved.
                    var after = _subscription.Apply(new SubscriptionEvent.SeatReserved(first, World.Id(1000 + i)));
                    Answer(i, a => EndWaiting.Decide(a, after, first), out _);
                    break;
                case SubscriptionEvent.WaitingEnded { InvitationId: var gone }:
                    _line.Remove(gone).ShouldBeTrue();
                    break;
            }
        }
    }
}
