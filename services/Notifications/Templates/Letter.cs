using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace InviteHub.Notifications.Templates;

/// <summary>A message as it goes out.</summary>
/// <param name="Language"><c>en</c> or <c>sv</c>.</param>
/// <param name="Subject">At most 200 characters, without line breaks.</param>
/// <param name="Text">For readers without HTML.</param>
/// <param name="Html">The same with form; nothing in it loads from elsewhere.</param>
internal sealed record Letter(string Language, string Subject, string Text, string Html);

/// <summary>What templates need to put others' words and instants into a message. Pure.</summary>
internal static class Words
{
    private const int LongestName = 100;
    private const int LongestSubject = 200;
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly string[] EnglishMonths =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly string[] SwedishMonths =
        ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"];

    /// <summary>
    /// A name that is only a name (SEC-04): line breaks would begin a header of their own, and bidirectional controls and invisible
    /// characters would turn or hide what stands around them.
    /// </summary>
    public static string Name(string? given)
    {
        var clean = new StringBuilder();
        foreach (var rune in (given ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control)
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                    clean.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                         or UnicodeCategory.OtherNotAssigned) && rune != Rune.ReplacementChar)
            {
                clean.Append(rune.ToString());
            }
        }

        return Shortened(clean.ToString().Trim(), LongestName);
    }

    /// <summary>A name in HTML: encoded, and apart from the direction of the words around it.</summary>
    public static string Html(string name) => $"<bdi>{Encoder.Encode(name)}</bdi>";

    /// <summary>Text in HTML.</summary>
    public static string Encoded(string text) => Encoder.Encode(text);

    public static string Subject(string text) => Shortened(text, LongestSubject);

    /// <summary>A day and time that mean the same wherever they are read.</summary>
    public static string Date(string language, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return language == "sv"
            ? $"{utc.Day} {SwedishMonths[utc.Month - 1]} {utc.Year} kl. {utc:HH.mm} UTC"
            : $"{utc.Day} {EnglishMonths[utc.Month - 1]} {utc.Year} at {utc:HH:mm} UTC";
    }

    private static string Shortened(string text, int atMost)
    {
        if (text.Length <= atMost)
            return text;
        // Never through a character that takes two.
        var end = char.IsHighSurrogate(text[atMost - 2]) ? atMost - 2 : atMost - 1;
        return text[..end].TrimEnd() + "…";
    }
}
