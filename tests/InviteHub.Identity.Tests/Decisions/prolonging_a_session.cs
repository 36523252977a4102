using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "USR-08")]
public class prolonging_a_session
{
    private static Session Started { get; } = Session.Initial.Apply((SessionEvent.Started)SignIn.Decide(
        Session.Initial, new(Some.Id(), "token", SignedInBy.Password, "Firefox, Linux", Some.Instant)).Events[0]);

    [Fact]
    public void gives_it_another_week_by_the_same_token_once_a_minute()
    {
        var at = Some.Instant.AddMinutes(15);
        var events = ProlongSession.Decide(Started, new("token", at)).Events;
        events.ShouldBe([new SessionEvent.Prolonged(at.AddDays(7))]);
        var prolonged = Started.Apply(events[0]);
        ProlongSession.Decide(prolonged, new("token", at.AddSeconds(59))).Events.ShouldBeEmpty();
        ProlongSession.Decide(prolonged, new("token", at.AddSeconds(60))).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void goes_on_for_a_month_at_most()
    {
        var session = Started;
        for (var day = 1; day < 30; day++)
        {
            var events = ProlongSession.Decide(session, new("token", Some.Instant.AddDays(day))).Events;
            session = events.Aggregate(session, (s, e) => s.Apply(e));
        }

        session.ExpiresAt.ShouldBe(Some.Instant.AddDays(30));
        ProlongSession.Decide(session, new("token", Some.Instant.AddDays(30))).Refusal.ShouldBe(new InvalidRefreshToken());
    }

    [Fact]
    public void is_refused_without_its_newest_token_or_after_its_end()
    {
        ProlongSession.Decide(Session.Initial, new("token", Some.Instant)).Refusal.ShouldBe(new InvalidRefreshToken());
        ProlongSession.Decide(Started, new("another", Some.Instant)).Refusal.ShouldBe(new InvalidRefreshToken());
        ProlongSession.Decide(Started, new("token", Some.Instant.AddDays(7))).Refusal.ShouldBe(new InvalidRefreshToken());
        var refreshed = Started.Apply(new SessionEvent.Refreshed("second", Some.Instant.AddDays(8)));
        ProlongSession.Decide(refreshed, new("token", Some.Instant)).Refusal.ShouldBe(new InvalidRefreshToken());
        var ended = Started.Apply(new SessionEvent.Ended(Started.UserId, SessionEnd.SignedOut, Some.Instant));
        ProlongSession.Decide(ended, new("token", Some.Instant)).Refusal.ShouldBe(new InvalidRefreshToken());
    }
}
