using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace InviteHub.Architecture.Tests;

/// <summary>Who may reference whom: the table in <c>docs/architecture.md</c>, which is read here so that it can't drift.</summary>
internal static partial class ProjectReferences
{
    private sealed record Row(string Folder, IReadOnlyList<string> Projects, IReadOnlyList<string> WithoutTypes, IReadOnlyList<string> Packages);

    /// <summary>What project files reference and the table does not allow, and projects that the table does not know.</summary>
    public static IEnumerable<string> Violations(string architecture, IEnumerable<TextFile> projects)
    {
        var rows = architecture.Split('\n').SkipWhile(line => !line.StartsWith("| folder | references |")).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1..^1].Select(Items).ToList())
            .Select(cells => new Row(cells[0].Single(), cells[1], cells[2], cells[3]))
            .ToList();
        return rows.Count == 0 ? ["docs/architecture.md has no table that begins with '| folder | references |'"] : projects.SelectMany(project => Violations(rows, project));
    }

    /// <summary>Build files for all projects reference only tools: what is in them is in every project, whatever the table says.</summary>
    public static IEnumerable<string> InBuildFiles(IEnumerable<TextFile> files) =>
        from file in files
        from element in file.Xml.Descendants()
        where element.Name.LocalName is "ProjectReference" or "Reference" or "FrameworkReference"
            || (element.Name.LocalName == "PackageReference" && element.Attribute("PrivateAssets")?.Value != "all")
        select $"{file.Path} gives every project '{element.Attribute("Include")?.Value}'";

    private static IEnumerable<string> Violations(IReadOnlyList<Row> rows, TextFile project)
    {
        var row = rows.FirstOrDefault(row => IsLike(project.Folder, row.Folder));
        if (row is null)
            return [$"{project.Path} has no row in the table of docs/architecture.md"];

        var ours = Included(project, "ProjectReference")
            .Select(reference => (Folder: FolderOf(project, reference), HasTypes: reference.Attribute("ReferenceOutputAssembly")?.Value != "false"))
            .Where(reference => !row.Projects.Any(allowed => IsLike(reference.Folder, allowed))
                && (reference.HasTypes || !row.WithoutTypes.Any(allowed => IsLike(reference.Folder, allowed))))
            .Select(reference => $"{project.Path} may not reference {reference.Folder}{(reference.HasTypes ? "" : ", not even without its types")}");
        var sdks = new[] { project.Xml.Attribute("Sdk")?.Value }.Concat(project.Xml.Elements("Sdk").Select(sdk => sdk.Attribute("Name")?.Value))
            .OfType<string>().SelectMany(sdk => sdk.Split(';')).Select(sdk => sdk.Split('/')[0])
            .Where(sdk => sdk != "Microsoft.NET.Sdk").Select(sdk => sdk == "Microsoft.NET.Sdk.Web" ? "Microsoft.AspNetCore.App" : sdk);
        var packages = Included(project, "PackageReference").Concat(Included(project, "FrameworkReference")).Concat(Included(project, "Reference"))
            .Select(reference => reference.Attribute("Include")!.Value).Concat(sdks)
            .Where(package => !row.Packages.Any(allowed => IsLike(package, allowed)))
            .Select(package => $"{project.Path} may not use {package}");
        return ours.Concat(packages);
    }

    private static IEnumerable<XElement> Included(TextFile project, string element) =>
        project.Xml.Descendants(element).Where(reference => reference.Attribute("Include") is not null);

    private static string FolderOf(TextFile project, XElement reference)
    {
        var path = reference.Attribute("Include")!.Value.Replace('\\', '/').Replace("$(MSBuildThisFileDirectory)", "");
        return Path.GetRelativePath("/", Path.GetDirectoryName(Path.GetFullPath($"/{project.Folder}/{path}"))!).Replace('\\', '/');
    }

    // A cell's items stand in backticks; words around them are for people.
    private static List<string> Items(string cell) => cell.Trim() == "anything" ? ["*"] : [.. InBackticks().Matches(cell).Select(match => match.Groups["item"].Value)];

    private static bool IsLike(string text, string pattern) => Regex.IsMatch(
        text, $"^{Regex.Escape(pattern).Replace("\\*", ".*")}$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));

    [GeneratedRegex("`(?<item>[^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex InBackticks();
}

public sealed class project_references
{
    private static readonly string Architecture = Repository.File("docs/architecture.md").Text;

    [Fact]
    public void go_only_where_the_table_lets_them() => ProjectReferences
        .Violations(Architecture, Repository.Files(".csproj").Where(file => !file.Path.StartsWith("tests/"))).ShouldHold();

    [Fact]
    public void are_not_given_to_all_projects_at_once() => ProjectReferences
        .InBuildFiles(Repository.Files(".props", ".targets").Where(file => !file.Path.StartsWith("tests/"))).ShouldHold();

    [Theory]
    [InlineData("InviteHub.Contracts/InviteHub.Contracts.csproj", "InviteHub.Contracts may not use MassTransit.Abstractions")]
    [InlineData("InviteHub.Contracts/InviteHub.Contracts.csproj", "InviteHub.Contracts may not reference InviteHub.EventStore")]
    [InlineData("InviteHub.EventStore/InviteHub.EventStore.csproj", "InviteHub.EventStore may not use Dapper")]
    [InlineData("InviteHub.EventStore/InviteHub.EventStore.csproj", "InviteHub.EventStore may not reference InviteHub.Contracts")]
    [InlineData("services/Invitations/InviteHub.Invitations.csproj", "InviteHub.Invitations may not reference services/Subscriptions")]
    [InlineData("services/Invitations/InviteHub.Invitations.csproj", "InviteHub.Invitations may not use SomeVendor.Client")]
    [InlineData("InviteHub.AppHost/InviteHub.AppHost.csproj", "InviteHub.AppHost may not reference services/Identity")]
    [InlineData("InviteHub.AppHost/InviteHub.AppHost.csproj", "InviteHub.AppHost may not use MassTransit")]
    [InlineData("InviteHub.LocalHost/InviteHub.LocalHost.csproj", "InviteHub.LocalHost may not reference InviteHub.ServiceDefaults")]
    [InlineData("InviteHub.Shared/InviteHub.Shared.csproj", "has no row")]
    public void that_break_the_table_are_found(string path, string violation)
    {
        var project = Repository.Red("ProjectReferences").Single(file => file.Path == path);
        var found = ProjectReferences.Violations(Architecture, [project]).ToList();
        found.ShouldContain(one => one.Replace($"{project.Folder}/", "").Replace(".csproj", "").Contains(violation), string.Join('\n', found));
    }

    [Fact]
    public void that_keep_to_the_table_are_let_through() => ProjectReferences
        .Violations(Architecture, Repository.Red("ProjectReferences").Where(file => file.Path.StartsWith("services/Identity/"))).ShouldBeEmpty();

    [Fact]
    public void need_a_table() =>
        ProjectReferences.Violations("# No table", Repository.Files(".csproj")).ShouldHaveSingleItem().ShouldContain("no table");

    [Fact]
    public void in_a_build_file_are_found() => ProjectReferences.InBuildFiles(Repository.Red("BuildFiles").Where(file => file.Path.EndsWith(".props")))
        .ShouldBe(["Directory.Build.props gives every project 'Dapper'", "Directory.Build.props gives every project '../InviteHub.ServiceDefaults/InviteHub.ServiceDefaults.csproj'"], ignoreOrder: true);
}
