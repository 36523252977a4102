using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "USR-08")]
public class forgetting_a_password
{
    private static readonly DateTimeOffset Hour = Some.Instant + RequestPasswordReset.GoodFor;

    private static User Asked { get; } = Ask(Some.User(), "first");

    [Fact]
    public void gives_a_new_one_for_the_link()
    {
        var events = Set(Asked, "first").Events;
        events.ShouldBe(
        [
            new UserEvent.PasswordSet(Asked.Id, "a hash", MustChange: false), new UserEvent.PasswordReplaced(Asked.Id, PasswordReplacedBy.MailedLink),
        ]);
        Asked.Told(events).PasswordHash.ShouldBe("a hash");
    }

    [Fact]
    public void does_so_once() => Set(Asked.Told(Set(Asked, "first").Events), "first").Refusal.ShouldBe(new ResetLinkUsed());

    [Fact]
    public void does_so_for_an_hour()
    {
        Set(Asked, "first", Hour.AddTicks(-1)).Refusal.ShouldBeNull();
        Set(Asked, "first", Hour).Refusal.ShouldBe(new ResetLinkExpired());
    }

    [Fact]
    public void does_so_by_the_newest_link_alone()
    {
        var again = Ask(Asked, "second");
        Set(again, "first").Refusal.ShouldBe(new ResetLinkReplaced());
        Set(again, "second").Refusal.ShouldBeNull();
    }

    [Fact]
    public void is_over_when_it_was_remembered_and_changed() =>
        Set(Asked.Told(ChangePassword.Decide(Asked, new("another hash", Some.Instant)).Events), "first").Refusal.ShouldBe(new ResetLinkUsed());

    [Fact]
    public void can_happen_again_afterwards() =>
        Set(Ask(Asked.Told(Set(Asked, "first").Events), "second"), "second").Refusal.ShouldBeNull();

    [Fact]
    public void of_nobody_gives_nothing()
    {
        RequestPasswordReset.Decide(User.Initial, new(Some.Id(), "first", Hour)).Refusal.ShouldBe(new UserNotFound());
        Set(Some.User(), "first").Refusal.ShouldBe(new ResetLinkUnknown());
    }

    [Fact]
    [Trait("Feature", "USR-06")]
    public void at_an_administrator_s_hand_gives_one_that_must_be_changed_and_never_their_own()
    {
        var admin = Some.User(Role.SystemAdmin);
        ResetPassword.Decide(Asked, new("a hash", admin.Id)).Events.ShouldBe(
        [
            new UserEvent.PasswordSet(Asked.Id, "a hash", MustChange: true), new UserEvent.PasswordReplaced(Asked.Id, PasswordReplacedBy.Administrator),
        ]);
        ResetPassword.Decide(admin, new("a hash", admin.Id)).Refusal.ShouldBe(new OwnAccount("change your password instead"));
        ResetPassword.Decide(User.Initial, new("a hash", admin.Id)).Refusal.ShouldBe(new UserNotFound());
    }

    private static User Ask(User user, string hash) => user.Told(RequestPasswordReset.Decide(user, new(Some.Id(), hash, Hour)).Events);

    private static EventStore.Decision<UserEvent> Set(User user, string hash, DateTimeOffset? at = null) =>
        SetForgottenPassword.Decide(user, new(hash, "a hash", at ?? Some.Instant));
}
