namespace InviteHub.Notifications.Templates;

/// <summary>The mail that invites somebody, for each way and language (NOT-02). Pure.</summary>
internal static class Invitation
{
    /// <summary>What it says; names as others typed them.</summary>
    public sealed record Facts(
        string Language, string Way, string FirstName, string? InvitedBy, string Organization, string? App, string? Role, string Link, DateTimeOffset ExpiresAt);

    public static Letter Write(Facts facts)
    {
        var language = facts.Language == "sv" ? "sv" : "en";
        var (first, inviter, organization, app, role) =
            (Words.Name(facts.FirstName), Words.Name(facts.InvitedBy), Words.Name(facts.Organization), Words.Name(facts.App), Words.Name(facts.Role));
        var until = Words.Date(language, facts.ExpiresAt);
        var (text, html) = (
            Say(language, facts.Way, first, inviter, organization, app, role, until),
            Say(language, facts.Way, Words.Html(first), Html(inviter), Words.Html(organization), Html(app), Html(role), Words.Encoded(until)));
        return new(language, Words.Subject(text.Subject), Text(text, facts.Link), Page(language, html, Words.Encoded(facts.Link)));

        static string Html(string name) => name.Length == 0 ? "" : Words.Html(name);
    }

    private sealed record Sentences(string Subject, string Greeting, string Offer, string Do, string Until, string Ignore);

    /// <summary>The words of one language; called once with plain names and once with names as HTML.</summary>
    private static Sentences Say(string language, string way, string first, string inviter, string organization, string app, string role, string until) =>
        (language, way) switch
        {
            ("sv", "access") => new(
                $"Du är inbjuden till {app} hos {organization}", Greet("Hej", first),
                $"{(inviter.Length > 0 ? $"{inviter} bjuder in dig" : "Du är inbjuden")} till {app} hos {organization}{(role.Length > 0 ? $", som {role}" : "")}.",
                "Öppna länken för att se och acceptera inbjudan:", $"Länken är personlig, kan användas en gång och gäller till {until}.",
                "Väntade du dig inte det här mejlet kan du bortse från det."),
            ("sv", _) => new(
                $"Du är inbjuden till {organization}", Greet("Hej", first),
                $"{(inviter.Length > 0 ? $"{inviter} bjuder in dig" : "Du är inbjuden")} att skapa ett konto hos {organization}.",
                "Öppna länken för att se och acceptera inbjudan:", $"Länken är personlig, kan användas en gång och gäller till {until}.",
                "Väntade du dig inte det här mejlet kan du bortse från det."),
            (_, "access") => new(
                $"You are invited to {app} at {organization}", Greet("Hello", first),
                $"{(inviter.Length > 0 ? $"{inviter} invites you" : "You are invited")} to {app} at {organization}{(role.Length > 0 ? $", as {role}" : "")}.",
                "Open the link to see and accept the invitation:", $"The link is yours alone, works once, and is valid until {until}.",
                "If you did not expect this mail, you can ignore it."),
            _ => new(
                $"You are invited to {organization}", Greet("Hello", first),
                $"{(inviter.Length > 0 ? $"{inviter} invites you" : "You are invited")} to make an account with {organization}.",
                "Open the link to see and accept the invitation:", $"The link is yours alone, works once, and is valid until {until}.",
                "If you did not expect this mail, you can ignore it."),
        };

    private static string Greet(string word, string first) => first.Length > 0 ? $"{word} {first}," : $"{word},";

    private static string Text(Sentences s, string link) =>
        $"""
        {s.Greeting}

        {s.Offer}

        {s.Do}
        {link}

        {s.Until}
        {s.Ignore}

        """;

    private static string Page(string language, Sentences s, string link) =>
        $"""
        <!doctype html>
        <html lang="{language}">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body style="font:16px/1.5 sans-serif;max-width:36em;margin:0 auto;padding:1em">
        <p>{s.Greeting}</p>
        <p>{s.Offer}</p>
        <p>{s.Do}<br><a href="{link}">{link}</a></p>
        <p>{s.Until}</p>
        <p>{s.Ignore}</p>
        </body>
        </html>

        """;
}
