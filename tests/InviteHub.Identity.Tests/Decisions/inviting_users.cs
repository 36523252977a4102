using InviteHub.Contracts.Invitations;
using InviteHub.EventStore.PersonalData;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "INV-14")]
public class inviting_users
{
    private static readonly InviteUsers.Command Command = new(Some.Id(), InviteUsers.Account, InviteUsers.Email, Some.Id(), "systemAdmin");

    [Fact]
    public void says_all_that_the_invitation_takes()
    {
        var user = Some.User();
        InviteUsers.Decide(user, Command).Events.ShouldHaveSingleItem().ShouldBe(new UserEvent.InvitationDue(
            user.Id, Command.InvitationId, "account", "email", user.Email, "Kim", "Eriksdotter", null, null, "sv", Command.By, "systemAdmin"));
    }

    [Fact]
    public void works_again_with_another_request_and_once_with_the_same()
    {
        var user = Some.User();
        var invited = user.Told(InviteUsers.Decide(user, Command).Events);
        InviteUsers.Decide(invited, Command).ShouldSatisfyAllConditions(again => again.Refusal.ShouldBeNull(), again => again.Events.ShouldBeEmpty());
        InviteUsers.Decide(invited, Command with { InvitationId = Some.Id() }).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void takes_somebody_whose_password_another_chose_and_nobody_with_one_of_their_own()
    {
        var user = Some.User();
        InviteUsers.Decide(user.Told(new UserEvent.PasswordSet(user.Id, "hash", MustChange: true)), Command).Events.ShouldHaveSingleItem();
        InviteUsers.Decide(user.Told(new UserEvent.PasswordSet(user.Id, "hash", MustChange: false)), Command).Refusal.ShouldBe(new AccountInUse());
    }

    [Fact]
    public void sends_no_text_and_no_password_where_an_organization_of_the_person_does_not_allow_it()
    {
        var user = Some.User();
        var strict = new InvitationWishes(user.Id, AllowSms: false, AllowOneTimePasswords: false);
        InviteUsers.Decide(user, Command with { Wishes = strict }).Events.ShouldHaveSingleItem();
        InviteUsers.Decide(user, Command with { Wishes = strict, Channel = InviteUsers.Sms }).Refusal.ShouldBe(new SmsNotAllowed());
        InviteUsers.Decide(user, Command with { Wishes = strict, OneTimePasswordUntil = Some.Instant }).Refusal.ShouldBe(new OneTimePasswordNotAllowed());
    }

    [Fact]
    public void with_a_one_time_password_lasts_until_another_invitation_the_end_of_its_own_or_a_password_of_the_person_s_own()
    {
        var user = Some.User();
        var sent = user.Told(InviteUsers.Decide(user, Command with { OneTimePasswordUntil = Some.Instant }).Events);
        (sent.OneTimePassword, sent.MustChangePassword, sent.HasOwnPassword).ShouldBe((new(Command.InvitationId, Some.Instant), true, false));

        EndOneTimePassword.Decide(sent, Some.Id()).Events.ShouldBeEmpty();
        sent.Told(EndOneTimePassword.Decide(sent, Command.InvitationId).Events).OneTimePassword.ShouldBeNull();
        sent.Told(InviteUsers.Decide(sent, Command with { InvitationId = Some.Id() }).Events).OneTimePassword.ShouldBeNull();

        var changed = ChangePassword.Decide(sent, new("hash", Some.Instant)).Events;
        changed[^1].ShouldBe(new UserEvent.TakenOver(user.Id, Command.InvitationId, Some.Instant));
        var own = sent.Told(changed);
        (own.OneTimePassword, own.HasOwnPassword).ShouldBe((null, true));
        ChangePassword.Decide(own, new("other", Some.Instant)).Events[^1].ShouldBe(new UserEvent.PasswordReplaced(user.Id, PasswordReplacedBy.Owner));
    }

    [Fact]
    [Trait("Feature", "INV-15")]
    public void sends_no_mail_to_an_address_that_it_came_back_from_and_says_what_to_do()
    {
        var user = Some.User();
        var bounced = Command with { Undeliverable = "There is no such mailbox (5.1.1)" };
        var refusal = InviteUsers.Decide(user, bounced).Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe("email-undeliverable");
        refusal.Detail.ShouldBe(
            "Mail to the e-mail address of the profile came back: There is no such mailbox (5.1.1). Correct the address there, and invite again.");
        var reached = user.Told(new UserEvent.DetailsChanged(
            user.Id, user.Email, "Kim", "Eriksdotter", null, null, "+46701234567", null, null, null, null, "sv", Role.Guest));
        InviteUsers.Decide(reached, bounced with { Channel = InviteUsers.Sms }).Events.ShouldHaveSingleItem();
    }

    public static TheoryData<string, string?, string, string> Unreachable => new()
    {
        { "kim at north", null, "email", "email-unusable" },
        { "kim@north.example", null, "sms", "phone-missing" },
        { "kim@north.example", "0701234567", "sms", "phone-unusable" },
        { PersonalDataAttribute.Erased, null, "email", "user-not-found" },
    };

    [Theory]
    [MemberData(nameof(Unreachable))]
    [Trait("Feature", "INV-15")]
    public void says_why_somebody_can_t_be_reached(string email, string? phone, string channel, string code)
    {
        var user = Some.User();
        var there = user.Told(new UserEvent.DetailsChanged(user.Id, email, "Kim", "Eriksdotter", null, null, phone, null, null, null, null, "sv", Role.Guest));
        InviteUsers.Decide(there, Command with { Channel = channel }).Refusal.ShouldNotBeNull().Code.ShouldBe(code);
    }
}

[Trait("Feature", "INV-18")]
public class making_an_internal_user
{
    private static readonly InvitationOpened Opened = new(
        Some.Id(), Some.Id(), "workspace", 1, Some.Id(), "kim@north.example", "Kim", "sv", "North", null, null, "Eva Ek", Some.Instant)
    {
        LastName = "Eriksdotter", Username = "kim",
    };

