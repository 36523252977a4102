using System.Text.RegularExpressions;

namespace InviteHub.Architecture.Tests;

/// <summary>A test that says which feature it proves names one that there is.</summary>
internal static partial class FeatureTraits
{
    /// <summary>The ids that begin a row of <c>docs/features.md</c>.</summary>
    public static IReadOnlySet<string> Ids(TextFile features) =>
        features.Lines.Select(line => Row().Match(line.Text)).Where(row => row.Success).Select(row => row.Groups["id"].Value).ToHashSet();

    /// <summary>Traits that name no feature.</summary>
    public static IEnumerable<string> Violations(IReadOnlySet<string> ids, IEnumerable<TextFile> tests) =>
        from file in tests
        from line in file.Lines
        from Match trait in Feature().Matches(line.Text)
        where !ids.Contains(trait.Groups["id"].Value)
        select $"{file.Path}:{line.Number} names the feature '{trait.Groups["id"].Value}', which docs/features.md doesn't have";

    [GeneratedRegex(@"^\| (?<id>[A-Z]{3}-\d{2}) \|", RegexOptions.NonBacktracking)]
    private static partial Regex Row();

    [GeneratedRegex(@"Trait\(\s*""Feature""\s*,\s*""(?<id>[^""]*)""", RegexOptions.NonBacktracking)]
    private static partial Regex Feature();
}

public sealed class feature_traits
{
    private static readonly IReadOnlySet<string> Ids = FeatureTraits.Ids(Repository.File("docs/features.md"));

    [Fact]
    public void name_features_that_there_are() =>
        FeatureTraits.Violations(Ids, Repository.Files(".cs").Where(file => file.Path.StartsWith("tests/"))).ShouldHold();

    [Fact]
    public void have_a_list_to_choose_from()
    {
        Ids.ShouldContain("INV-01");
        Ids.Select(id => id[..3]).Distinct().ShouldBe(
            ["INV", "USR", "ROL", "LOG", "GDP", "SUB", "NOT", "IDN", "API", "OPS", "SEC"], ignoreOrder: true);
    }

    [Fact]
    public void that_name_another_are_found() => FeatureTraits.Violations(Ids, Repository.Red("Traits")).ShouldBe(
    [
        "some_tests.cs:5 names the feature 'INV-99', which docs/features.md doesn't have",
        "some_tests.cs:8 names the feature 'inv-01', which docs/features.md doesn't have",
    ]);
}
