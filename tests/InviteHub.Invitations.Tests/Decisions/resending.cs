using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-08")]
public sealed class resending_an_invitation
{
    private static readonly ResendInvitation.Command Command = new(Some.Admin, "systemAdmin", "hash-2", Some.Now);
    private static readonly Invitation Expired = Some.Pending().Apply(new InvitationEvent.Expired(Some.Now)).Apply(new InvitationEvent.WithdrawalSettled());

    [Fact]
    public void that_waits_for_an_answer_makes_the_next_link_and_leaves_its_term() =>
        ResendInvitation.Decide(Some.Pending(), Command).ShouldBe(new InvitationEvent.Resent(2, "hash-2", Some.Opened().ExpiresAt, Some.Admin, Some.Now));

    [Fact]
    public void leaves_the_link_before_it_replaced()
    {
        var resent = ResendInvitation.Decide(Some.Pending(), Command).Events.Aggregate(Some.Pending(), (state, e) => state.Apply(e));

        GetRegistration.Problem(resent, 1, Some.Now).ShouldBeOfType<LinkReplaced>();
        GetRegistration.Problem(resent, 2, Some.Now).ShouldBeNull();
    }

    [Fact]
    public void that_has_expired_asks_anew_and_opens_with_the_next_link_and_the_full_term()
    {
        ResendInvitation.Decide(Expired, Command).ShouldBe(new InvitationEvent.RenewalRequested(2, Some.Admin, "systemAdmin", Some.Now));
        var asked = Expired.Apply(new InvitationEvent.RenewalRequested(2, Some.Admin, "systemAdmin", Some.Now));
        var end = Some.Now.AddDays(730);

        OpenInvitation.Decide(asked, new("Acme", "Planner", "Editor", "Eva Ek", "hash-2", end, Some.Now))
            .ShouldBe(Some.Opened() with { Generation = 2, TokenHash = "hash-2", ExpiresAt = end });
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public void that_has_expired_stays_so_when_there_is_no_seat_and_can_be_tried_again()
    {
        var asked = Expired.Apply(new InvitationEvent.RenewalRequested(2, Some.Admin, "systemAdmin", Some.Now));
        var refused = RefuseInvitation.Decide(asked, new("conflict", "seat-limit-reached", "All 2 seats are taken."));
        refused.ShouldBe(new InvitationEvent.RenewalRefused("conflict", "seat-limit-reached", "All 2 seats are taken."));

        var after = asked.Apply(refused.Events[0]);
        after.Status.ShouldBe(InvitationStatus.Expired);
        ResendInvitation.Decide(after, Command).ShouldBe(new InvitationEvent.RenewalRequested(3, Some.Admin, "systemAdmin", Some.Now));
    }

    [Fact]
    public void waits_until_what_it_held_is_given_back() =>
        ResendInvitation.Decide(Some.Pending().Apply(new InvitationEvent.Expired(Some.Now)), Command).ShouldBeRefused<WithdrawalUnderWay>();

    [Fact]
    public void of_one_that_is_being_used_waits() => ResendInvitation.Decide(Some.Registering(), Command).ShouldBeRefused<RegistrationUnderWay>();

    [Fact]
    public void of_one_that_has_not_gone_out_is_not_needed() => ResendInvitation.Decide(Some.Given(Some.Requested()), Command).ShouldBeRefused<NotSentYet>();

    [Fact]
    [Trait("Feature", "INV-23")]
    public void is_held_to_what_the_organization_asks_now()
    {
        var strict = Command with { Policy = InvitationPolicy.Default with { AllowedDomains = ["acme.example"] } };
        ResendInvitation.Decide(Some.Pending(), strict).ShouldBeRefused<DomainNotAllowed>();
        ResendInvitation.Decide(Expired, strict).ShouldBeRefused<DomainNotAllowed>();
        ResendInvitation.Decide(Some.Pending().Apply(new InvitationEvent.Revoked(Some.Admin, Some.Now)), strict).ShouldBeRefused<NothingToResend>();

        var approved = Command with { Policy = InvitationPolicy.Default with { RequiresApproval = true } };
        ResendInvitation.Decide(Some.Pending(), approved).Events.ShouldHaveSingleItem().ShouldBeOfType<InvitationEvent.Resent>();
        var renewal = new InvitationEvent.RenewalRequested(2, Some.Admin, "systemAdmin", Some.Now);
        ResendInvitation.Decide(Expired, approved).ShouldBe(new InvitationEvent.ApprovalRequired(Some.Id, Some.Organization, Some.Now), renewal);
    }

    [Fact]
    [Trait("Feature", "INV-23")]
    public void that_waits_for_a_second_person_is_approved_neither_by_who_sent_it_again_nor_by_who_invited()
    {
        var (again, second) = (Guid.Parse("0198c2d0-0000-7000-8000-0000000000c1"), Guid.Parse("0198c2d0-0000-7000-8000-0000000000c2"));
        var asked = Expired.Apply(new InvitationEvent.ApprovalRequired(Some.Id, Some.Organization, Some.Now))
            .Apply(new InvitationEvent.RenewalRequested(2, again, "guest", Some.Now));
        asked.AwaitsApproval.ShouldBeTrue();
        ApproveInvitation.Decide(asked, new(again, IsApprover: true, Some.Now)).ShouldBeRefused<ApprovalNeedsAnother>();
        ApproveInvitation.Decide(asked, new(Some.Admin, IsApprover: true, Some.Now)).ShouldBeRefused<ApprovalNeedsAnother>();
        ApproveInvitation.Decide(asked, new(second, IsApprover: true, Some.Now)).ShouldBe(new InvitationEvent.Approved(second, Some.Now));
    }

    public static TheoryData<object> Ends => new(
        new InvitationEvent.Revoked(Some.Admin, Some.Now), new InvitationEvent.Declined(Some.Invitee, null, Some.Now),
        new InvitationEvent.Accepted(Some.Invitee, Some.Now));

    [Theory]
    [MemberData(nameof(Ends))]
    public void of_one_that_has_ended_is_refused(object end) =>
        ResendInvitation.Decide(Some.Pending().Apply((InvitationEvent)end), Command).ShouldBeRefused<NothingToResend>();
}

[Trait("Feature", "INV-05")]
public sealed class asking_for_a_new_link
{
    private static readonly AskForNewLink.Command Command = new(1, Some.Now);
    private static readonly Invitation Expired = Some.Pending().Apply(new InvitationEvent.Expired(Some.Now));

