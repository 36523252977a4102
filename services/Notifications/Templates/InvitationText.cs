namespace InviteHub.Notifications.Templates;

/// <summary>The text message that invites somebody: one or two sentences and the link, since each 160 characters cost (NOT-02). Pure.</summary>
internal static class InvitationText
{
    /// <summary>Names are cut shorter than in a mail.</summary>
    private const int LongestName = 40;

    /// <summary>What it says; names as others typed them.</summary>
    public sealed record Facts(string Language, string Way, string? InvitedBy, string Organization, string? App, string Link, DateTimeOffset ExpiresAt, string? Username = null, string? Password = null);

    public static string Write(Facts facts, Brand brand)
    {
        var language = Words.Language(facts.Language);
        var (inviter, app) = (Short(facts.InvitedBy), Short(facts.App));
        var organization = Short(brand.Name ?? facts.Organization);
        FormattableString says = (language, facts.Way, inviter) switch
        {
            ("sv", "access", "") => $"Du är inbjuden till {app} hos {organization}.",
            ("sv", "access", _) => $"{inviter} bjuder in dig till {app} hos {organization}.",
            ("sv", _, "") => $"Du är inbjuden till {organization}.",
            ("sv", _, _) => $"{inviter} bjuder in dig till {organization}.",
            (_, "access", "") => $"You are invited to {app} at {organization}.",
            (_, "access", _) => $"{inviter} invites you to {app} at {organization}.",
            (_, _, "") => $"You are invited to {organization}.",
            _ => $"{inviter} invites you to {organization}.",
        };
        FormattableString until = language switch
        {
            "sv" => $"Gäller till {facts.ExpiresAt}.",
            _ => $"Valid until {facts.ExpiresAt}.",
        };
        FormattableString user = (language, facts.Username) switch
        {
            (_, null) => $"",
            ("sv", var name) => $"\nAnvändarnamn: {name}",
            (_, var name) => $"\nUsername: {name}",
        };
        FormattableString password = (language, facts.Password) switch
        {
            (_, null) => $"",
            ("sv", _) => $"\nEngångslösenord:",
            _ => $"\nOne-time password:",
        };
        var secret = facts.Password is null ? "" : $"{Words.Plain(language, password)} {facts.Password}";
        // On a line of its own, the link is not taken for longer than it is.
        return $"{Words.Plain(language, says)}\n{facts.Link}{Words.Plain(language, user)}{secret}\n{Words.Plain(language, until)}";
    }

    private static string Short(string? name) => Words.Text(name, LongestName);
}
