using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "SUB-06")]
public class at_the_limit
{
    private static readonly Subscription Full = World.Subscription(2, World.Reserved(100), World.Reserved(101), World.Occupied(101));

    [Fact]
    [Trait("Feature", "INV-12")]
    public void a_waitlist_takes_each_invitation_once_and_behind_the_others()
    {
        var waiting = Waitlisting(Full, 200, 201);
        ReserveSeat.Decide(waiting, Seat(200)).ShouldBeNothing();
        waiting.Waiting.Select(w => w.InvitationId).ShouldBe([World.Id(200), World.Id(201)]);
        waiting.Used.ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public void a_seat_that_comes_back_goes_to_the_first_who_waits_in_the_same_decision()
    {
        var released = ReleaseSeat.Decide(Waitlisting(Full, 200, 201), new(World.Id(100), "revoked", World.Today));
        released.Events.ShouldBe(
        [
            new SubscriptionEvent.SeatReleased(World.Id(100), WasOccupied: false, "revoked"),
            new SubscriptionEvent.WaitingEnded(World.Id(200), "seat-free"),
            World.Reserved(200),
        ]);
    }

    [Fact]
    [Trait("Feature", "INV-12")]
    public void a_higher_limit_lets_in_as_many_as_fit_in_order()
    {
        var raised = ChangeSubscription.Decide(Waitlisting(Full, 200, 201, 202), new(World.Today, SeatLimit: new(4)));
        raised.Events.OfType<SubscriptionEvent.SeatReserved>().Select(e => e.InvitationId).ShouldBe([World.Id(200), World.Id(201)]);
    }

    [Fact]
    public void a_withdrawal_takes_an_invitation_off_the_list_once_and_leaves_the_order()
    {
        var waiting = Waitlisting(Full, 200, 201);
        var left = ReleaseSeat.Decide(waiting, new(World.Id(200), "revoked", World.Today)).OnlyEvent();
        left.ShouldBe(new SubscriptionEvent.WaitingEnded(World.Id(200), "revoked"));
        var after = waiting.Apply(left);
        ReleaseSeat.Decide(after, new(World.Id(200), "revoked", World.Today)).ShouldBeNothing();
        after.Waiting.ShouldHaveSingleItem().InvitationId.ShouldBe(World.Id(201));
    }

    [Fact]
    public void nobody_passes_those_who_wait_when_the_policy_changes()
    {
        var refusing = Waitlisting(Full, 200).Apply(new SubscriptionEvent.SeatPolicyChanged(AtLimit.Refuse, null));
        ReserveSeat.Decide(refusing, Seat(300)).ShouldBeRefused("seat-limit-reached");
        ReleaseSeat.Decide(refusing, new(World.Id(101), "taken-back", World.Today)).Events.ShouldContain(World.Reserved(200));
    }

    [Fact]
    public void a_limit_that_grows_rises_by_one_for_each_until_the_ceiling()
    {
        var growing = Full.Apply(new SubscriptionEvent.SeatPolicyChanged(AtLimit.Grow, 3));
        var grown = ReserveSeat.Decide(growing, Seat(200));
        grown.Events.ShouldBe([new SubscriptionEvent.SeatLimitGrown(3), World.Reserved(200)]);
        ReserveSeat.Decide(grown.Events.Aggregate(growing, (s, e) => s.Apply(e)), Seat(201)).ShouldBeRefused("seat-limit-reached");
    }

    [Fact]
    public void those_who_wait_get_their_seats_when_the_limit_may_grow() => ChangeSubscription
        .Decide(Waitlisting(Full, 200, 201), new(World.Today, AtLimit: AtLimit.Grow, Ceiling: new(3))).Events.ShouldBe(
        [
            new SubscriptionEvent.SeatPolicyChanged(AtLimit.Grow, 3),
            new SubscriptionEvent.WaitingEnded(World.Id(200), "seat-free"),
            new SubscriptionEvent.SeatLimitGrown(3),
            World.Reserved(200),
        ]);

    [Fact]
    public void to_grow_takes_a_ceiling() => ChangeSubscription.Decide(Full, new(World.Today, AtLimit: AtLimit.Grow)).ShouldBeRefused("ceiling-needed");

    internal static Subscription Waitlisting(Subscription subscription, params int[] invitations) => invitations.Aggregate(
        subscription.Apply(new SubscriptionEvent.SeatPolicyChanged(AtLimit.Waitlist, null)),
        (state, invitation) => state.Apply(ReserveSeat.Decide(state, Seat(invitation)).OnlyEvent().ShouldBeOfType<SubscriptionEvent.InvitationWaitlisted>()));

    private static ReserveSeat.Command Seat(int invitation) => new(World.Id(invitation), World.Id(1000 + invitation), World.Today);
}

[Trait("Feature", "SUB-05")]
public class stopping_a_subscription
{
    private static readonly Subscription Used = World.Subscription(2, World.Reserved(100), World.Occupied(100), World.Reserved(101));

    [Fact]
    public void by_suspension_gives_no_new_seat_takes_none_and_lets_accept_what_was_promised()
    {
        var suspended = Used.Apply(ChangeSubscription.Decide(Used, new(World.Today, Suspended: true)).OnlyEvent().ShouldBeOfType<SubscriptionEvent.Suspended>());
        ReserveSeat.Decide(suspended, new(World.Id(200), World.Member, World.Today)).ShouldBeRefused("subscription-not-active").Detail.ShouldContain("suspended");
        suspended.Used.ShouldBe(2);
        OccupySeat.Decide(suspended, new(World.Id(101), World.Member)).OnlyEvent();
        ChangeSubscription.Decide(suspended, new(World.Today, Suspended: true)).ShouldBeNothing();
    }

