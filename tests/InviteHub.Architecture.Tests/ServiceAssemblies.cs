using System.Reflection;
using Xunit.Abstractions;

namespace InviteHub.Architecture.Tests;

/// <summary>The services and the gateway, found in the tree and loaded from what was built with these tests.</summary>
internal static class ServiceAssemblies
{
    /// <summary>The project files under <c>services/</c> and <c>gateway/</c>.</summary>
    public static IReadOnlyList<TextFile> Projects { get; } =
        [.. Repository.Files(".csproj").Where(file => file.Path.StartsWith("services/") || file.Path.StartsWith("gateway/"))];

    /// <summary>The assemblies that were found for them.</summary>
    public static IReadOnlyList<Assembly> All { get; } = [.. Projects.Select(Load).OfType<Assembly>()];

    /// <summary>Every type in them, nested ones too, but not what the compiler made.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. All.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.Name.Contains('<'))];

    /// <summary>Projects without an assembly that was looked at.</summary>
    public static IEnumerable<string> NotLookedAt(IEnumerable<TextFile> projects, IEnumerable<Assembly> assemblies) =>
        projects.Select(AssemblyName).Except(assemblies.Select(assembly => assembly.GetName().Name!))
            .Select(name => $"{name} was not built with the architecture tests, so no rule looked at it");

    private static string AssemblyName(TextFile project) => project.Xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? project.Name;

    private static Assembly? Load(TextFile project)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{AssemblyName(project)}.dll");
        return File.Exists(path) ? Assembly.LoadFrom(path) : null;
    }
}

public sealed class every_service_is_looked_at(ITestOutputHelper output)
{
    [Fact]
    public void none_is_left_out()
    {
        output.WriteLine($"{ServiceAssemblies.All.Count} assemblies, {ServiceAssemblies.Types.Count} types: "
            + string.Join(", ", ServiceAssemblies.All.Select(assembly => assembly.GetName().Name)));
        ServiceAssemblies.NotLookedAt(ServiceAssemblies.Projects, ServiceAssemblies.All).ShouldHold();
    }

    [Fact]
    public void a_service_that_was_not_built_is_noticed() => ServiceAssemblies
        .NotLookedAt([new TextFile("services/Forgotten/InviteHub.Forgotten.csproj", "<Project />")], [typeof(every_service_is_looked_at).Assembly])
        .ShouldHaveSingleItem().ShouldContain("InviteHub.Forgotten");
}
