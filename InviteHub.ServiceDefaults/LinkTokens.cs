using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// The secret in a link (INV-05, NOT-04): HMAC-SHA256 (RFC 2104) of what the link is for, under a key that the services share.
/// So it has 256 bits, needs no place to be stored in and no way to travel: the sender makes it when it sends, and the stream
/// and every table hold only its hash.
/// </summary>
public sealed class LinkTokens(KeyRing keys)
{
    /// <summary>The token of one generation of an invitation's link: 43 characters that are safe in a URL.</summary>
    public string ForInvitation(Guid invitationId, int generation) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(keys.Secret("links"), Encoding.UTF8.GetBytes($"invitation {invitationId} {generation}")));

    /// <summary>What is stored of a token: its SHA-256, in hex. A hash of 256 random bits can be looked up as it is.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Whether a token is the one with this hash, in constant time.</summary>
    public static bool Matches(string token, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(HashOf(token)), Encoding.UTF8.GetBytes(hash));
}
