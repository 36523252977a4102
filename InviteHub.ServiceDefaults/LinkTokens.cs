using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
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
    /// <summary>Letters and digits without those that are taken for each other on paper or over the telephone.</summary>
    public const string Readable = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const int OneTimePasswordLength = 12;

    /// <summary>The token of one generation of an invitation's link: 43 characters that are safe in a URL.</summary>
    public string ForInvitation(Guid invitationId, int generation) => Base64Url.EncodeToString(Secret($"invitation {invitationId} {generation}"));

    /// <summary>The token of a link that a team invites itself with: 43 characters that are safe in a URL.</summary>
    public string ForTeamLink(Guid teamLinkId) => Base64Url.EncodeToString(Secret($"team link {teamLinkId}"));

    /// <summary>The token in the link of a notice, such as that of a password reset: 43 characters that are safe in a URL.</summary>
    public string ForNotice(Guid noticeId) => Base64Url.EncodeToString(Secret($"notice {noticeId}"));

    /// <summary>
    /// The code of six digits in a notice. The truncation is that of HOTP (RFC 4226 5.3), so that every code is as likely. Six digits can be
    /// guessed: whoever takes one counts the tries and lets few pass.
    /// </summary>
    public string CodeForNotice(Guid noticeId)
    {
        var secret = Secret($"code {noticeId}");
        var number = BinaryPrimitives.ReadInt32BigEndian(secret.AsSpan(secret[^1] & 0xF)) & 0x7FFFFFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The one-time password of an invitation to an account: twelve characters, without those that are taken for each other, so 69 bits. Nothing
    /// of it is stored: who checks it makes it again.
    /// </summary>
    public string OneTimePassword(Guid id)
    {
        var rest = new BigInteger(Secret($"one-time password {id}"), isUnsigned: true);
        return string.Create(OneTimePasswordLength, rest, static (password, left) =>
        {
            for (var n = 0; n < password.Length; n++)
            {
                left = BigInteger.DivRem(left, Readable.Length, out var digit);
                password[n] = Readable[(int)digit];
            }
        });
    }

    /// <summary>Whether this is the one-time password of an id, in constant time.</summary>
    public bool IsOneTimePassword(string password, Guid id) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(password)), SHA256.HashData(Encoding.UTF8.GetBytes(OneTimePassword(id))));

    /// <summary>What proves that a report on a mail comes from where the mail went: 16 hex digits that go out with it.</summary>
    public string ForDelivery(Guid deliveryId) => Convert.ToHexStringLower(Secret($"delivery {deliveryId}").AsSpan(0, 8));

    /// <summary>What requests to a webhook are signed with: 32 bytes, others for each generation.</summary>
    public byte[] ForWebhook(Guid webhookId, int generation) => Secret($"webhook {webhookId} {generation}");

    /// <summary>What is stored of a token: its SHA-256, in hex. A hash of 256 random bits can be looked up as it is.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Whether a token is the one with this hash, in constant time.</summary>
    public static bool Matches(string token, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(HashOf(token)), Encoding.UTF8.GetBytes(hash));

    private byte[] Secret(string purpose) => HMACSHA256.HashData(keys.Secret("links"), Encoding.UTF8.GetBytes(purpose));
}
