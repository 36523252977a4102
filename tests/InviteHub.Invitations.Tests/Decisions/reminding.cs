using InviteHub.Invitations.Features;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-22")]
public sealed class reminding_an_invitee
{
    private static readonly DateTimeOffset End = Some.Opened().ExpiresAt;
    private static readonly RemindInvitee.Command Due = new(7, UsefulUntil: End.AddDays(-1), End.AddDays(-7));
    private static readonly InvitationEvent.Reminded Reminded = new(7, 1, End.AddDays(-7));

    [Fact]
    public void happens_once_for_each_day()
    {
        RemindInvitee.Decide(Some.Pending(), Due).ShouldBe(Reminded);
        RemindInvitee.Decide(Some.Pending().Apply(Reminded), Due).ShouldBe();
        RemindInvitee.Decide(Some.Pending().Apply(Reminded), new(1, null, End.AddDays(-1))).ShouldBe(new InvitationEvent.Reminded(1, 1, End.AddDays(-1)));
    }

    [Fact]
    public void happens_late_but_not_when_the_next_one_is_due_or_the_end_has_come()
    {
        RemindInvitee.Decide(Some.Pending(), Due with { At = End.AddDays(-2) }).Events.Count.ShouldBe(1);
        RemindInvitee.Decide(Some.Pending(), Due with { At = End.AddDays(-1) }).ShouldBe();
        RemindInvitee.Decide(Some.Pending(), new(1, UsefulUntil: null, End)).ShouldBe();
    }

    [Fact]
    public void is_never_early_as_for_a_link_that_was_given_more_time() => RemindInvitee.Decide(Some.Pending(), Due with { At = End.AddDays(-8) }).ShouldBe();

    [Fact]
    public void is_for_those_who_have_not_answered()
    {
        RemindInvitee.Decide(Some.Registering(), Due).ShouldBe();
        RemindInvitee.Decide(Some.Pending().Apply(new InvitationEvent.Revoked(Some.Admin, Some.Now)), Due).ShouldBe();
        RemindInvitee.Decide(Some.Given(Some.Requested()), Due).ShouldBe();
    }

    [Fact]
    public void begins_anew_with_a_new_link()
    {
        var renewed = Some.Pending().Apply(Reminded).Apply(Some.Opened() with { Generation = 2 });

        RemindInvitee.Decide(renewed, Due).ShouldBe(Reminded with { Generation = 2 });
    }
}
