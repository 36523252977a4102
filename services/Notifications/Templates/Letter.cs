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
internal sealed record Letter(string Language, string Subject, string Text, string Html)
{
    /// <summary>
    /// Writes what was worded. The holes of a sentence are other people's words and instants: plain in the text, encoded and apart from the
    /// direction of the words around them in HTML.
    /// </summary>
    public static Letter Of(string language, string firstName, Wording words)
    {
        FormattableString hello = (language, Words.Name(firstName)) switch
        {
            ("sv", "") => $"Hej,",
            ("sv", var first) => $"Hej {first},",
            (_, "") => $"Hello,",
            (_, var first) => $"Hello {first},",
        };
        return new(language, Words.Subject(Words.Plain(language, words.Subject)), Plain(language, hello, words), Page(language, hello, words));
    }

    private static string Plain(string language, FormattableString hello, Wording words)
    {
        var paragraphs = words.Says.Prepend(hello).Select(sentence => Words.Plain(language, sentence)).ToList();
        if (words.Do is { } act)
            paragraphs.Add($"{Words.Plain(language, act.Label)}:\n{act.Link ?? act.Code}");
        return string.Join("\n\n", paragraphs.Concat((words.Then ?? []).Select(sentence => Words.Plain(language, sentence)))) + "\n";
    }

    /// <summary>Tables and pictures are for advertising: plain paragraphs are read by every mail client and screen reader, in light and dark.</summary>
    private static string Page(string language, FormattableString hello, Wording words) =>
        $"""
        <!doctype html>
        <html lang="{language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Words.Encoded(Words.Subject(Words.Plain(language, words.Subject)))}</title>
        </head>
        <body style="margin:0">
        <main style="font:16px/1.5 sans-serif;max-width:36em;margin:0 auto;padding:1em;overflow-wrap:anywhere">
        <h1 style="font-size:1.25em;line-height:1.3">{Words.Html(language, words.Subject)}</h1>
        {string.Join('\n', Paragraphs(language, words.Says.Prepend(hello)).Concat(Action(language, words.Do)).Concat(Paragraphs(language, words.Then ?? [])))}
        </main>
        </body>
        </html>

        """;

    private static IEnumerable<string> Paragraphs(string language, IEnumerable<FormattableString> sentences) =>
        sentences.Select(sentence => $"<p>{Words.Html(language, sentence)}</p>");

    private static IEnumerable<string> Action(string language, ToDo? act)
    {
        if (act is { Code: { } code })
            yield return $"""<p>{Words.Html(language, act.Label)}:<br><strong style="font-size:1.75em;letter-spacing:.15em">{code}</strong></p>""";
        if (act is not { Link: { } link })
            yield break;
        var address = Words.Encoded(link);
        yield return $"""<p><a href="{address}" style="{Button}">{Words.Html(language, act.Label)}</a></p>""";
        // For who can't follow links in mail, and for who wants to see where one leads.
        yield return $"<p><small>{address}</small></p>";
    }

    private const string Button = "display:inline-block;padding:.6em 1.2em;border-radius:.4em;background:#1d4ed8;color:#ffffff;text-decoration:none";
}

/// <summary>What a message says in one language: sentences whose holes are other people's words, instants and numbers.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Says">The paragraphs that come first.</param>
/// <param name="Do">What the reader can do, if anything.</param>
/// <param name="Then">The paragraphs that follow, if any.</param>
internal sealed record Wording(FormattableString Subject, IReadOnlyList<FormattableString> Says, ToDo? Do, IReadOnlyList<FormattableString>? Then = null);

/// <summary>What the reader can do: follow a link or type a code.</summary>
/// <param name="Label">What for.</param>
/// <param name="Link">The address, when it is a link.</param>
/// <param name="Code">The code, when it is one.</param>
internal sealed record ToDo(FormattableString Label, string? Link, string? Code = null);

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

    /// <summary>The language that there are words in: Swedish, or else English.</summary>
    public static string Language(string wanted) => wanted == "sv" ? "sv" : "en";

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

    /// <summary>A sentence as plain text.</summary>
    public static string Plain(string language, FormattableString sentence) => Filled(language, sentence.Format, sentence, name => name);

    /// <summary>A sentence as HTML.</summary>
    public static string Html(string language, FormattableString sentence) =>
        Filled(language, Encoder.Encode(sentence.Format), sentence, name => $"<bdi>{Encoder.Encode(name)}</bdi>");

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

    private static string Filled(string language, string format, FormattableString sentence, Func<string, string> name) =>
        string.Format(CultureInfo.InvariantCulture, format, [.. sentence.GetArguments().Select(hole => hole switch
        {
            DateTimeOffset at => Date(language, at),
            var given => name(Name((string?)given)),
        })]);

    private static string Shortened(string text, int atMost)
    {
        if (text.Length <= atMost)
            return text;
        // Never through a character that takes two.
        var end = char.IsHighSurrogate(text[atMost - 2]) ? atMost - 2 : atMost - 1;
        return text[..end].TrimEnd() + "…";
    }
}
