using System.Buffers.Text;
using System.Security.Cryptography;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;

namespace InviteHub.Identity;

/// <summary>A session as its client holds it.</summary>
internal sealed record SessionTokens(string AccessToken, string RefreshToken, int ExpiresIn, string TokenType, bool MustChangePassword);

/// <summary>Makes access tokens, the framework's bearer tokens, and refresh tokens: the session's id and 256 random bits.</summary>
internal sealed class Tokens(IOptionsMonitor<BearerTokenOptions> options, TimeProvider clock)
{
    private const int IdBytes = 16;
    private const int SecretBytes = 32;

    /// <summary>A new refresh token of a session, and what is kept of it.</summary>
    public static (string Token, string Hash) NewRefreshToken(Guid sessionId)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        sessionId.TryWriteBytes(bytes);
        RandomNumberGenerator.Fill(bytes[IdBytes..]);
        var token = Base64Url.EncodeToString(bytes);
        return (token, LinkTokens.HashOf(token));
    }

    /// <summary>Whose a refresh token claims to be, and its hash; null for what is none.</summary>
    public static (Guid SessionId, string Hash)? Read(string? refreshToken)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        return refreshToken is not null && Base64Url.IsValid(refreshToken, out var length) && length == bytes.Length
            && Base64Url.TryDecodeFromChars(refreshToken, bytes, out _)
            ? (new Guid(bytes[..IdBytes]), LinkTokens.HashOf(refreshToken))
            : null;
    }

    /// <summary>An access token for a user in a session, with the refresh token that belongs to it.</summary>
    public SessionTokens Issue(User user, Guid sessionId, string refreshToken)
    {
        var principal = new CurrentUser(user.Id, sessionId, user.SystemRole.ToText(), user.MustChangePassword).ToPrincipal(BearerTokenDefaults.AuthenticationScheme);
        var ticket = new AuthenticationTicket(
            principal,
            new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + ServiceHost.AccessTokenLivesFor },
            $"{BearerTokenDefaults.AuthenticationScheme}:AccessToken");
        var token = options.Get(BearerTokenDefaults.AuthenticationScheme).BearerTokenProtector.Protect(ticket);
        return new(token, refreshToken, (int)ServiceHost.AccessTokenLivesFor.TotalSeconds, "Bearer", user.MustChangePassword);
    }
}
