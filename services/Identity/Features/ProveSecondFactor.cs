using System.Security.Cryptography;
using System.Text;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Takes the code that completes a sign-in, once: what it was used up by is in the stream, so that of two who come with it at once one is
/// let in (USR-07). The person is never locked out: three wrong codes lock the mailed one, and another can be asked for.
/// </summary>
internal static class ProveSecondFactor
{
    /// <summary>What a code is, as far as it is anything: the app's of a time step, the mailed one, a recovery code.</summary>
    public sealed record Command(long? Step, bool IsEmailCode, string RecoveryHash, DateTimeOffset At);

    public static Decision<TwoFactorEvent> Decide(TwoFactor factor, Command c)
    {
        if (factor.Secret is not null && c.Step is { } step && step > factor.LastStep)
            return new TwoFactorEvent.AuthenticatorUsed(step);
        if (factor.RecoveryHashes.Contains(c.RecoveryHash))
            return new TwoFactorEvent.RecoveryCodeUsed(c.RecoveryHash);
        if (!factor.EmailCodes || factor.EmailCode is not { } open || !open.IsGood(c.At))
            return new SecondFactorWrong(factor.Possible);
        return c.IsEmailCode ? new TwoFactorEvent.EmailCodeUsed(open.NoticeId) : new TwoFactorEvent.EmailCodeMissed(open.NoticeId);
    }

    /// <summary>Proves a user's second factor in a session, if there is one.</summary>
    /// <returns>Why not, or null.</returns>
    public static async Task<SecondFactorRefusal?> Handle(
        Guid userId, string? code, EventSession session, LinkTokens links, TimeProvider clock, CancellationToken ct)
    {
        var factor = await session.FetchForWriting<TwoFactor, TwoFactorEvent>(TwoFactor.Stream(userId), ct);
        if (!factor.Aggregate.IsOn)
            return null;
        if (string.IsNullOrWhiteSpace(code))
            return new SecondFactorRequired(factor.Aggregate.Possible);
        var decision = Decide(factor.Aggregate, Read(code, factor.Aggregate, links, clock.GetUtcNow()));
        factor.AppendMany(decision.Events);
        return decision.Events is [] or [TwoFactorEvent.EmailCodeMissed] ? new SecondFactorWrong(factor.Aggregate.Possible) : null;
    }

    /// <summary>Whether it is the code that was mailed for a notice.</summary>
    public static bool IsMailed(string code, Guid noticeId, LinkTokens links) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(Digits(code)), Encoding.UTF8.GetBytes(links.CodeForNotice(noticeId)));

    /// <summary>The digits of a code, which may come in groups.</summary>
    public static string Digits(string code) => string.Concat(code.Where(c => !char.IsWhiteSpace(c)));

    private static Command Read(string code, TwoFactor factor, LinkTokens links, DateTimeOffset now) => new(
        factor.Secret is { } secret ? Totp.StepOf(Digits(code), secret, now) : null,
        factor.EmailCode is { } open && IsMailed(code, open.NoticeId, links),
        RecoveryCodes.HashOf(code),
        now);
}
