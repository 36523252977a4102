using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Passwords as NIST SP 800-63B, 3.1.1.2 wants them: long, not a common one, no rules of composition; kept as PBKDF2-HMAC-SHA512.
/// Hashing takes a core for a tenth of a second by intent: no more run at once than there are cores, and few wait (SEC-03).
/// </summary>
public sealed class Passwords : IDisposable
{
    /// <summary>The shortest that is taken, in characters.</summary>
    public const int MinLength = 12;

    /// <summary>The longest that is taken, in characters.</summary>
    public const int MaxLength = 128;

    private const int Iterations = 210_000;
    private const int WaitingPerCore = 16;

    private static readonly PasswordHasher<object> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private static readonly object Nobody = new();
    private static readonly char[] DigitsAndSigns = [.. " 0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"];
    private static readonly FrozenSet<string> Common = ReadCommon();

    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly string _nobodysHash = HashOfNothing();
    private int _waiting;

    /// <summary>What is wrong with a new password, in sentences for the one who chose it; empty when it is good.</summary>
    /// <param name="password">The password.</param>
    /// <param name="own">The person's e-mail address and names: a password must be more than those.</param>
    public static IReadOnlyList<string> Check(string? password, params IReadOnlyList<string?> own)
    {
        var length = (password ?? "").EnumerateRunes().Count();
        if (length < MinLength)
            return [$"The password needs at least {MinLength} characters."];
        if (length > MaxLength)
            return [$"The password can have at most {MaxLength} characters."];

        var lower = password!.ToLowerInvariant();
        var reasons = new List<string>();
        if (IsCommon(lower))
            reasons.Add("The password is one of those that are guessed first; choose another, for example some words that don't belong together.");
        if (IsMostly(lower, own))
            reasons.Add("The password is little more than your name or e-mail address; choose another.");
        return reasons;
    }

    /// <summary>The hash to keep of a password.</summary>
    /// <exception cref="BadHttpRequestException">503: too many wait already.</exception>
    public Task<string> Hash(string password, CancellationToken ct = default) => OnACore(() => Hasher.HashPassword(Nobody, password), ct);

    /// <summary>Whether a password is the one with this hash. Without a hash it is not, after the same work.</summary>
    /// <exception cref="BadHttpRequestException">503: too many wait already.</exception>
    public Task<bool> Verify(string? hash, string password, CancellationToken ct = default) => OnACore(
        () => Hasher.VerifyHashedPassword(Nobody, hash ?? _nobodysHash, password) != PasswordVerificationResult.Failed && hash is not null, ct);

    /// <inheritdoc/>
    public void Dispose() => _cores.Dispose();

    private async Task<T> OnACore<T>(Func<T> work, CancellationToken ct)
    {
        // A longer queue would only make everybody time out; the next try finds a shorter one.
        if (Interlocked.Increment(ref _waiting) > WaitingPerCore * Environment.ProcessorCount)
        {
            Interlocked.Decrement(ref _waiting);
            throw new BadHttpRequestException("too many passwords are being checked; try again in a few seconds", StatusCodes.Status503ServiceUnavailable);
        }

        try
        {
            await _cores.WaitAsync(ct);
            try
            {
                return await Task.Run(work, ct);
            }
            finally
            {
                _cores.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    // "Summer2026!!" and "p4ssw0rd1234" are "summer" and "password" to everybody who guesses.
    private static bool IsCommon(string lower)
    {
        var core = lower.Trim(DigitsAndSigns);
        return Common.Contains(lower) || Common.Contains(core) || Common.Contains(Plain(core)) || (core.Length == 0 && lower.Distinct().Count() < 5)
            || IsRepetition(lower) || (core.Length >= MinLength / 2 && IsRepetition(core)) || IsRun(lower);
    }

    private static string Plain(string word) => string.Create(word.Length, word, static (plain, from) =>
    {
        for (var i = 0; i < plain.Length; i++)
        {
            plain[i] = from[i] switch
            {
                '0' => 'o',
                '1' or '!' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                var other => other,
            };
        }
    });

    // "abcabcabcabc", "passwordpassword".
    private static bool IsRepetition(string lower) =>
        Enumerable.Range(1, lower.Length / 2).Any(n => lower.Length % n == 0 && lower.AsSpan(n).SequenceEqual(lower.AsSpan(0, lower.Length - n)));

    // "abcdefghijkl", "210987654321": nearly every step is one up or one down.
    private static bool IsRun(string lower) =>
        lower.Zip(lower.Skip(1)).Count(pair => Math.Abs(pair.Second - pair.First) is 1 or 9) >= lower.Length * 3 / 4;

    private static bool IsMostly(string lower, IReadOnlyList<string?> own)
    {
        var left = own.OfType<string>()
            .SelectMany(text => text.ToLowerInvariant().Split('@', '.', '-', '_', '+', ' ').Append(text.ToLowerInvariant()))
            .Where(word => word.Length >= 3)
            .OrderByDescending(word => word.Length)
            .Aggregate(lower, (rest, word) => rest.Replace(word, "", StringComparison.Ordinal));
        return left.Length < lower.Length && left.Count(char.IsLetterOrDigit) < MinLength / 2;
    }

    // A hash in the hasher's own format (version 3: PRF, iterations, salt, subkey) of no password that anybody knows.
    private static string HashOfNothing()
    {
        var hash = new byte[1 + 12 + 16 + 32];
        hash[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(1), 2); // HMAC-SHA512
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(5), Iterations);
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(9), 16);
        RandomNumberGenerator.Fill(hash.AsSpan(13));
        return Convert.ToBase64String(hash);
    }

    private static FrozenSet<string> ReadCommon()
    {
        using var reader = new StreamReader(typeof(Passwords).Assembly.GetManifestResourceStream("common-passwords.txt")!, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')
            .SelectMany(line => new[] { line, line.Trim(DigitsAndSigns) })
            .Where(word => word.Length > 0)
            .ToFrozenSet(StringComparer.Ordinal);
    }
}
