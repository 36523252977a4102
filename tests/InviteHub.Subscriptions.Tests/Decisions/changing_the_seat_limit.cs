using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Decisions;

[Trait("Feature", "SUB-02")]
public class changing_the_seat_limit
{
    private static readonly Subscription TwoTaken = World.Subscription(3, World.Reserved(100), World.Occupied(100), World.Reserved(101));

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(null)]
    public void is_free_as_long_as_it_fits(int? limit) =>
        ChangeSeatLimit.Decide(TwoTaken, new(limit, Force: false)).OnlyEvent().ShouldBe(new SubscriptionEvent.SeatLimitChanged(limit));

    [Fact]
    public void to_what_it_is_changes_nothing() => ChangeSeatLimit.Decide(TwoTaken, new(3, Force: false)).ShouldBeNothing();

    [Fact]
    [Trait("Feature", "INV-25")]
    public void below_use_is_refused_with_the_lowest_that_fits() => ChangeSeatLimit.Decide(TwoTaken, new(1, Force: false))
        .ShouldBeRefused("seat-limit-below-use").Detail.ShouldContain("The lowest limit that fits is 2");

    [Fact]
    public void below_use_by_force_gives_no_new_seat_until_it_fits_again()
    {
        var lowered = TwoTaken.Apply(ChangeSeatLimit.Decide(TwoTaken, new(1, Force: true)).OnlyEvent());
        lowered.Used.ShouldBe(2);
        ReserveSeat.Decide(lowered, Seat(200)).ShouldBeRefused("seat-limit-reached").Detail.ShouldContain("Give 2 back or raise the limit to 3");

        var oneBack = lowered.Apply(ReleaseSeat.Decide(lowered, new(World.Id(101), "revoked", World.Today)).OnlyEvent());
        ReserveSeat.Decide(oneBack, Seat(200)).ShouldBeRefused("seat-limit-reached");

        var raised = oneBack.Apply(ChangeSeatLimit.Decide(oneBack, new(2, Force: false)).OnlyEvent());
        ReserveSeat.Decide(raised, Seat(200)).OnlyEvent();
    }

    [Fact]
    public void needs_the_subscription() => ChangeSeatLimit.Decide(Subscription.Initial, new(1, Force: true)).ShouldBeRefused("subscription-not-found");

    [Fact]
    public void without_a_limit_there_is_always_a_seat() =>
        ReserveSeat.Decide(World.Subscription(null, [.. Enumerable.Range(100, 50).Select(World.Reserved)]), Seat(200)).OnlyEvent();

    [Fact]
    public void a_limit_of_none_gives_no_seat() => ReserveSeat.Decide(World.Subscription(0), Seat(200)).ShouldBeRefused("seat-limit-reached");

    private static ReserveSeat.Command Seat(int invitation) => new(World.Id(invitation), World.Member, World.Today);
}
