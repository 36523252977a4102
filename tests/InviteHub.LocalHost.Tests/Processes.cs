using System.Globalization;

namespace InviteHub.LocalHost.Tests;

/// <summary>What /proc says, so that a test believes the kernel and not the code under test.</summary>
internal static class Processes
{
    public static bool IsAlive(int id) => Status(id).Any(line => line.StartsWith("State:", StringComparison.Ordinal) && !line.Contains('Z'));

    public static uint UserId(int id) =>
        uint.Parse(Status(id).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1], CultureInfo.InvariantCulture);

    public static string WorkingFolder(int id)
    {
        var folder = Directory.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)!.FullName;
        return Path.GetFileName(folder) == "data" ? Path.GetDirectoryName(folder)! : folder;
    }

    /// <summary>Every live process that works in this folder or has it in its environment.</summary>
    public static IReadOnlyList<int> In(string folder) =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id => id > 0 && IsAlive(id) && (Read($"/proc/{id}/cmdline").Contains(folder) || Read($"/proc/{id}/environ").Contains(folder)))
            .ToList();

    /// <summary>Local addresses, in the kernel's hexadecimal, that these processes listen on.</summary>
    public static IReadOnlyList<string> ListeningAddresses(IReadOnlyList<int> ids)
    {
        var sockets = ids.SelectMany(id => Directory.EnumerateFiles($"/proc/{id}/fd"))
            .Select(file => new FileInfo(file).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target["socket:[".Length..^1])
            .ToHashSet(StringComparer.Ordinal);
        return File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == "0A" && sockets.Contains(fields[9]))
            .Select(fields => fields[1])
            .ToList();
    }

    public static string Name(int id) => Read($"/proc/{id}/comm").Trim();

    private static string[] Status(int id) => Read($"/proc/{id}/status").Split('\n');

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

internal static class Eventually
{
    /// <summary>Far longer than anything takes, for the machine that is busy with something else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(50, patience.Token);
    }
}
