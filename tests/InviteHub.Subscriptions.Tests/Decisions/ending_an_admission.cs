using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "SUB-03")]
public class withdrawing_an_invitation
{
    private static readonly WithdrawInvitation.Command Revoked = new(World.Id(500), World.Acme, "revoked", World.Today);
    private static readonly AdmissionEvent Withdrawn = new AdmissionEvent.Withdrawn(World.Acme, "revoked");

    [Fact]
    public void settles_what_was_granted() => WithdrawInvitation.Decide(World.Admission(World.Granted(World.Plan)), Revoked).OnlyEvent().ShouldBe(Withdrawn);

    [Fact]
    public void settles_before_anything_was_heard_of_it() => WithdrawInvitation.Decide(Admission.Initial, Revoked).OnlyEvent().ShouldBe(Withdrawn);

    [Fact]
    public void settles_what_was_refused() => WithdrawInvitation.Decide(
        World.Admission(new AdmissionEvent.Refused(World.Acme, EventStore.RefusalKind.Conflict, "seat-limit-reached", "…")), Revoked).OnlyEvent().ShouldBe(Withdrawn);

    [Fact]
    public void happens_once() => WithdrawInvitation.Decide(World.Admission(World.Granted(World.Plan), Withdrawn), Revoked).ShouldBeNothing();

    [Fact]
    public void takes_nothing_from_who_accepted() => WithdrawInvitation.Decide(
        World.Admission(World.Granted(World.Plan), new AdmissionEvent.Confirmed(World.Acme, World.Plan, World.Member)), Revoked).ShouldBeNothing();

    [Fact]
    public void gives_a_reserved_seat_back_once()
    {
        var subscription = World.Subscription(1, World.Reserved(100));
        var released = ReleaseSeat.Decide(subscription, new(World.Id(100), "revoked", World.Today)).OnlyEvent();
        released.ShouldBe(new SubscriptionEvent.SeatReleased(World.Id(100), WasOccupied: false, "revoked"));
        ReleaseSeat.Decide(subscription.Apply(released), new(World.Id(100), "revoked", World.Today)).ShouldBeNothing();
    }
}

[Trait("Feature", "SUB-03")]
public class confirming_a_seat
{
    private static readonly ConfirmSeat.Command Provisioned = new(World.Id(500), World.Acme, World.Member);
    private static readonly AdmissionEvent Confirmed = new AdmissionEvent.Confirmed(World.Acme, World.Plan, World.Member);

    [Fact]
    public void follows_a_grant() => ConfirmSeat.Decide(World.Admission(World.Granted(World.Plan)), Provisioned).OnlyEvent().ShouldBe(Confirmed);

    [Fact]
    public void happens_once() => ConfirmSeat.Decide(World.Admission(World.Granted(World.Plan), Confirmed), Provisioned).ShouldBeNothing();

    [Fact]
    public void does_not_follow_a_withdrawal() =>
        ConfirmSeat.Decide(World.Admission(World.Granted(World.Plan), new AdmissionEvent.Withdrawn(World.Acme, "revoked")), Provisioned).ShouldBeNothing();

    [Fact]
    public void does_not_follow_a_grant_without_a_seat() => ConfirmSeat.Decide(World.Admission(World.Granted()), Provisioned).ShouldBeNothing();

    [Fact]
    public void occupies_the_seat_of_the_invitation_for_one_holder()
    {
        var subscription = World.Subscription(1, World.Reserved(100));
        var occupied = OccupySeat.Decide(subscription, new(World.Id(100), World.Member)).OnlyEvent();
        occupied.ShouldBe(new SubscriptionEvent.SeatOccupied(World.Id(100), World.Member));

        var after = subscription.Apply(occupied);
        (after.Reserved, after.Occupied).ShouldBe((0, 1));
        OccupySeat.Decide(after, new(World.Id(100), World.Member)).ShouldBeNothing();
        OccupySeat.Decide(after, new(World.Id(100), World.Stranger)).ShouldBeRefused("seat-held-by-another");
    }

    [Fact]
    public void needs_the_reservation() => OccupySeat.Decide(World.Subscription(1), new(World.Id(100), World.Member)).ShouldBeRefused("seat-not-held");
}
