using System.Security.Cryptography;

namespace InviteHub.LocalHost;

/// <summary>Folders for servers that only a test needs; what a killed test run left behind goes with the next one.</summary>
internal static class ThrowAwayFolder
{
    private const string Prefix = "invitehub-test-";

    public static string Create(string kind)
    {
        var root = Path.GetTempPath();
        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*"))
        {
            // Named after its owner: invitehub-test-<process id>-<start time>-<kind>-<random>.
            var isLeftover = Path.GetFileName(folder).Split('-') is [_, _, var id, var startTime, ..]
                && int.TryParse(id, out var owner)
                && ProcessIdentity.Of(owner)?.StartTime != startTime;
            if (isLeftover)
                Delete(folder);
        }
        var self = ProcessIdentity.Of(Environment.ProcessId)!;
        return Path.Combine(root, $"{Prefix}{self.Id}-{self.StartTime}-{kind}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
    }

    /// <summary>Makes what deletes its folder later by itself; when it can't be made, the folder goes at once.</summary>
    public static async Task<T> UseAsync<T>(string kind, Func<string, Task<T>> make)
    {
        var folder = Create(kind);
        try
        {
            return await make(folder);
        }
        catch
        {
            Delete(folder);
            throw;
        }
    }

    public static void Delete(string folder)
    {
        try
        {
            if (new DirectoryInfo(folder) is { Exists: true, LinkTarget: { } target })
                Directory.Delete(target, recursive: true);
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Someone else's, or already gone; it is only disk space.
        }
    }
}
