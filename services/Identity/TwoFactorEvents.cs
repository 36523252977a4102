using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Identity;

/// <summary>What happens to a person's second factor (USR-07).</summary>
internal abstract record TwoFactorEvent
{
    private TwoFactorEvent()
    {
    }

    /// <summary>A secret was shown to be put into an app; it counts from <see cref="AuthenticatorConfirmed"/> on.</summary>
    [EventType("twofactor.authenticator_enrolled.v1")]
    public sealed record AuthenticatorEnrolled(
        Guid UserId, [property: PersonalData(nameof(AuthenticatorEnrolled.UserId))] string Secret) : TwoFactorEvent;

    [EventType("twofactor.authenticator_confirmed.v1")]
    public sealed record AuthenticatorConfirmed(long Step) : TwoFactorEvent;

    /// <summary>The code of a time step was used up, and those of all earlier ones.</summary>
    [EventType("twofactor.authenticator_used.v1")]
    public sealed record AuthenticatorUsed(long Step) : TwoFactorEvent;

    [EventType("twofactor.authenticator_removed.v1")]
    public sealed record AuthenticatorRemoved(Guid By) : TwoFactorEvent;

    [EventType("twofactor.email_codes_turned_on.v1")]
    public sealed record EmailCodesTurnedOn(Guid By) : TwoFactorEvent;

    [EventType("twofactor.email_codes_turned_off.v1")]
    public sealed record EmailCodesTurnedOff : TwoFactorEvent;

    /// <summary>A code is to be mailed; it is made from the notice's id and stands nowhere.</summary>
    [EventType("twofactor.email_code_due.v1")]
    public sealed record EmailCodeDue(Guid UserId, Guid NoticeId, DateTimeOffset ExpiresAt) : TwoFactorEvent;

    /// <summary>Another code came in its place: so many lock it.</summary>
    [EventType("twofactor.email_code_missed.v1")]
    public sealed record EmailCodeMissed(Guid NoticeId) : TwoFactorEvent;

    [EventType("twofactor.email_code_used.v1")]
    public sealed record EmailCodeUsed(Guid NoticeId) : TwoFactorEvent;

    [EventType("twofactor.recovery_codes_made.v1")]
    public sealed record RecoveryCodesMade(IReadOnlyList<string> Hashes) : TwoFactorEvent;

    [EventType("twofactor.recovery_code_used.v1")]
    public sealed record RecoveryCodeUsed(string Hash) : TwoFactorEvent;
}
