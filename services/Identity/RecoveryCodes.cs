using InviteHub.ServiceDefaults;

namespace InviteHub.Identity;

/// <summary>
/// Ten codes to write down, each good once. They have 80 random bits, so that the plain hash of one tells as little as that of a link's token.
/// </summary>
internal static class RecoveryCodes
{
    private const int Count = 10;
    private const int Length = 16;

    /// <summary>New codes, in groups of four, and what is kept of them.</summary>
    public static (IReadOnlyList<string> Codes, IReadOnlyList<string> Hashes) New()
    {
        var codes = Enumerable.Range(0, Count).Select(_ => string.Join('-', Totp.RandomText(Length).ToLowerInvariant().Chunk(4).Select(group => new string(group)))).ToArray();
        return (codes, [.. codes.Select(HashOf)]);
    }

    /// <summary>What is kept of a code, however it was typed.</summary>
    public static string HashOf(string code) =>
        LinkTokens.HashOf(string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant());
}
