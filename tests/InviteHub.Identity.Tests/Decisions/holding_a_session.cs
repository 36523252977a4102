using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "USR-08")]
public class holding_a_session
{
    private static readonly Guid User = Some.Id();

    private static DateTimeOffset Until { get; } = Some.Instant.AddHours(1);

    private static Session Started { get; } = Session.Initial.Apply((SessionEvent.Started)SignIn.Decide(
        Session.Initial, new(User, "first", SignedInBy.Password, "Firefox, Linux", Some.Instant)).Events[0]);

    [Fact]
    public void gives_a_new_token_for_the_newest_one()
    {
        var at = Some.Instant.AddDays(1);
        RefreshSession.Decide(Started, new("first", "second", at, Until)).Events.ShouldBe([new SessionEvent.Refreshed("second", at.AddDays(7))]);
    }

    [Fact]
    public void ends_when_an_old_token_comes_again()
    {
        var at = Some.Instant.AddMinutes(20);
        var refreshed = Started.Apply(new SessionEvent.Refreshed("second", at.AddDays(7)));
        var events = RefreshSession.Decide(refreshed, new("first", "third", at, Until)).Events;
        events.ShouldBe([new SessionEvent.Ended(User, SessionEnd.RefreshTokenReused, Until)]);
        RefreshSession.Decide(refreshed.Apply(events[0]), new("second", "third", at, Until)).Refusal.ShouldBe(new InvalidRefreshToken());
    }

    [Fact]
    public void lets_nobody_end_it_by_guessing_a_token()
    {
        var decision = RefreshSession.Decide(Started, new("never issued", "second", Some.Instant, Until));
        decision.Refusal.ShouldBe(new InvalidRefreshToken());
        decision.Events.ShouldBeEmpty();
    }

    [Fact]
    public void is_over_when_its_token_was_not_used_for_a_week() =>
        RefreshSession.Decide(Started, new("first", "second", Some.Instant.AddDays(7), Until)).Refusal.ShouldBe(new InvalidRefreshToken());

    [Fact]
    public void is_over_after_thirty_days_however_often_it_was_refreshed()
    {
        var (session, n) = (Started, 1);
        while (RefreshSession.Decide(session, new(session.RefreshHash, $"token {n}", Some.Instant.AddDays(6 * n), Until)).Events is [var refreshed])
        {
            session = session.Apply(refreshed);
            n++;
        }

        session.ExpiresAt.ShouldBe(Some.Instant.AddDays(30));
        n.ShouldBe(5);
    }

    [Fact]
    public void ends_once()
    {
        var command = new EndSession.Command(SessionEnd.SignedOut, Until);
        var ended = EndSession.Decide(Started, command).Events.ShouldHaveSingleItem();
        EndSession.Decide(Started.Apply(ended), command).Events.ShouldBeEmpty();
        EndSession.Decide(Session.Initial, command).Events.ShouldBeEmpty();
    }

    [Fact]
    public void has_tokens_that_name_it_and_are_never_the_same()
    {
        var id = Some.Id();
        var (token, hash) = Tokens.NewRefreshToken(id);
        Tokens.Read(token).ShouldBe((id, hash));
        Tokens.NewRefreshToken(id).Token.ShouldNotBe(token);
        hash.ShouldNotContain(token);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("????????????????????????????????????????????????????????????????")]
    public void reads_nothing_from_what_is_no_token(string? token) => Tokens.Read(token).ShouldBeNull();
}
