namespace InviteHub.Contracts;

/// <summary>Finds the well-known domain that a slightly different one was probably meant to be. Only a hint: the other domain may exist.</summary>
internal static class DomainSlip
{
    // Where most people's mailboxes are, here and abroad; short names have too many neighbours.
    private static readonly string[] Common =
    [
        "gmail.com", "googlemail.com", "hotmail.com", "hotmail.se", "hotmail.co.uk", "outlook.com", "yahoo.com", "icloud.com", "protonmail.com",
        "telia.com", "bredband.net", "comhem.se", "bahnhof.se", "swipnet.se",
    ];

    // One letter away from a common one, and real.
    private static readonly string[] Neighbours = ["email.com", "ymail.com", "fmail.com", "outlook.co", "yahoo.co", "yahoo.cm", "delia.com", "celia.com"];

    /// <summary>The domain that was probably meant, or null.</summary>
    /// <param name="domain">In lower-case ASCII.</param>
    public static string? Meant(string domain) => Common.Contains(domain, StringComparer.Ordinal) || Neighbours.Contains(domain, StringComparer.Ordinal)
        ? null
        : Common.FirstOrDefault(common => IsOneSlip(domain, common));

    /// <summary>Whether one letter is missing, too many or another one, or two neighbours stand the wrong way round.</summary>
    private static bool IsOneSlip(string typed, string meant)
    {
        var same = typed.AsSpan().CommonPrefixLength(meant);
        var left = typed.AsSpan(same);
        var right = meant.AsSpan(same);
        return (left.Length - right.Length) switch
        {
            1 => left[1..].SequenceEqual(right),
            -1 => left.SequenceEqual(right[1..]),
            0 when left.Length > 0 => left[1..].SequenceEqual(right[1..])
                || (left.Length > 1 && left[0] == right[1] && left[1] == right[0] && left[2..].SequenceEqual(right[2..])),
            _ => false,
        };
    }
}
