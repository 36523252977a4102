using System.Collections.Immutable;
using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>What can prove the second factor.</summary>
internal enum Factor
{
    /// <summary>A code of an app.</summary>
    Authenticator,

    /// <summary>A code that is mailed when it is asked for.</summary>
    EmailCode,

    /// <summary>One of the codes to keep for the day when nothing else is at hand.</summary>
    RecoveryCode,
}

/// <summary>The e-mail code that is open; null in its place when there is none.</summary>
internal sealed record OpenEmailCode(Guid NoticeId, DateTimeOffset ExpiresAt, int Misses)
{
    // Of a million codes: three tries are a chance of one in 333,333.
    private const int MostMisses = 3;

    public bool IsGood(DateTimeOffset at) => Misses < MostMisses && at < ExpiresAt;
}

/// <summary>A person's second factor: an app, e-mail codes, or both, and recovery codes for when they are lost.</summary>
internal sealed record TwoFactor : IAggregate<TwoFactor, TwoFactorEvent>
{
    public static string Category => "twofactor";

    public static TwoFactor Initial { get; } = new();

    /// <summary>The app's secret; null when there is no app.</summary>
    public string? Secret { get; private init; }

    /// <summary>A secret that was shown, and that no code was given for yet.</summary>
    public string? PendingSecret { get; private init; }

    /// <summary>The time step of the last code that was taken: it and those before it are used up.</summary>
    public long LastStep { get; private init; }

    public bool EmailCodes { get; private init; }

    public OpenEmailCode? EmailCode { get; private init; }

    public ImmutableHashSet<string> RecoveryHashes { get; private init; } = [];

    /// <summary>Whether the password alone does not sign in.</summary>
    public bool IsOn => Secret is not null || EmailCodes;

    /// <summary>What a sign-in can be completed with.</summary>
    public IReadOnlyList<Factor> Possible =>
    [
        .. Secret is null ? Array.Empty<Factor>() : [Factor.Authenticator],
        .. EmailCodes ? [Factor.EmailCode] : Array.Empty<Factor>(),
        .. IsOn && !RecoveryHashes.IsEmpty ? [Factor.RecoveryCode] : Array.Empty<Factor>(),
    ];

    public static StreamId Stream(Guid userId) => StreamId.Of(Category, userId);

    public TwoFactor Apply(TwoFactorEvent happened) => happened switch
    {
        TwoFactorEvent.AuthenticatorEnrolled e => this with { PendingSecret = e.Secret },
        TwoFactorEvent.AuthenticatorConfirmed e => this with { Secret = PendingSecret, PendingSecret = null, LastStep = e.Step },
        TwoFactorEvent.AuthenticatorUsed e => this with { LastStep = e.Step },
        TwoFactorEvent.AuthenticatorRemoved => this with { Secret = null, PendingSecret = null, LastStep = 0 },
        TwoFactorEvent.EmailCodesTurnedOn => this with { EmailCodes = true },
        TwoFactorEvent.EmailCodesTurnedOff => this with { EmailCodes = false, EmailCode = null },
        TwoFactorEvent.EmailCodeDue e => this with { EmailCode = new(e.NoticeId, e.ExpiresAt, 0) },
        TwoFactorEvent.EmailCodeMissed when EmailCode is not null => this with { EmailCode = EmailCode with { Misses = EmailCode.Misses + 1 } },
        TwoFactorEvent.EmailCodeMissed => this,
        TwoFactorEvent.EmailCodeUsed => this with { EmailCode = null },
        TwoFactorEvent.RecoveryCodesMade e => this with { RecoveryHashes = [.. e.Hashes] },
        TwoFactorEvent.RecoveryCodeUsed e => this with { RecoveryHashes = RecoveryHashes.Remove(e.Hash) },
        _ => throw new InvalidOperationException($"a second factor does not know {happened.GetType()}"),
    };
}
