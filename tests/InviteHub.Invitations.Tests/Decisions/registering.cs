using InviteHub.Invitations.Features;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

public sealed class registering_an_account
{
    private static readonly Register.Command Command = new(1, Some.Attempt, null, "pbkdf2", "en", "grant", Some.Now);

    [Fact]
    [Trait("Feature", "INV-10")]
    public void with_a_pending_link_begins() => Register.Decide(Some.Pending(), Command).ShouldBe(Some.Started() with { PrivacyPolicyVersion = Register.PrivacyPolicyVersion });

    [Fact]
    [Trait("Feature", "INV-13")]
    public void is_for_new_people_only() => Register.Decide(Some.Pending(isExistingUser: true), Command).ShouldBeRefused<SignInToAccept>();

    public static TheoryData<object, string> Links => new()
    {
        { Array.Empty<InvitationEvent>(), "link-unknown" },
        { new InvitationEvent[] { Some.Requested() }, "link-unknown" },
        { new InvitationEvent[] { Some.Requested(), Some.Opened(), new InvitationEvent.Revoked(Some.Admin, Some.Now) }, "link-revoked" },
        { new InvitationEvent[] { Some.Requested(), Some.Opened(), new InvitationEvent.Expired(Some.Now) }, "link-expired" },
        { new InvitationEvent[] { Some.Requested(), Some.Opened() with { ExpiresAt = Some.Now } }, "link-expired" },
        { new InvitationEvent[] { Some.Requested(), Some.Opened() with { Generation = 2 } }, "link-replaced" },
        { new InvitationEvent[] { Some.Requested(), Some.Opened(), Some.Started() }, "registration-under-way" },
        { new InvitationEvent[] { Some.Requested(), Some.Opened(), Some.Started(), new InvitationEvent.Accepted(Some.Invitee, Some.Now) }, "link-used" },
    };

    [Theory]
    [MemberData(nameof(Links))]
    [Trait("Feature", "INV-05")]
    public void says_what_is_wrong_with_a_link(object happened, string code) =>
        Register.Decide(Some.Given((InvitationEvent[])happened), Command).Refusal.ShouldNotBeNull().Code.ShouldBe(code);

    [Fact]
    [Trait("Feature", "INV-10")]
    public void without_a_seat_ends_with_the_account() => RecordAccount.Decide(Some.Registering(), new(Some.Attempt, Some.Invitee, Some.Now)).ShouldBe(
        new InvitationEvent.AccountProvisioned(Some.Attempt, Some.Invitee), new InvitationEvent.Accepted(Some.Invitee, Some.Now));

    [Fact]
    [Trait("Feature", "INV-12")]
    public void with_a_seat_ends_when_it_is_taken()
    {
        var registering = Some.Registering(Some.Subscription);
        var provisioned = new InvitationEvent.AccountProvisioned(Some.Attempt, Some.Invitee);

        RecordAccount.Decide(registering, new(Some.Attempt, Some.Invitee, Some.Now)).ShouldBe(provisioned);
        CompleteAcceptance.Decide(registering, new(Some.Invitee, Some.Now)).ShouldBe();
        CompleteAcceptance.Decide(registering.Apply(provisioned), new(Some.Invitee, Some.Now)).ShouldBe(new InvitationEvent.Accepted(Some.Invitee, Some.Now));
    }

    [Fact]
    [Trait("Feature", "INV-10")]
    public void hears_of_its_account_once_and_only_of_this_attempt()
    {
        var done = Some.Registering().Apply(new InvitationEvent.AccountProvisioned(Some.Attempt, Some.Invitee));

        RecordAccount.Decide(done, new(Some.Attempt, Some.Invitee, Some.Now)).ShouldBe();
        RecordAccount.Decide(Some.Registering(), new(Guid.Empty, Some.Invitee, Some.Now)).ShouldBe();
        RefuseRegistration.Decide(Some.Registering(), new(Guid.Empty, "conflict", "email-taken", "")).ShouldBe();
    }

    [Fact]
    [Trait("Feature", "INV-25")]
    public void that_was_refused_can_be_tried_again()
    {
        var refused = Some.Registering().Apply(new InvitationEvent.RegistrationRefused(Some.Attempt, "conflict", "email-taken", ""));

        refused.Status.ShouldBe(InvitationStatus.Pending);
        Register.Decide(refused, Command).Events.ShouldHaveSingleItem();
    }
}

public sealed class accepting_signed_in
{
    private static readonly AcceptInvitation.Command Command = new(1, Some.Attempt, Some.Invitee, "", Some.Now);

    [Fact]
    [Trait("Feature", "INV-13")]
    public void is_for_the_invited_user_alone()
    {
        AcceptInvitation.Decide(Some.Pending(isExistingUser: true), Command).Events.ShouldHaveSingleItem();
        AcceptInvitation.Decide(Some.Pending(isExistingUser: true), Command with { UserId = Some.Admin }).ShouldBeRefused<NotYourInvitation>();
        AcceptInvitation.Decide(Some.Pending(), Command).ShouldBeRefused<RegisterToAccept>();
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    public void a_second_time_does_nothing() => AcceptInvitation.Decide(
        Some.Given(Some.Requested(isExistingUser: true), Some.Opened(), Some.Started(), new InvitationEvent.Accepted(Some.Invitee, Some.Now)), Command).ShouldBe();
}

public sealed class an_invitation_whose_time_is_up
{
    [Fact]
    [Trait("Feature", "INV-22")]
    public void expires_at_its_instant_and_not_before()
    {
        ExpireInvitation.Decide(Some.Pending(), Some.Now.AddDays(365)).ShouldBe(new InvitationEvent.Expired(Some.Now.AddDays(365)));
        ExpireInvitation.Decide(Some.Pending(), Some.Now.AddDays(365).AddTicks(-1)).ShouldBe();
    }

    [Fact]
    [Trait("Feature", "INV-22")]
    public void stays_as_it_is_once_it_is_being_used() => ExpireInvitation.Decide(Some.Registering(), Some.Now.AddDays(400)).ShouldBe();
}

public sealed class what_became_of_the_mail
{
    private static readonly RecordDelivery.Command Sent = new(1, "email", "sent", null, Some.Now.AddMinutes(1));

    [Fact]
    [Trait("Feature", "INV-27")]
    public void is_noted_and_leaves_the_lifecycle_alone()
    {
        var after = RecordDelivery.Decide(Some.Pending(), Sent).Events.Aggregate(Some.Pending(), (state, e) => state.Apply(e));

        after.Status.ShouldBe(InvitationStatus.Pending);
        after.Delivery!.Status.ShouldBe("sent");
    }

    [Fact]
    [Trait("Feature", "INV-27")]
    public void told_late_or_twice_changes_nothing()
    {
        var sent = RecordDelivery.Decide(Some.Pending(), Sent).Events.Aggregate(Some.Pending(), (state, e) => state.Apply(e));

        RecordDelivery.Decide(sent, Sent).ShouldBe();
        RecordDelivery.Decide(sent, Sent with { Status = "queued", At = Some.Now }).ShouldBe();
        RecordDelivery.Decide(sent, Sent with { Generation = 0, At = Some.Now.AddDays(1) }).ShouldBe();
    }
}
