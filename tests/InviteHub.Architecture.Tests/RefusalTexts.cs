using System.Text.RegularExpressions;

namespace InviteHub.Architecture.Tests;

/// <summary>
/// The console says in Swedish what the API refuses. What the API says is English already: only what it says nothing of but a title has English
/// words in the console too.
/// </summary>
internal static partial class RefusalTexts
{
    /// <summary>The stable codes that refusals name.</summary>
    public static IEnumerable<string> Codes(IEnumerable<TextFile> sources) =>
        from file in sources from Match code in Code().Matches(file.Text) select code.Groups["code"].Value;

    /// <summary>The stable codes of answers that have a status alone.</summary>
    public static IEnumerable<string> CodesOfStatuses(TextFile problems) => from Match code in OfStatus().Matches(problems.Text) select code.Groups["code"].Value;

    /// <summary>What is wrong with fields, as the API says it; <c>{}</c> stands for what differs.</summary>
    public static IEnumerable<string> Reasons(IEnumerable<TextFile> sources) =>
        from file in sources
        from Match reason in Reason().Matches(file.Text)
        select Differs().Replace(reason.Groups["reason"].Value, "{}");

    /// <summary>The same as the console knows it: the first of each pair of texts.</summary>
    public static IReadOnlySet<string> Known(TextFile reasons) => reasons.Lines.Select(line => line.Text.Trim()).Where(line => line.StartsWith('['))
        .Select(line => Differs().Replace(line[2..line.IndexOf($"{line[1]}, ", 2, StringComparison.Ordinal)], "{}")).ToHashSet();

    /// <summary>The codes that a file of the console's texts has words for.</summary>
    public static IReadOnlySet<string> Worded(params IEnumerable<TextFile> texts) =>
        (from file in texts
         from Match block in Block().Matches(file.Text)
         from Match code in Key().Matches(block.Groups["texts"].Value)
         select code.Groups["code"].Value).ToHashSet();

    /// <summary>Those without words.</summary>
    public static IEnumerable<string> Violations(IEnumerable<string> said, IReadOnlySet<string> worded, string language) =>
        said.Distinct().Where(one => !worded.Contains(one)).Select(one => $"the console has no {language} words for '{one}'");

    [GeneratedRegex("""(RefusalKind\.\w+,|Refuse\(\s*[\w.]+,)\s*"(?<code>[a-z0-9-]+)",""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex("""=> "(?<code>[a-z-]+)",""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OfStatus();

    // The last argument, where it is a text on the same line and begins with words.
    [GeneratedRegex("""[eE]rrors\.(Add|Demand)\([^\n]*, \$?"(?<reason>\w[^"\n]* [^"\n]*)"\);""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Reason();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Differs();

    [GeneratedRegex(@"^  (problem|refusal): \{\n(?<texts>(    .*\n)*)", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@"(^| )'?(?<code>[a-z0-9-]+)'?: '", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}

[Trait("Feature", "INV-25")]
public sealed class what_is_refused
{
    private const string Texts = "gateway/console/src/i18n/";
    private static readonly IReadOnlyList<TextFile> Sources =
        [.. Repository.Files(".cs").Where(file => file.Path.StartsWith("services/") || file.Path.StartsWith("gateway/") || file.Path.StartsWith("InviteHub.ServiceDefaults/"))];

    private static readonly string[] OfStatuses = [.. RefusalTexts.CodesOfStatuses(Repository.File("InviteHub.ServiceDefaults/Problems.cs"))];

    [Fact]
    public void have_swedish_words_in_the_console() => RefusalTexts
        .Violations(RefusalTexts.Codes(Sources).Concat(OfStatuses), RefusalTexts.Worded(Repository.File(Texts + "sv.ts"), Repository.File(Texts + "sv.pages.ts")), "Swedish")
        .ShouldHold();

    [Fact]
    public void have_english_words_where_the_api_says_nothing_but_a_status() => RefusalTexts
        .Violations(OfStatuses, RefusalTexts.Worded(Repository.File(Texts + "en.ts"), Repository.File(Texts + "en.pages.ts")), "English")
        .ShouldHold();

    [Fact]
    public void of_fields_have_swedish_words_in_the_console()
    {
        var said = RefusalTexts.Reasons(Sources).ToArray();
        said.Length.ShouldBeGreaterThan(50);
        RefusalTexts.Violations(said, RefusalTexts.Known(Repository.File(Texts + "reasons.sv.ts")), "Swedish").ShouldHold();
    }

    [Fact]
    public void without_words_are_noticed() => RefusalTexts
        .Violations(
            RefusalTexts.Codes([new("services/A.cs", "record A() : Refusal(RefusalKind.Gone, \"known\", \"\"); record B() : Refusal(\n    RefusalKind.Gone, \"forgotten\", \"\");")]),
            RefusalTexts.Worded(new TextFile("sv.ts", "  problem: {\n    known: 'Känd.',\n  },\n  field: {\n    forgotten: 'Nej',\n  },\n")), "Swedish")
        .ShouldBe(["the console has no Swedish words for 'forgotten'"]);
}
