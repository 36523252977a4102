using System.Xml.Linq;

namespace InviteHub.Architecture.Tests;

/// <summary>A text file of the repository, or one that a fixture pretends is there.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed record TextFile(string Path, string Text)
{
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public XElement Xml => XDocument.Parse(Text, LoadOptions.PreserveWhitespace).Root!;

    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line.TrimEnd('\r')));
}

/// <summary>The repository that these tests were built from: its sources are what most rules read.</summary>
internal static class Repository
{
    private static readonly string[] NotWrittenByHand = ["artifacts", "bin", "obj", "node_modules", "TestResults"];

    /// <summary>Where the solution stands.</summary>
    public static string Root { get; } = RootAbove(AppContext.BaseDirectory);

    /// <summary>The folder of this project, where samples and frozen texts are kept.</summary>
    public static string Here => Path.Combine(Root, "tests", "InviteHub.Architecture.Tests");

    /// <summary>Whether missing samples and frozen texts are to be written; what is there is never changed.</summary>
    public static bool WritesMissing => Environment.GetEnvironmentVariable("INVITEHUB_WRITE_SAMPLES") == "1";

    /// <summary>Every file written by hand whose name ends as asked for, in the order of their paths.</summary>
    public static IReadOnlyList<TextFile> Files(params string[] endings) =>
        [.. Below(Root).Where(path => endings.Any(path.EndsWith)).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>One file, by its path from the root.</summary>
    public static TextFile File(string path) => Read(Path.Combine(Root, path));

    /// <summary>The files of a fixture's folder under <c>Red/</c>, as if they stood at the root; <c>.txt</c> keeps them from being compiled.</summary>
    public static IReadOnlyList<TextFile> Red(string folder)
    {
        var red = Path.Combine(Here, "Red", folder);
        return [.. Directory.EnumerateFiles(red, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => new TextFile(Relative(red, path)[..^".txt".Length], System.IO.File.ReadAllText(path)))];
    }

    private static TextFile Read(string path) => new(Relative(Root, path), System.IO.File.ReadAllText(path));

    private static string Relative(string from, string path) => Path.GetRelativePath(from, path).Replace('\\', '/');

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder)
            .Where(inner => Path.GetFileName(inner) is var name && !name.StartsWith('.') && !NotWrittenByHand.Contains(name))
            .SelectMany(Below));

    private static string RootAbove(string folder) => System.IO.File.Exists(Path.Combine(folder, "InviteHub.sln"))
        ? folder
        : RootAbove(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))
            ?? throw new InvalidOperationException("these tests read the repository's sources, and were run outside of it"));
}
