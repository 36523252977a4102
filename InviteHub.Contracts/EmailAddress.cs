using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace InviteHub.Contracts;

/// <summary>
/// An e-mail address that a mail server can take and a person can read without being fooled (SEC-04). Two are equal when their
/// <see cref="Key"/> is: upper and lower case are one, and so are an international domain and its ASCII form.
/// </summary>
/// <remarks>
/// Sizes: RFC 5321, 4.5.3.1 (a path of 256 octets holds an address of 254). The local part is an ASCII dot-atom (RFC 5322, 3.2.3);
/// quoted local parts and address literals are refused: people don't have them, attackers do.
/// </remarks>
public sealed record EmailAddress
{
    private const int MaxOctets = 254;
    private const int MaxLocalOctets = 64;

    private EmailAddress(string text, string local, string domain) =>
        (Text, Delivery, Key, Domain) = (text, $"{local}@{domain}", $"{local.ToLowerInvariant()}@{domain}", domain);

    /// <summary>As it was typed, without the space around it: what people are shown.</summary>
    public string Text { get; }

    /// <summary>What a mail server gets: the local part as typed, the domain in lower-case ASCII.</summary>
    public string Delivery { get; }

    /// <summary>What uniqueness and equality go by: all of it in lower case, the domain in ASCII.</summary>
    public string Key { get; }

    /// <summary>The domain in lower-case ASCII.</summary>
    public string Domain { get; }

    /// <summary>
    /// The address that was probably meant, when the domain is one letter off a well-known one, such as gmial.com; otherwise null. A hint to ask
    /// about, and no refusal.
    /// </summary>
    public string? LikelyMeant => DomainSlip.Meant(Domain) is { } meant ? $"{Text[..Text.IndexOf('@', StringComparison.Ordinal)]}@{meant}" : null;

    /// <summary>Reads an address.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="address">The address, when it is one.</param>
    /// <param name="reason">Otherwise a sentence that says why not, and that never repeats what was typed.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address, [NotNullWhen(false)] out string? reason)
    {
        address = null;
        var typed = text?.Trim() ?? "";
        // Octets are never fewer than characters, so what is too long is not looked at further.
        if (typed.Length > MaxOctets || Encoding.UTF8.GetByteCount(typed) > MaxOctets)
        {
            reason = "The e-mail address is longer than 254 characters.";
            return false;
        }

        var at = typed.IndexOf('@', StringComparison.Ordinal);
        var ascii = "";
        reason = typed.Length == 0 ? "Enter an e-mail address."
            : typed.EnumerateRunes().Any(HiddenCharacters.Contains) ? "The e-mail address has an invisible character in it; type it by hand."
            : at < 0 || at != typed.LastIndexOf('@') ? "An e-mail address has exactly one @."
            : WhyNotLocal(typed.AsSpan(0, at)) ?? DomainName.WhyNot(typed[(at + 1)..], out ascii);
        if (reason is not null)
            return false;

        var read = new EmailAddress(typed, typed[..at], ascii);
        if (read.Key.Length > MaxOctets)
        {
            reason = "The e-mail address is longer than 254 characters.";
            return false;
        }

        address = read;
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(EmailAddress? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc cref="Text"/>
    public override string ToString() => Text;

    private static string? WhyNotLocal(ReadOnlySpan<char> local) => local switch
    {
        [] => "The part before the @ is missing.",
        { Length: > MaxLocalOctets } => "The part before the @ is longer than 64 characters.",
        ['.', ..] or [.., '.'] => "The part before the @ can't start or end with a dot.",
        _ when local.Contains("..", StringComparison.Ordinal) => "The part before the @ can't have two dots in a row.",
        _ when !Ascii.IsValid(local) => "The part before the @ can have only the letters a to z, digits and common signs.",
        _ when local.ContainsAnyExcept(AtomText) => "The part before the @ has a character that an e-mail address can't have.",
        _ => null,
    };

    private static readonly System.Buffers.SearchValues<char> AtomText =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~");
}