    [Fact]
    public void of_one_that_has_expired_is_noted_once_for_each_link()
    {
        AskForNewLink.Decide(Expired, Command).ShouldBe(new InvitationEvent.NewLinkAsked(Some.Now));
        AskForNewLink.Decide(Expired.Apply(new InvitationEvent.NewLinkAsked(Some.Now)), Command).ShouldBe();
    }

    [Fact]
    public void while_a_link_works_is_not_needed()
    {
        AskForNewLink.Decide(Some.Pending(), Command).ShouldBe();
        AskForNewLink.Decide(Some.Pending().Apply(new InvitationEvent.Resent(2, "hash-2", Some.Now.AddDays(1), Some.Admin, Some.Now)), Command)
            .ShouldBeRefused<LinkReplaced>();
    }

    [Fact]
    public void of_one_that_was_taken_back_is_told_so() =>
        AskForNewLink.Decide(Some.Pending().Apply(new InvitationEvent.Revoked(Some.Admin, Some.Now)), Command).ShouldBeRefused<LinkRevoked>();
}

[Trait("Feature", "INV-26")]
public sealed class declining_an_invitation
{
    private static readonly DeclineInvitation.Command Command = new(1, "Not my field.", Some.Now);
    private static readonly InvitationEvent.Declined Declined = new(Some.Invitee, "Not my field.", Some.Now);

    [Fact]
    public void ends_it_with_the_reason() => DeclineInvitation.Decide(Some.Pending(), Command).ShouldBe(Declined);

    [Fact]
    public void a_second_time_does_nothing() => DeclineInvitation.Decide(Some.Pending().Apply(Declined), Command).ShouldBe();

    [Fact]
    public void leaves_a_link_that_says_so() =>
        GetRegistration.Problem(Some.Pending().Apply(Declined), 1, Some.Now).ShouldBeOfType<LinkDeclined>();

    [Fact]
    public void with_a_dead_link_is_told_why() => DeclineInvitation
        .Decide(Some.Pending().Apply(new InvitationEvent.Revoked(Some.Admin, Some.Now)), Command).ShouldBeRefused<LinkRevoked>();

    [Fact]
    public void while_it_is_being_accepted_waits() => DeclineInvitation.Decide(Some.Registering(), Command).ShouldBeRefused<RegistrationUnderWay>();

    [Fact]
    public void gives_back_what_it_held() => SettleWithdrawal.Decide(Some.Pending().Apply(Declined)).ShouldBe(new InvitationEvent.WithdrawalSettled());
}
