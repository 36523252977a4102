using InviteHub.Invitations.Features;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-09")]
public sealed class revoking_an_invitation
{
    private static readonly RevokeInvitation.Command Command = new(Some.Admin, Some.Now);
    private static readonly InvitationEvent.Revoked Revoked = new(Some.Admin, Some.Now);

    [Fact]
    public void takes_a_pending_invitation_back() => RevokeInvitation.Decide(Some.Pending(), Command).ShouldBe(Revoked);

    [Fact]
    public void takes_one_back_that_is_not_admitted_yet() => RevokeInvitation.Decide(Some.Given(Some.Requested()), Command).ShouldBe(Revoked);

    [Fact]
    public void a_second_time_does_nothing() => RevokeInvitation.Decide(Some.Pending().Apply(Revoked), Command).ShouldBe();

    [Fact]
    public void waits_for_a_registration_that_is_under_way() => RevokeInvitation.Decide(Some.Registering(), Command).ShouldBeRefused<RegistrationUnderWay>();

    [Fact]
    public void is_too_late_after_acceptance() => RevokeInvitation
        .Decide(Some.Registering().Apply(new InvitationEvent.Accepted(Some.Invitee, Some.Now)), Command).ShouldBeRefused<InvitationEnded>();

    [Fact]
    public void of_nothing_finds_nothing() => RevokeInvitation.Decide(Invitation.Initial, Command).ShouldBeRefused<InvitationNotFound>();
}

public sealed class what_subscriptions_answered
{
    private static readonly OpenInvitation.Command Open = new("Acme", "Planner", "Editor", "Eva Ek", "hash", Some.Now.AddDays(365), Some.Now);
    private static readonly InvitationEvent.Revoked Revoked = new(Some.Admin, Some.Now);

    [Fact]
    [Trait("Feature", "INV-12")]
    public void opens_the_invitation_once()
    {
        OpenInvitation.Decide(Some.Given(Some.Requested()), Open).ShouldBe(Some.Opened());
        OpenInvitation.Decide(Some.Pending(), Open).ShouldBe();
    }

    [Fact]
    [Trait("Feature", "INV-09")]
    public void does_not_open_what_was_revoked_meanwhile() => OpenInvitation.Decide(Some.Given(Some.Requested(), Revoked), Open).ShouldBe();

    [Fact]
    [Trait("Feature", "INV-12")]
    public void lets_it_wait_once_and_only_until_it_is_admitted()
    {
        var command = new AwaitSeat.Command("Acme", "Planner", "Editor");
        var waitlisted = new InvitationEvent.Waitlisted("Acme", "Planner", "Editor");
        AwaitSeat.Decide(Some.Given(Some.Requested()), command).ShouldBe(waitlisted);
        AwaitSeat.Decide(Some.Given(Some.Requested(), waitlisted), command).ShouldBe();
        AwaitSeat.Decide(Some.Pending(), command).ShouldBe();
        OpenInvitation.Decide(Some.Given(Some.Requested(), waitlisted), Open).ShouldBe(Some.Opened());
        RevokeInvitation.Decide(Some.Given(Some.Requested(), waitlisted), new(Some.Admin, Some.Now)).ShouldBe(Revoked);
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public void refuses_once_with_its_own_words()
    {
        var refused = new InvitationEvent.Refused("conflict", "seat-limit-reached", "All 2 seats are taken.");
        var command = new RefuseInvitation.Command("conflict", "seat-limit-reached", "All 2 seats are taken.");

        RefuseInvitation.Decide(Some.Given(Some.Requested()), command).ShouldBe(refused);
        RefuseInvitation.Decide(Some.Given(Some.Requested(), refused), command).ShouldBe();
    }

    [Fact]
    [Trait("Feature", "INV-09")]
    public void settles_a_withdrawal_once_and_nothing_else()
    {
        SettleWithdrawal.Decide(Some.Pending().Apply(Revoked)).ShouldBe(new InvitationEvent.WithdrawalSettled());
        SettleWithdrawal.Decide(Some.Pending().Apply(Revoked).Apply(new InvitationEvent.WithdrawalSettled())).ShouldBe();
        SettleWithdrawal.Decide(Some.Pending()).ShouldBe();
    }
}
