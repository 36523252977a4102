namespace InviteHub.Notifications.Templates;

/// <summary>The mail that invites somebody, for each way and language (NOT-02). Pure.</summary>
internal static class Invitation
{
    /// <summary>What it says; names as others typed them.</summary>
    public sealed record Facts(
        string Language, string Way, string FirstName, string? InvitedBy, string Organization, string? App, string? Role, string Link, DateTimeOffset ExpiresAt,
        string? Username = null, bool IsReminder = false, string? Password = null);

    public static Letter Write(Facts facts, Brand brand)
    {
        var language = Words.Language(facts.Language);
        var words = facts.Password is { } password ? SayPassword(language, facts, password) : Say(
            language, facts.Way, Words.Name(facts.InvitedBy), facts.Organization, facts.App, Words.Name(facts.Role), facts.Link, facts.ExpiresAt, facts.Username);
        return Letter.Of(language, facts.FirstName, facts.IsReminder ? Again(language, facts, words) : words, brand);
    }

    /// <summary>The same once more, for somebody who has not answered (INV-22).</summary>
    private static Wording Again(string language, Facts facts, Wording words) => language == "sv"
        ? words with
        {
            Subject = $"Påminnelse: inbjudan till {facts.App ?? facts.Organization} går ut {facts.ExpiresAt}",
            Says = [$"Du har inte svarat på den här inbjudan än.", .. words.Says],
        }
        : words with
        {
            Subject = $"Reminder: the invitation to {facts.App ?? facts.Organization} ends on {facts.ExpiresAt}",
            Says = [$"You have not answered this invitation yet.", .. words.Says],
        };

    /// <summary>The means to sign in at once: a password that lasts until the first sign-in (INV-14).</summary>
    private static Wording SayPassword(string language, Facts facts, string password) => language == "sv"
        ? new(
            $"Ditt konto i {facts.Organization}",
            [$"Det finns ett konto åt dig i {facts.Organization}. Logga in på {facts.Link} med den här e-postadressen eller ditt användarnamn, och med engångslösenordet.",
                .. Swedish(facts.Username)],
            new($"Ditt engångslösenord", Link: null, password),
            [$"Det gäller till {facts.ExpiresAt}. Du väljer ett eget lösenord när du loggar in.", $"Väntade du dig inte det här mejlet kan du bortse från det."])
        : new(
            $"Your account in {facts.Organization}",
            [$"There is an account for you in {facts.Organization}. Sign in at {facts.Link} with this e-mail address or your username, and with the one-time password.",
                .. English(facts.Username)],
            new($"Your one-time password", Link: null, password),
            [$"It is valid until {facts.ExpiresAt}. You choose a password of your own when you sign in.", $"If you did not expect this mail, you can ignore it."]);

    private static Wording Say(
        string language, string way, string inviter, string organization, string? app, string role, string link, DateTimeOffset until, string? username) =>
        (language, way) switch
        {
            ("sv", "access") => new(
                $"Du är inbjuden till {app} hos {organization}",
                [(inviter, role) switch
                {
                    ("", "") => $"Du är inbjuden till {app} hos {organization}.",
                    ("", _) => $"Du är inbjuden till {app} hos {organization}, som {role}.",
                    (_, "") => $"{inviter} bjuder in dig till {app} hos {organization}.",
                    _ => $"{inviter} bjuder in dig till {app} hos {organization}, som {role}.",
                }],
                new($"Se och acceptera inbjudan", link),
                [$"Länken är personlig, kan användas en gång och gäller till {until}.", $"Väntade du dig inte det här mejlet kan du bortse från det."]),
            ("sv", "account" or "created") => new(
                $"Välj ett lösenord för ditt konto",
                [$"Det finns ett konto åt dig i {organization}. Välj ett lösenord, så kan du logga in.", .. Swedish(username)],
                new($"Välj ett lösenord", link),
                [$"Länken är personlig, kan användas en gång och gäller till {until}.", $"Väntade du dig inte det här mejlet kan du bortse från det."]),
            ("sv", _) => new(
                $"Du är inbjuden till {organization}",
                [inviter switch
                {
                    "" => $"Du är inbjuden att skapa ett konto hos {organization}.",
                    _ => $"{inviter} bjuder in dig att skapa ett konto hos {organization}.",
                }, .. Swedish(username)],
                new($"Se och acceptera inbjudan", link),
                [$"Länken är personlig, kan användas en gång och gäller till {until}.", $"Väntade du dig inte det här mejlet kan du bortse från det."]),
            (_, "access") => new(
                $"You are invited to {app} at {organization}",
                [(inviter, role) switch
                {
                    ("", "") => $"You are invited to {app} at {organization}.",
                    ("", _) => $"You are invited to {app} at {organization}, as {role}.",
                    (_, "") => $"{inviter} invites you to {app} at {organization}.",
                    _ => $"{inviter} invites you to {app} at {organization}, as {role}.",
                }],
                new($"See and accept the invitation", link),
                [$"The link is yours alone, works once, and is valid until {until}.", $"If you did not expect this mail, you can ignore it."]),
            (_, "account" or "created") => new(
                $"Choose a password for your account",
                [$"There is an account for you in {organization}. Choose a password, and you can sign in.", .. English(username)],
                new($"Choose a password", link),
                [$"The link is yours alone, works once, and is valid until {until}.", $"If you did not expect this mail, you can ignore it."]),
            _ => new(
                $"You are invited to {organization}",
                [inviter switch
                {
                    "" => $"You are invited to make an account with {organization}.",
                    _ => $"{inviter} invites you to make an account with {organization}.",
                }, .. English(username)],
                new($"See and accept the invitation", link),
                [$"The link is yours alone, works once, and is valid until {until}.", $"If you did not expect this mail, you can ignore it."]),
        };

    private static FormattableString[] English(string? username) => username is null ? [] : [$"Your username is {username}."];

    private static FormattableString[] Swedish(string? username) => username is null ? [] : [$"Ditt användarnamn är {username}."];
}
