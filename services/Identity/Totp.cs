using System.Globalization;
using System.Security.Cryptography;

namespace InviteHub.Identity;

/// <summary>
/// The codes of authenticator apps (RFC 6238 over RFC 4226): six digits, a new one every 30 seconds, SHA-1, since many apps ignore every
/// other choice. The framework's own does not tell which time step a code was of, and without that one could be used twice.
/// </summary>
internal static class Totp
{
    private const int SecretBytes = 20;
    private const int Seconds = 30;

    // The app's clock may be some seconds off, and typing takes a while (RFC 6238, 5.2).
    private const int Drift = 1;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new secret, in the Base32 (RFC 4648) that apps take.</summary>
    public static string NewSecret() => RandomText(SecretBytes * 8 / 5);

    /// <summary>Random characters of Base32, five bits each.</summary>
    public static string RandomText(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>What an app reads from the QR code.</summary>
    public static string Uri(string secret, string account) =>
        $"otpauth://totp/InviteHub:{System.Uri.EscapeDataString(account)}?secret={secret}&issuer=InviteHub";

    /// <summary>The time step whose code it is, within the drift, or null.</summary>
    public static long? StepOf(string code, string secret, DateTimeOffset now)
    {
        var key = Bytes(secret);
        var current = now.ToUnixTimeSeconds() / Seconds;
        for (var step = current - Drift; step <= current + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Ascii(code), Ascii(Code(key, step))))
                return step;
        }

        return null;
    }

    /// <summary>The code of an instant.</summary>
    public static string CodeAt(string secret, DateTimeOffset at) => Code(Bytes(secret), at.ToUnixTimeSeconds() / Seconds);

#pragma warning disable CA5350 // The RFC and the apps want SHA-1, and as HMAC it is not broken.
    private static string Code(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(counter, step);
        var hash = HMACSHA1.HashData(key, counter);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & 0x7FFFFFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
#pragma warning restore CA5350

    private static byte[] Bytes(string base32)
    {
        var bytes = new byte[base32.Length * 5 / 8];
        var (buffer, bits, next) = (0, 0, 0);
        foreach (var c in base32)
        {
            buffer = ((buffer << 5) | Alphabet.IndexOf(c, StringComparison.Ordinal)) & 0xFFFF;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            bytes[next++] = (byte)(buffer >> bits);
        }

        return bytes;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
