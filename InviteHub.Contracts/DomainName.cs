using System.Globalization;
using System.Text;

namespace InviteHub.Contracts;

/// <summary>The domain of an e-mail address: labels of one script each, so that none can pose as another (SEC-04).</summary>
/// <remarks>
/// Labels follow RFC 1123, 2.1, international ones RFC 5890. The process runs with invariant globalization, where
/// <see cref="IdnMapping"/> does Punycode and no mapping; so letters are lower-cased here, and only precomposed ones are taken.
/// Refusing labels whose every letter looks Latin is what browsers do before they show a domain in its own script.
/// </remarks>
internal static class DomainName
{
    private const int MaxLabel = 63;
    private const string Prefix = "xn--";

    // Whole labels of these read as Latin ones: "аррӏе" in Cyrillic, "νικ" in Greek.
    private const string CyrillicLikeLatin = "асԁеһіјӏорԛѕԝхуъьҽпгѵѡ";
    private const string GreekLikeLatin = "αικνρυωηοτ";

    private static readonly IdnMapping Punycode = new() { UseStd3AsciiRules = true };

    private enum Script
    {
        Common,
        Latin,
        Greek,
        Cyrillic,
        ChineseOrJapanese,
        Korean,
        Other,
    }

    /// <summary>Why this is no domain for people's mail, or null.</summary>
    /// <param name="domain">What stands behind the @.</param>
    /// <param name="ascii">The domain in lower-case ASCII, when it is one.</param>
    public static string? WhyNot(string domain, out string ascii)
    {
        ascii = "";
        var labels = domain.ToLowerInvariant().Split('.');
        if (labels.Length < 2)
            return "The domain behind the @ needs a dot, as in example.com.";

        var encoded = new string[labels.Length];
        var decoded = new string[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            if (WhyNotLabel(labels[i], out encoded[i], out decoded[i]) is { } reason)
                return reason;
        }

        if (encoded[^1].Length < 2 || !char.IsAsciiLetter(encoded[^1][0]))
            return "The domain behind the @ must end in a top-level domain, as in example.com.";
        if (decoded.Any(label => LooksLatin(label) && !ScriptsOf(label).SequenceEqual(ScriptsOf(decoded[^1]))))
            return "The domain behind the @ looks like another one; if it is right, write it in its own top-level domain.";

        ascii = string.Join('.', encoded);
        return null;
    }

    private static string? WhyNotLabel(string label, out string encoded, out string decoded)
    {
        (encoded, decoded) = (label, label);
        if (label.Length == 0)
            return "The domain behind the @ has a dot too many.";
        if (label[0] == '-' || label[^1] == '-')
            return "A part of the domain behind the @ can't start or end with a hyphen.";

        try
        {
            // Throws when the label is not the encoding of what it decodes to, so that no two encoded labels are one.
            if (label.StartsWith(Prefix, StringComparison.Ordinal))
                decoded = Punycode.GetUnicode(label).ToLowerInvariant();
            if (!Ascii.IsValid(decoded))
                encoded = Punycode.GetAscii(decoded);
        }
        catch (ArgumentException)
        {
            return "The domain behind the @ is not a valid international domain.";
        }

        if (encoded.Length > MaxLabel)
            return "A part of the domain behind the @ is longer than 63 characters.";
        return ScriptsOf(decoded) switch
        {
            var scripts when scripts.Contains(Script.Other) => "The domain behind the @ has a character that a domain can't have here.",
            { Count: > 1 } => "The domain behind the @ mixes alphabets, so that it could pose as another one.",
            _ => null,
        };
    }

    private static bool LooksLatin(string label) => ScriptsOf(label) is [Script.Cyrillic or Script.Greek]
        && label.Where(c => !char.IsAsciiDigit(c) && c != '-').All(c => (CyrillicLikeLatin + GreekLikeLatin).Contains(c, StringComparison.Ordinal));

    private static IReadOnlyList<Script> ScriptsOf(string label) =>
        [.. label.EnumerateRunes().Select(ScriptOf).Where(script => script != Script.Common).Distinct()];

    // The scripts that people's domains are written in here, lower case and precomposed, without letters made to look like others
    // (dotless i, long s, ligatures). Scripts written from right to left and those that need combining marks are not among them.
    private static Script ScriptOf(Rune character) => character.Value switch
    {
        '-' or (>= '0' and <= '9') => Script.Common,
        >= 'a' and <= 'z' => Script.Latin,
        0x131 or 0x133 or 0x138 or 0x140 or 0x149 or 0xF7 => Script.Other,
        (>= 0xDF and <= 0x17E) or 0x1A1 or 0x1B0 or 0x219 or 0x21B or (>= 0x1EA0 and <= 0x1EF9) => Script.Latin,
        >= 0x3AC and <= 0x3CE => Script.Greek,
        (>= 0x430 and <= 0x45F) or 0x491 or 0x4BD or 0x4BB or 0x4CF or 0x461 or 0x475 or 0x501 or 0x51B or 0x51D => Script.Cyrillic,
        0x3005 or (>= 0x3041 and <= 0x3096) or (>= 0x30A1 and <= 0x30FA) or 0x30FC or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
            => Script.ChineseOrJapanese,
        >= 0xAC00 and <= 0xD7A3 => Script.Korean,
        _ => Script.Other,
    };
}
