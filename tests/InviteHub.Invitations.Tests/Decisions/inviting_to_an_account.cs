using InviteHub.Contracts.Identity;
using InviteHub.Invitations.Features;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Decisions;

[Trait("Feature", "INV-14")]
public sealed class inviting_to_an_account
{
    private static readonly AccountInvitationDue Asked = new(
        Some.Id, Some.Invitee, "account", "email", "ada@example.org", "Ada", "Lovelace", null, "ada", "en", Some.Admin, "systemAdmin");

    private static readonly InviteAccount.Command Command = new(Asked, "Eva Ek", "hash", Some.Now);

    [Fact]
    public void is_open_at_once_and_belongs_to_no_organization()
    {
        var invitation = Open();

        (invitation.Status, invitation.Offer!.OrganizationId, invitation.Offer.Username, invitation.Link!.ExpiresAt)
            .ShouldBe((InvitationStatus.Pending, InviteAccount.Platform, "ada", Some.Now.AddDays(365)));
        Register.Decide(invitation, new(1, Some.Attempt, null, "pbkdf2", "en", "grant", Some.Now)).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void that_waits_for_an_answer_is_sent_again() => InviteAccount.Decide(Open(), Command with { TokenHash = "hash-2", At = Some.Now.AddDays(1) })
        .ShouldBe(new InvitationEvent.Resent(2, "hash-2", Some.Now.AddDays(366), Some.Admin, Some.Now.AddDays(1)));

    public static TheoryData<object> Changes => new(
        Asked with { Email = "eda@example.org" }, Asked with { Username = "eda" }, Asked with { Channel = "sms", Phone = "+46701234567" });

    [Theory]
    [MemberData(nameof(Changes))]
    public void that_would_not_reach_the_person_any_more_is_taken_back(object asked) =>
        InviteAccount.Decide(Open(), Command with { Asked = (AccountInvitationDue)asked }).ShouldBe(new InvitationEvent.Revoked(Some.Admin, Some.Now));

    [Fact]
    [Trait("Feature", "INV-08")]
    public void that_has_expired_is_sent_again_without_asking_anybody() =>
        ResendInvitation.Decide(Open().Apply(new InvitationEvent.Expired(Some.Now)), new(Some.Admin, "systemAdmin", "hash-2", Some.Now))
            .ShouldBe(new InvitationEvent.Resent(2, "hash-2", Some.Now.AddDays(365), Some.Admin, Some.Now));

    [Fact]
    public void with_a_one_time_password_ends_with_it_and_is_accepted_once_by_a_password_of_the_person_s_own()
    {
        var until = Some.Now.AddDays(1);
        var command = Command with { Asked = Asked with { OneTimePasswordUntil = until } };
        var invitation = Some.Given([.. InviteAccount.Decide(Invitation.Initial, command).Events]);

        (invitation.Link!.ExpiresAt, invitation.Link.OneTimePasswordId).ShouldBe((until, Some.Id));
        var accepted = TakeAccountOver.Decide(invitation, new(Some.Invitee, Some.Now));
        accepted.ShouldBe(new InvitationEvent.Accepted(Some.Invitee, Some.Now));
        TakeAccountOver.Decide(Some.Given(accepted.Events[0]), new(Some.Invitee, Some.Now)).ShouldBe();
        TakeAccountOver.Decide(Open(), new(Some.Invitee, Some.Now)).ShouldBe();
    }

    [Fact]
    [Trait("Feature", "INV-08")]
    public void with_a_one_time_password_is_sent_again_by_hand_with_a_link_and_its_withdrawal_still_ends_the_password()
    {
        var command = Command with { Asked = Asked with { OneTimePasswordUntil = Some.Now.AddDays(1) } };
        var invitation = Some.Given([.. InviteAccount.Decide(Invitation.Initial, command).Events]);

        var again = ResendInvitation.Decide(invitation, new(Some.Admin, "systemAdmin", "hash-2", Some.Now));
        again.ShouldBe(new InvitationEvent.Resent(2, "hash-2", Some.Now.AddDays(365), Some.Admin, Some.Now));
        var sent = invitation.Apply(again.Events[0]);
        (sent.Link!.OneTimePasswordId, sent.OneTimePasswordId).ShouldBe((null, Some.Id));
    }

    private static Invitation Open() => Some.Given([.. InviteAccount.Decide(Invitation.Initial, Command).Events]);
}

[Trait("Feature", "INV-18")]
public sealed class inviting_an_internal_user
{
    private static readonly CreateInvitation.Request Request = new(
        "workspace", Some.Organization, null, null, "Ada.King-Lovelace+x@Example.org", null, null, null, null, null, null, null, null, null, null, null, null, null);

    [Fact]
    public void proposes_username_and_names_from_the_address()
    {
        var details = WorkspaceInvitation.Read(Request).Details!;

        (details.Username, details.FirstName, details.LastName).ShouldBe(("ada.king-lovelace", "Ada", "King Lovelace X"));
    }

    [Fact]
    public void takes_what_is_typed_instead()
    {
        var details = WorkspaceInvitation.Read(Request with { Username = "countess", FirstName = "Augusta", LastName = "King" }).Details!;

        (details.Username, details.FirstName, details.LastName).ShouldBe(("countess", "Augusta", "King"));
    }

    public static TheoryData<string, object> Wrong => new()
    {
        { "organizationId", Request with { OrganizationId = null } },
        { "email", Request with { Email = "ada" } },
        { "username", Request with { Username = "a b" } },
        { "firstName", Request with { FirstName = "A" } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void names_the_one_field_that_is_wrong(string field, object request) =>
        WorkspaceInvitation.Read((CreateInvitation.Request)request).Refusal.ShouldNotBeNull().Errors.Keys.ShouldBe([field]);
}
