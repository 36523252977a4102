using InviteHub.ServiceDefaults;

namespace InviteHub.Identity;

/// <summary>Looks at a password that somebody typed: the account's own, or the one-time password of its invitation (INV-14).</summary>
internal sealed class AccountPasswords(Passwords passwords, LinkTokens links, TimeProvider clock)
{
    /// <summary>Whether it is one that signs this user in; for nobody it is not, after the same work.</summary>
    public async Task<bool> Verify(User? user, string password, CancellationToken ct)
    {
        // Both are always looked at, so that the time tells nothing.
        var isOneTime = links.IsOneTimePassword(password, user?.OneTimePassword?.InvitationId ?? Guid.Empty);
        var isOwn = await passwords.Verify(user?.PasswordHash, password, ct);
        return isOwn || (isOneTime && user?.OneTimePassword is { } sent && clock.GetUtcNow() < sent.Until);
    }
}
