namespace InviteHub.LocalHost;

/// <summary>What to do about a server that did not start, by what it said last.</summary>
internal static class Advice
{
    // The system's own words for a disk, a quota or a limit that is used up.
    private static readonly string[] NoRoom = ["No space left on device", "Disk quota exceeded", "File too large", "File size limit exceeded", "enospc", "efbig", "edquot"];

    public static string For(string lastWords, string folder) => Array.Exists(NoRoom, words => lastWords.Contains(words, StringComparison.OrdinalIgnoreCase))
        ? $"There is no room left for {folder}: free some on its disk and start again. What was saved is still there."
        : $"If nothing above says what to do, the data may be damaged: put a backup in the place of {folder}, or move it away to start with nothing.";
}
