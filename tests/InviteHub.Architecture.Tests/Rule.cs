namespace InviteHub.Architecture.Tests;

internal static class Rule
{
    /// <summary>Fails with every violation on lines of its own.</summary>
    public static void ShouldHold(this IEnumerable<string> violations)
    {
        if (string.Join("\n\n", violations) is { Length: > 0 } all)
            Assert.Fail(all);
    }
}
