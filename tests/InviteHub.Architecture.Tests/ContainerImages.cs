using System.Text.RegularExpressions;

namespace InviteHub.Architecture.Tests;

/// <summary>The container file makes an image of each part that the host on one machine starts, from a project that there is.</summary>
internal static partial class ContainerImages
{
    /// <summary>Each part that a host starts from a project, with the path of that.</summary>
    public static IReadOnlyDictionary<string, string> Parts(TextFile host) => Part().Matches(host.Text)
        .ToDictionary(part => part.Groups["name"].Value, part => part.Groups["project"].Value, StringComparer.Ordinal);

    /// <summary>Where the container file and the host differ.</summary>
    public static IEnumerable<string> Violations(TextFile containers, TextFile host)
    {
        var published = Publish().Matches(containers.Text).ToDictionary(one => one.Groups["folder"].Value, one => one.Groups["project"].Value, StringComparer.Ordinal);
        var images = Image().Matches(containers.Text).ToDictionary(image => image.Groups["name"].Value, StringComparer.Ordinal);
        var parts = Parts(host);
        foreach (var name in images.Keys.Except(parts.Keys))
            yield return $"{containers.Path} makes an image of '{name}', which {host.Path} doesn't start";
        foreach (var (name, project) in parts)
        {
            if (!images.TryGetValue(name, out var image))
                yield return $"{containers.Path} makes no image of '{name}'";
            else if (!published.TryGetValue(image.Groups["folder"].Value, out var from) || from != project)
                yield return $"{containers.Path} makes the image of '{name}' of something else than {project}";
            else if (image.Groups["assembly"].Value != $"{Path.GetFileNameWithoutExtension(project)}.dll")
                yield return $"{containers.Path} starts {image.Groups["assembly"].Value} in the image of '{name}'";
        }
    }

    [GeneratedRegex(@"Add(ServiceAsync|Project)\(""(?<name>\w+)"", ""\.\./(?<project>[^""]+)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Part();

    [GeneratedRegex(@"^RUN dotnet publish (?<project>\S+) .*-o (?<folder>\S+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Publish();

    [GeneratedRegex(@"^FROM base AS (?<name>\w+)\nCOPY --from=build (?<folder>\S+) \.\nENTRYPOINT \[""dotnet"", ""(?<assembly>[^""]+)""\]$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Image();
}

[Trait("Feature", "OPS-04")]
public sealed class container_images
{
    private static readonly TextFile Host = Repository.File("InviteHub.AppHost/Program.cs");

    [Fact]
    public void are_of_every_part() => ContainerImages.Violations(Repository.File("deploy/Containerfile"), Host).ShouldHold();

    [Fact]
    public void are_of_projects_that_there_are()
    {
        ContainerImages.Parts(Host).Keys.ShouldBe(["identity", "subscriptions", "invitations", "notifications", "gateway"], ignoreOrder: true);
        foreach (var project in ContainerImages.Parts(Host).Values)
            File.Exists(Path.Combine(Repository.Root, project)).ShouldBeTrue(project);
    }

    [Fact]
    public void that_differ_are_found()
    {
        var red = Repository.Red("Chart");
        ContainerImages.Violations(red.Single(file => file.Path == "Containerfile"), red.Single(file => file.Path == "InviteHub.AppHost/Program.cs")).ShouldBe(
        [
            "Containerfile makes an image of 'ghost', which InviteHub.AppHost/Program.cs doesn't start",
            "Containerfile makes the image of 'identity' of something else than services/Identity/InviteHub.Identity.csproj",
            "Containerfile starts InviteHub.Other.dll in the image of 'invitations'",
            "Containerfile makes no image of 'gateway'",
        ]);
    }
}