    [Fact]
    public void makes_the_account_without_a_password_in_the_organization_once()
    {
        var events = MakeInternalUser.Decide(User.Initial, Opened).Events;
        var user = User.Initial.Told(events);
        (user.Id, user.Username, user.PasswordHash, user.EmailVerified).ShouldBe((Opened.InviteeId, "kim", null, false));
        user.Organizations.ShouldBe([Opened.OrganizationId]);
        MakeInternalUser.Decide(user, Opened with { Generation = 2 }).Events.ShouldBeEmpty();
    }

    [Fact]
    public void makes_none_of_another_way() => MakeInternalUser.Decide(User.Initial, Opened with { Way = "customer" }).Events.ShouldBeEmpty();
}

[Trait("Feature", "INV-10")]
public class taking_over_an_account_that_was_made_before
{
    [Theory]
    [InlineData("account")]
    [InlineData("created")]
    [InlineData("workspace")]
    public void sets_the_password_and_proves_the_address(string way)
    {
        var (user, registration) = Registering(way);
        var after = user.Told(ProvisionAccount.Decide(user, registration).Events);
        (after.PasswordHash, after.MustChangePassword, after.HasOwnPassword, after.EmailVerified).ShouldBe(("a hash", false, true, true));
        after.Organizations.Contains(registration.OrganizationId).ShouldBe(way == "workspace");
    }

    [Fact]
    public void takes_the_username_that_the_person_chose()
    {
        var (user, registration) = Registering("account");
        user.Told(ProvisionAccount.Decide(user, registration with { Username = "kimmy" }).Events).Username.ShouldBe("kimmy");
    }

    [Theory]
    [InlineData("account")]
    [InlineData("workspace")]
    public void never_replaces_a_password_that_the_person_chose(string way)
    {
        var (user, registration) = Registering(way);
        ProvisionAccount.Decide(user.Told(new UserEvent.PasswordSet(user.Id, "own", MustChange: false)), registration).Refusal.ShouldBe(new AccountInUse());
    }

    private static (User User, RegistrationStarted Registration) Registering(string way)
    {
        var user = User.Initial.Told(new UserEvent.Registered(
            Some.Id(), Some.Email(), "Kim", "Eriksdotter", null, null, null, null, null, null, "kim", "sv", Role.Guest, EmailVerified: false, null,
            RegisteredBy.Import, null));
        return (user, Some.Registration() with { UserId = user.Id, IsExistingUser = true, Way = way });
    }
}