    [Fact]
    public void by_suspension_keeps_those_who_wait_until_it_goes_on()
    {
        var waiting = at_the_limit.Waitlisting(Used, 200).Apply(new SubscriptionEvent.Suspended());
        var released = ReleaseSeat.Decide(waiting, new(World.Id(101), "revoked", World.Today)).OnlyEvent();
        ChangeSubscription.Decide(waiting.Apply(released), new(World.Today, Suspended: false)).Events.ShouldBe(
            [new SubscriptionEvent.Resumed(), new SubscriptionEvent.WaitingEnded(World.Id(200), "seat-free"), World.Reserved(200)]);
    }

    [Fact]
    public void by_its_end_is_noted_once_after_the_last_day_and_tells_those_who_wait()
    {
        var waiting = at_the_limit.Waitlisting(Used, 200);
        EndSubscription.Decide(waiting, new DateOnly(2030, 12, 31)).ShouldBeNothing();
        var ended = EndSubscription.Decide(waiting, new DateOnly(2031, 1, 1));
        ended.Events.ShouldBe([new SubscriptionEvent.Ended(new DateOnly(2030, 12, 31)), new SubscriptionEvent.WaitingEnded(World.Id(200), "ended")]);
        var after = ended.Events.Aggregate(waiting, (s, e) => s.Apply(e));
        EndSubscription.Decide(after, new DateOnly(2031, 1, 2)).ShouldBeNothing();
        after.Used.ShouldBe(2);

        EndWaiting.Decide(World.Admission(new AdmissionEvent.Waitlisted(World.Acme, "Acme", "CRM", "Reader", World.Plan, 365)), after, World.Id(200))
            .OnlyEvent().ShouldBeOfType<AdmissionEvent.Refused>().Code.ShouldBe("subscription-not-active");
    }

    [Fact]
    public void by_its_end_is_undone_by_a_longer_period()
    {
        var ended = Used.Apply(new SubscriptionEvent.Ended(new DateOnly(2030, 12, 31)));
        ended.IsActiveOn(World.Today).ShouldBeFalse();
        var longer = ended.Apply(ChangeSubscription.Decide(ended, new(World.Today, EndsOn: new(null))).OnlyEvent());
        longer.IsActiveOn(new DateOnly(2040, 1, 1)).ShouldBeTrue();
    }

    [Fact]
    public void changes_plan_and_period_only_to_what_they_are_not()
    {
        ChangeSubscription.Decide(Used, new(World.Today, Plan: "gold", StartsOn: Used.StartsOn, EndsOn: new(Used.EndsOn))).ShouldBeNothing();
        ChangeSubscription.Decide(Used, new(World.Today, Plan: "platinum", StartsOn: new DateOnly(2030, 1, 2))).Events.ShouldBe(
            [new SubscriptionEvent.PlanChanged("platinum"), new SubscriptionEvent.PeriodChanged(new DateOnly(2030, 1, 2), new DateOnly(2030, 12, 31))]);
        ChangeSubscription.Decide(Used, new(World.Today, EndsOn: new(new DateOnly(2029, 1, 1)))).ShouldBeRefused("period-reversed");
    }
}

[Trait("Feature", "SUB-03")]
public class moving_a_seat
{
    private static readonly Subscription Used = World.Subscription(2, World.Reserved(100), World.Occupied(100), World.Reserved(101));

    [Fact]
    public void gives_it_from_one_member_to_another_and_to_one_alone()
    {
        var moved = TransferSeat.Decide(Used, World.Organization(), new(World.Id(100), World.Member)).OnlyEvent();
        moved.ShouldBe(new SubscriptionEvent.SeatTransferred(World.Id(100), World.Id(1100), World.Member));
        var after = Used.Apply(moved);
        after.Seats[World.Id(100)].ShouldBe(new Seat(World.Member, IsOccupied: true));
        (after.Reserved, after.Occupied).ShouldBe((1, 1));
        TransferSeat.Decide(after, World.Organization(), new(World.Id(100), World.Member)).ShouldBeNothing();
    }

    [Fact]
    public void takes_a_member_without_a_seat_and_a_seat_with_a_holder()
    {
        TransferSeat.Decide(Used, World.Organization(), new(World.Id(101), World.Member)).ShouldBeRefused("seat-not-occupied");
        TransferSeat.Decide(Used, World.Organization(), new(World.Id(102), World.Member)).ShouldBeRefused("seat-not-found");
        TransferSeat.Decide(Used, World.Organization(), new(World.Id(100), World.Stranger)).ShouldBeRefused("not-a-member");
        var both = Used.Apply(new SubscriptionEvent.SeatOccupied(World.Id(101), World.Member));
        TransferSeat.Decide(both, World.Organization(), new(World.Id(100), World.Member)).ShouldBeRefused("seat-held-already");
    }

    [Fact]
    public void back_ends_the_admission_once_and_never_what_is_only_promised()
    {
        var confirmed = World.Admission(World.Granted(World.Plan), new AdmissionEvent.Confirmed(World.Acme, World.Plan, World.Id(1100)));
        var back = TakeSeatBack.Decide(confirmed, Used.Seats[World.Id(100)], World.Acme).OnlyEvent();
        back.ShouldBe(new AdmissionEvent.TakenBack(World.Acme, World.Plan, World.Id(1100)));
        TakeSeatBack.Decide(confirmed.Apply(back), null, World.Acme).ShouldBeNothing();
        TakeSeatBack.Decide(World.Admission(World.Granted(World.Plan)), Used.Seats[World.Id(101)], World.Acme).ShouldBeRefused("seat-not-occupied");
        WithdrawInvitation.Decide(confirmed.Apply(back), new(World.Id(100), World.Acme, "revoked", World.Today)).ShouldBeNothing();
    }
}
