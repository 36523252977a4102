using InviteHub.EventStore;
using InviteHub.Identity.Features;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "USR-07")]
public class proving_a_second_factor
{
    private const long Step = 100;

    private static readonly Guid Notice = Some.Id();
    private static readonly DateTimeOffset Until = Some.Instant + MailSignInCode.GoodFor;

    private static TwoFactor App { get; } = Told(
        TwoFactor.Initial, new TwoFactorEvent.AuthenticatorEnrolled(Some.Id(), "ABC"), new TwoFactorEvent.AuthenticatorConfirmed(Step),
        new TwoFactorEvent.RecoveryCodesMade(["one", "two"]));

    private static TwoFactor Mail { get; } = Told(
        TwoFactor.Initial, new TwoFactorEvent.EmailCodesTurnedOn(Some.Id()), new TwoFactorEvent.EmailCodeDue(Some.Id(), Notice, Until));

    [Fact]
    public void takes_a_code_of_the_app_once_and_none_before_it()
    {
        Prove(App, step: Step).Refusal.ShouldBeOfType<SecondFactorWrong>();
        var used = Prove(App, step: Step + 2).Events;
        used.ShouldBe([new TwoFactorEvent.AuthenticatorUsed(Step + 2)]);
        foreach (var step in new[] { Step + 2, Step + 1 })
            Prove(Told(App, used), step: step).Refusal.ShouldBeOfType<SecondFactorWrong>();
        Prove(Told(App, used), step: Step + 3).Refusal.ShouldBeNull();
    }

    [Fact]
    public void takes_no_code_of_an_app_that_is_not_confirmed_or_was_removed()
    {
        Prove(Told(Mail, new TwoFactorEvent.AuthenticatorEnrolled(Some.Id(), "ABC")), step: Step).Events.ShouldBe([new TwoFactorEvent.EmailCodeMissed(Notice)]);
        var removed = Told(App, TurnOffSecondFactor.Decide(App, new(Factor.Authenticator, Some.Id())).Events);
        removed.IsOn.ShouldBeFalse();
        Prove(removed, step: Step + 1).Refusal.ShouldBeOfType<SecondFactorWrong>();
    }

    [Fact]
    public void takes_a_recovery_code_once()
    {
        var used = Prove(App, recovery: "two").Events;
        used.ShouldBe([new TwoFactorEvent.RecoveryCodeUsed("two")]);
        Prove(Told(App, used), recovery: "two").Refusal.ShouldBeOfType<SecondFactorWrong>();
        Prove(Told(App, used), recovery: "one").Refusal.ShouldBeNull();
    }

    [Fact]
    public void takes_a_mailed_code_once_within_ten_minutes()
    {
        var used = Prove(Mail, mailed: true, at: Until.AddTicks(-1)).Events;
        used.ShouldBe([new TwoFactorEvent.EmailCodeUsed(Notice)]);
        Prove(Told(Mail, used), mailed: true).Refusal.ShouldBeOfType<SecondFactorWrong>();
        Prove(Mail, mailed: true, at: Until).Refusal.ShouldBeOfType<SecondFactorWrong>();
    }

    [Fact]
    public void locks_a_mailed_code_after_three_others_and_takes_the_next_one()
    {
        var factor = Mail;
        for (var i = 0; i < 3; i++)
            factor = Told(factor, Prove(factor).Events.ShouldHaveSingleItem().ShouldBeOfType<TwoFactorEvent.EmailCodeMissed>());
        Prove(factor, mailed: true).Refusal.ShouldBeOfType<SecondFactorWrong>();

        var next = Told(factor, MailSignInCode.Decide(factor, new(Some.Id(), Some.Id(), Until)).Events);
        Prove(next, mailed: true).Refusal.ShouldBeNull();
    }

    [Fact]
    public void says_which_factors_are_possible()
    {
        Prove(App).Refusal.ShouldBeOfType<SecondFactorWrong>().Factors.ShouldBe([Factor.Authenticator, Factor.RecoveryCode]);
        Mail.Possible.ShouldBe([Factor.EmailCode]);
        TwoFactor.Initial.Possible.ShouldBeEmpty();
    }

    [Fact]
    public void needs_no_mail_where_codes_are_not_mailed() => MailSignInCode.Decide(App, new(Some.Id(), Notice, Until)).Events.ShouldBeEmpty();

    [Fact]
    public void counts_an_app_from_its_first_right_code_on()
    {
        var enrolled = Told(TwoFactor.Initial, EnrolAuthenticator.Decide(new EnrolAuthenticator.Enrol(Some.Id(), "ABC")).Events);
        enrolled.IsOn.ShouldBeFalse();
        EnrolAuthenticator.Decide(TwoFactor.Initial, new(Step, [])).Refusal.ShouldBe(new NothingEnrolled());
        EnrolAuthenticator.Decide(enrolled, new(null, [])).Refusal.ShouldBe(new ConfirmationWrong());
        var confirmed = EnrolAuthenticator.Decide(enrolled, new(Step, ["one"])).Events;
        confirmed.OfType<TwoFactorEvent.RecoveryCodesMade>().ShouldHaveSingleItem();
        Told(enrolled, confirmed).IsOn.ShouldBeTrue();

        // A new app in the place of the old one keeps the recovery codes.
        var again = Told(App, new TwoFactorEvent.AuthenticatorEnrolled(Some.Id(), "DEF"));
        again.Secret.ShouldBe("ABC");
        EnrolAuthenticator.Decide(again, new(Step + 1, ["x"])).Events.ShouldBe([new TwoFactorEvent.AuthenticatorConfirmed(Step + 1)]);
    }

    [Fact]
    public void is_turned_off_and_helped_with_once()
    {
        var admin = Some.Id();
        TurnOffSecondFactor.Decide(TwoFactor.Initial, new(Factor.Authenticator, admin)).Events.ShouldBeEmpty();
        TurnOffSecondFactor.Decide(App, new(Factor.EmailCode, admin)).Events.ShouldBeEmpty();
        MakeRecoveryCodes.Decide(TwoFactor.Initial, new(["one"])).Refusal.ShouldBe(new NoSecondFactor());

        var command = new MailSignInCode.Command(Some.Id(), Some.Id(), Until);
        HelpWithTwoFactor.Decide(App, command, admin).Events.Count.ShouldBe(2);
        HelpWithTwoFactor.Decide(Mail, command, admin).Events.ShouldHaveSingleItem().ShouldBeOfType<TwoFactorEvent.EmailCodeDue>();
        HelpWithTwoFactor.Decide(App, command, command.UserId).Refusal.ShouldBeOfType<OwnAccount>();
        HelpWithTwoFactor.Decide(App, admin, admin).Refusal.ShouldBeOfType<OwnAccount>();
    }

    private static Decision<TwoFactorEvent> Prove(TwoFactor factor, long? step = null, bool mailed = false, string recovery = "", DateTimeOffset? at = null) =>
        ProveSecondFactor.Decide(factor, new(step, mailed, recovery, at ?? Some.Instant));

    private static TwoFactor Told(TwoFactor factor, params IEnumerable<TwoFactorEvent> events) => events.Aggregate(factor, (f, e) => f.Apply(e));
}
