namespace InviteHub.Architecture.Tests;

/// <summary>A text that is kept beside the tests and may not change by accident: event samples, the contracts' surface.</summary>
internal static class FrozenText
{
    /// <summary>
    /// The kept text, or null when there is none. With <c>INVITEHUB_WRITE_SAMPLES=1</c> a missing one is written; one that is there never is.
    /// </summary>
    /// <param name="path">Where it is kept.</param>
    /// <param name="current">What to keep when there is none yet.</param>
    /// <param name="writesMissing">Whether to write it then.</param>
    public static string? Read(string path, Func<string> current, bool writesMissing)
    {
        if (!File.Exists(path) && writesMissing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, current());
        }

        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    /// <summary>The lines that are only in one of the two, as a diff shows them.</summary>
    public static IReadOnlyList<string> Difference(string kept, string current)
    {
        var (before, after) = (kept.ReplaceLineEndings("\n").Split('\n'), current.ReplaceLineEndings("\n").Split('\n'));
        return [.. Except(before, after).Select(line => $"- {line}"), .. Except(after, before).Select(line => $"+ {line}")];
    }

    // Lines count as often as they stand there: a member of the same text in another type is not the same line.
    private static IEnumerable<string> Except(IEnumerable<string> lines, IEnumerable<string> others)
    {
        var left = others.GroupBy(line => line).ToDictionary(same => same.Key, same => same.Count());
        foreach (var line in lines)
        {
            var count = left.GetValueOrDefault(line);
            left[line] = count - 1;
            if (count <= 0)
                yield return line;
        }
    }
}

public sealed class frozen_text : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("frozen").FullName;

    [Fact]
    public void is_written_only_when_asked_for_and_only_when_missing()
    {
        var path = Path.Combine(_folder, "sub", "text");
        FrozenText.Read(path, () => "one", writesMissing: false).ShouldBeNull();
        FrozenText.Read(path, () => "one", writesMissing: true).ShouldBe("one");
        FrozenText.Read(path, () => "two", writesMissing: true).ShouldBe("one");
        FrozenText.Read(path, () => "two", writesMissing: false).ShouldBe("one");
    }

    [Fact]
    public void differs_by_lines() => FrozenText.Difference("a\nb\nb\nc", "a\r\nb\r\nd\r\nd").ShouldBe(["- b", "- c", "+ d", "+ d"]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
