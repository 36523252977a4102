using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace InviteHub.Architecture.Tests;

/// <summary>Warnings are errors everywhere, and what is switched off says why.</summary>
internal static partial class BuildRules
{
    // A switch and the value that takes the floor away.
    private static readonly (string Name, string Value)[] NeverSet =
    [
        ("TreatWarningsAsErrors", "false"), ("RunAnalyzers", "false"), ("RunAnalyzersDuringBuild", "false"), ("EnableNETAnalyzers", "false"),
        ("EnforceCodeStyleInBuild", "false"), ("Nullable", "disable"), ("Nullable", "annotations"), ("WarningLevel", "0"),
    ];

    /// <summary>What project and build files switch off.</summary>
    public static IEnumerable<string> InProjects(IEnumerable<TextFile> files) => files.SelectMany(file => file.Xml.DescendantsAndSelf().SelectMany(element => InElement(file, element)));

    /// <summary>What a source file switches off, or hides.</summary>
    public static IEnumerable<string> InSources(IEnumerable<TextFile> files) =>
        from file in files
        from line in file.Lines
        let reason = WhyNot(line.Text.Trim())
        where reason is not null
        select $"{file.Path}:{line.Number} {reason}";

    /// <summary>Whether every project gets the list of banned symbols, the analyzer that reads it, and no file that turns it off.</summary>
    /// <param name="root">The build file at the root.</param>
    /// <param name="others">Every other project and build file.</param>
    /// <param name="editorConfigs">Every <c>.editorconfig</c> and <c>.globalconfig</c>.</param>
    public static IEnumerable<string> BannedSymbols(TextFile root, IEnumerable<TextFile> others, IEnumerable<TextFile> editorConfigs)
    {
        if (!Includes(root, "AdditionalFiles", "BannedSymbols.txt"))
            yield return $"{root.Path} doesn't give every project BannedSymbols.txt";
        if (!Includes(root, "PackageReference", "Microsoft.CodeAnalysis.BannedApiAnalyzers"))
            yield return $"{root.Path} doesn't give every project the analyzer that reads BannedSymbols.txt";
        foreach (var file in others)
        {
            // MSBuild takes the nearest build file alone: one that doesn't import the next above it hides the root's.
            if (Path.GetFileName(file.Path) == root.Path && !file.Xml.Descendants("Import").Any(import => import.Attribute("Project")!.Value.Contains(root.Path)))
                yield return $"{file.Path} hides the one above it";
            if (file.Xml.Descendants().Any(element => element.Name.LocalName is "AdditionalFiles" or "Analyzer" && element.Attribute("Remove") is not null))
                yield return $"{file.Path} takes an analyzer or its files away";
            if (file.Xml.Descendants("ImportDirectoryBuildProps").Any(element => element.Value.Trim().Equals("false", StringComparison.OrdinalIgnoreCase)))
                yield return $"{file.Path} doesn't take the build file at the root";
        }

        foreach (var file in editorConfigs.Where(file => file.Text.Contains("RS0030", StringComparison.OrdinalIgnoreCase)))
            yield return $"{file.Path} changes how banned symbols are reported";
    }

    private static IEnumerable<string> InElement(TextFile file, XElement element)
    {
        if (NeverSet.Contains((element.Name.LocalName, element.Value.Trim().ToLowerInvariant())))
            yield return $"{file.Path} sets {element.Name.LocalName} to {element.Value.Trim()}";
        if (element.Name.LocalName is "WarningsNotAsErrors")
            yield return $"{file.Path} lets warnings be warnings";
        if ((element.Name.LocalName is "NoWarn" || element.Attribute("NoWarn") is not null) && !HasComment(element))
            yield return $"{file.Path} has a NoWarn without a comment beside it";
    }

    private static bool HasComment(XElement element) =>
        Neighbour(element, node => node.PreviousNode) is XComment || Neighbour(element, node => node.NextNode, sameLine: true) is XComment;

    private static XNode? Neighbour(XNode from, Func<XNode, XNode?> next, bool sameLine = false)
    {
        var node = next(from);
        while (node is XText text && string.IsNullOrWhiteSpace(text.Value) && !(sameLine && text.Value.Contains('\n')))
            node = next(node);
        return node;
    }

