namespace InviteHub.Notifications.Templates;

/// <summary>How an organization lets messages in its name look (NOT-02); each null for InviteHub's own.</summary>
/// <param name="Name">The name above the message.</param>
/// <param name="LogoUrl">An https address of the logo, the one thing that a message loads.</param>
/// <param name="Color">A colour as <c>#rrggbb</c> that white text can be read on.</param>
/// <param name="Words">Words that the message closes with.</param>
internal sealed record Brand(string? Name, string? LogoUrl, string? Color, string? Words)
{
    public static Brand None { get; } = new(null, null, null, null);
}
