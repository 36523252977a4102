using System.Security.Cryptography;
using System.Text;

namespace InviteHub.EventStore.PersonalData;

/// <summary>Wraps the keys of data subjects. A key management service takes the place of <see cref="MasterKey"/> behind it.</summary>
public interface IKeyWrapper
{
    /// <summary>Which master key wraps now; stored beside each wrapped key.</summary>
    string KeyId { get; }

    /// <summary>Wraps a key for a subject.</summary>
    byte[] Wrap(ReadOnlySpan<byte> key, string subject);

    /// <summary>Unwraps a subject's key.</summary>
    /// <exception cref="CryptographicException">It was wrapped for another subject or by another master key.</exception>
    byte[] Unwrap(ReadOnlySpan<byte> wrapped, string subject);
}

/// <summary>A master key from a file or the environment: any text of at least 32 characters, stretched by HKDF-SHA256 (RFC 5869).</summary>
public sealed class MasterKey : IKeyWrapper
{
    private readonly byte[] _key;
    private readonly byte[][] _previous;

    /// <summary>Takes the secret text, and those of former master keys until <see cref="SubjectKeys.Rewrap"/> has replaced them.</summary>
    /// <exception cref="ArgumentException">One is shorter than 32 characters.</exception>
    public MasterKey(string secret, params IEnumerable<string> previous)
    {
        _key = Stretched(secret);
        _previous = [.. previous.Select(Stretched)];
        KeyId = Convert.ToHexStringLower(SHA256.HashData(_key).AsSpan(0, 8));
    }

    /// <inheritdoc/>
    public string KeyId { get; }

    /// <inheritdoc/>
    public byte[] Wrap(ReadOnlySpan<byte> key, string subject) => Sealed.Close(_key, key, subject);

    /// <inheritdoc/>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string subject)
    {
        foreach (var former in _previous)
        {
            try
            {
                return Sealed.Open(former, wrapped, subject);
            }
            catch (AuthenticationTagMismatchException)
            {
                // Wrapped by another one.
            }
        }

        return Sealed.Open(_key, wrapped, subject);
    }

    private static byte[] Stretched(string secret) => secret is { Length: >= 32 }
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "invitehub subject keys v1"u8.ToArray())
        : throw new ArgumentException("a master key needs at least 32 characters; set MasterKey or MasterKeyFile", nameof(secret));
}

/// <summary>AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce and a 128-bit tag: nonce, tag, ciphertext.</summary>
internal static class Sealed
{
    private const int Nonce = 12;
    private const int Tag = 16;

    public static byte[] Close(byte[] key, ReadOnlySpan<byte> clear, string context)
    {
        var box = new byte[Nonce + Tag + clear.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(box.AsSpan(0, Nonce), clear, box.AsSpan(Nonce + Tag), box.AsSpan(Nonce, Tag), Encoding.UTF8.GetBytes(context));
        return box;
    }

    public static byte[] Open(byte[] key, ReadOnlySpan<byte> box, string context)
    {
        if (box.Length < Nonce + Tag)
            throw new CryptographicException("the ciphertext is too short");
        var clear = new byte[box.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(box[..Nonce], box[(Nonce + Tag)..], box.Slice(Nonce, Tag), clear, Encoding.UTF8.GetBytes(context));
        return clear;
    }
}