    private static string? WhyNot(string line) => line switch
    {
        _ when !line.StartsWith('#') => null,
        _ when Region().IsMatch(line) => "has a region: a file that needs one is two files",
        _ when Directive("nullable", "disable").IsMatch(line) => "turns nullable annotations off",
        _ when Directive("pragma", "warning", "disable").IsMatch(line) && !Reason().IsMatch(line) => "turns a warning off without a reason on the line",
        _ => null,
    };

    private static bool Includes(TextFile file, string element, string what) => file.Xml.Descendants(element)
        .Any(item => item.Attribute("Include")?.Value.EndsWith(what) == true && item.Attribute("Condition") is null && item.Parent?.Attribute("Condition") is null);

    private static Regex Directive(params string[] words) => new($@"^#\s*{string.Join(@"\s+", words)}\b", RegexOptions.NonBacktracking);

    [GeneratedRegex(@"^#\s*region\b", RegexOptions.NonBacktracking)]
    private static partial Regex Region();

    [GeneratedRegex(@"//\s*\w+\s+\w+", RegexOptions.NonBacktracking)]
    private static partial Regex Reason();
}

public sealed class build_rules
{
    private static readonly IReadOnlyList<TextFile> BuildFiles = Repository.Files(".csproj", ".props", ".targets");

    [Fact]
    public void hold_in_every_project_file() => BuildRules.InProjects(BuildFiles).ShouldHold();

    [Fact]
    public void hold_in_every_source_file() => BuildRules.InSources(Repository.Files(".cs")).ShouldHold();

    [Fact]
    public void ban_clock_ids_and_chance_in_every_project() => BuildRules.BannedSymbols(
        Repository.File("Directory.Build.props"), BuildFiles.Where(file => file.Path != "Directory.Build.props"),
        Repository.Files(".editorconfig", ".globalconfig")).ShouldHold();

    [Theory]
    [InlineData("System.DateTime.UtcNow")]
    [InlineData("System.DateTimeOffset.UtcNow")]
    [InlineData("System.Guid.NewGuid")]
    [InlineData("System.Random.Shared")]
    [InlineData("System.Threading.Thread.Sleep")]
    public void ban(string symbol) => Repository.File("BannedSymbols.txt").Lines.ShouldContain(line => line.Text.Contains($":{symbol}"));

    [Fact]
    public void find_what_a_project_file_switches_off() => BuildRules.InProjects(Repository.Red("BuildFiles")).ShouldBe(
    [
        "Directory.Build.props sets TreatWarningsAsErrors to false",
        "Directory.Build.props has a NoWarn without a comment beside it",
        "Directory.Build.props sets RunAnalyzers to False",
        "Directory.Build.props sets Nullable to disable",
        "Directory.Build.props lets warnings be warnings",
        "tests/Some.Tests/Some.Tests.csproj has a NoWarn without a comment beside it",
        "tests/Some.Tests/Some.Tests.csproj has a NoWarn without a comment beside it",
    ]);

    [Fact]
    public void find_what_a_source_file_switches_off() => BuildRules.InSources(Repository.Red("Sources")).ShouldBe(
    [
        "Hiding.cs:2 turns a warning off without a reason on the line",
        "Hiding.cs:3 turns a warning off without a reason on the line",
        "Hiding.cs:5 turns nullable annotations off",
        "Hiding.cs:7 has a region: a file that needs one is two files",
        "Hiding.cs:9 has a region: a file that needs one is two files",
    ]);

    [Fact]
    public void find_projects_that_escape_the_ban()
    {
        var red = Repository.Red("BuildFiles");
        var root = red.Single(file => file.Path == "Directory.Build.props");
        BuildRules.BannedSymbols(root, red.Except([root]), [new(".editorconfig", "dotnet_diagnostic.RS0030.severity = none")]).ShouldBe(
        [
            "Directory.Build.props doesn't give every project BannedSymbols.txt",
            "Directory.Build.props doesn't give every project the analyzer that reads BannedSymbols.txt",
            "tests/Directory.Build.props hides the one above it",
            "tests/Some.Tests/Some.Tests.csproj takes an analyzer or its files away",
            "tests/Some.Tests/Some.Tests.csproj doesn't take the build file at the root",
            ".editorconfig changes how banned symbols are reported",
        ]);
    }
}
