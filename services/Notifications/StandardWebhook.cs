using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace InviteHub.Notifications;

/// <summary>
/// Signed requests between servers as the Standard Webhooks specification has them: HMAC-SHA256 of id, time and body, under a secret that both
/// know. The id stays the same when a request is sent again, so that a receiver can tell.
/// </summary>
internal static class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Prefix = "whsec_";
    private const string Version = "v1,";

    /// <summary>How far the sender's clock may be off, and how long a request that was listened to can be sent again by somebody else.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>A secret as people pass it on.</summary>
    public static string Written(ReadOnlySpan<byte> secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>Reads a secret: 24 to 64 bytes in Base64, behind <c>whsec_</c> or not.</summary>
    public static bool TryReadSecret(string? text, [NotNullWhen(true)] out byte[]? secret)
    {
        secret = null;
        var base64 = text?.StartsWith(Prefix, StringComparison.Ordinal) == true ? text[Prefix.Length..] : text ?? "";
        Span<byte> bytes = stackalloc byte[64];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length < 24)
            return false;
        secret = bytes[..length].ToArray();
        return true;
    }

    /// <summary>The signature of a request.</summary>
    public static string Sign(ReadOnlySpan<byte> secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body) =>
        Version + Convert.ToBase64String(Hash(secret, id, Seconds(at), body));

    /// <summary>Puts id, time and a signature under each secret on a request; more than one while a secret is being changed.</summary>
    public static void SignWith(this HttpRequestMessage request, string id, DateTimeOffset at, byte[] body, params IReadOnlyList<byte[]> secrets)
    {
        request.Headers.Add(IdHeader, id);
        request.Headers.Add(TimestampHeader, Seconds(at));
        request.Headers.Add(SignatureHeader, string.Join(' ', secrets.Select(secret => Sign(secret, id, at, body))));
    }

    /// <summary>Whether a request is whole, lately sent, and from somebody who knows the secret.</summary>
    public static bool Verify(ReadOnlySpan<byte> secret, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (id, seconds) = (headers[IdHeader].ToString(), headers[TimestampHeader].ToString());
        if (id.Length == 0 || !long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || Math.Abs(now.ToUnixTimeSeconds() - (decimal)at) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        var right = Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(Hash(secret, id, seconds, body)));
        var holds = false;
        foreach (var signature in headers[SignatureHeader].ToString().Split(' '))
            holds |= CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(signature));
        return holds;
    }

    private static byte[] Hash(ReadOnlySpan<byte> secret, string id, string seconds, ReadOnlySpan<byte> body) =>
        HMACSHA256.HashData(secret, [.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body]);

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
