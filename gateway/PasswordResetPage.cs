using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace InviteHub.Gateway;

/// <summary>What the pages behind a mailed link to set a new password say, in the reader's language. Pure: the service's answer to HTML.</summary>
internal static class PasswordResetPage
{
    /// <summary>The form, or why the link does not work.</summary>
    /// <param name="language"><c>en</c> or <c>sv</c>.</param>
    /// <param name="status">What the service answered about the link.</param>
    /// <param name="answer">Its body.</param>
    /// <param name="wrong">What was wrong with what was sent before.</param>
    public static (HttpStatusCode Status, string Title, string Body) Form(
        string language, HttpStatusCode status, byte[] answer, IReadOnlyList<string> wrong) => status switch
        {
            HttpStatusCode.OK => (
                wrong.Count > 0 ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, Title(language), $"""
                {(wrong.Count > 0 ? $"<div id=\"wrong\" role=\"alert\">{string.Concat(wrong.Select(Paragraph))}</div>" : "")}
                <form method="post">
                <label for="password">{Text(language, "New password", "Nytt lösenord")}</label>
                <input id="password" name="password" type="password" autocomplete="new-password" required autofocus{(wrong.Count > 0 ? " aria-describedby=\"wrong\" aria-invalid=\"true\"" : "")}>
                <label for="again">{Text(language, "The same again", "Samma igen")}</label>
                <input id="again" name="again" type="password" autocomplete="new-password" required>
                <button>{Text(language, "Set password", "Spara lösenordet")}</button>
                </form>
                """),
            HttpStatusCode.Gone => (HttpStatusCode.Gone, In(language, "This link can no longer be used", "Länken går inte längre att använda"), Paragraph(Code(answer) switch
            {
                "link-used" => In(language, "A password was set since: you can sign in with it.", "Ett lösenord har sparats sedan dess: logga in med det."),
                "link-replaced" => In(language, "A newer mail holds the link that works.", "Ett nyare mejl innehåller länken som gäller."),
                _ => In(language, "It has expired. Ask for a new one where you sign in.", "Den har gått ut. Be om en ny där du loggar in."),
            })),
            HttpStatusCode.NotFound => (HttpStatusCode.NotFound, In(language, "This link is not known", "Länken är okänd"),
                Paragraph(In(language, "Look whether it was copied as a whole.", "Kontrollera att hela länken kom med."))),
            HttpStatusCode.TooManyRequests => (HttpStatusCode.TooManyRequests, Title(language),
                Paragraph(In(language, "That were many tries. Wait a moment, and open the link again.", "Det blev många försök. Vänta en stund och öppna länken igen."))),
            _ => (HttpStatusCode.ServiceUnavailable, In(language, "Please try again in a moment", "Försök igen om en stund"),
                Paragraph(In(language, "Nothing was changed. Your link stays valid.", "Inget har ändrats. Din länk gäller fortfarande."))),
        };

    /// <summary>The two passwords that were typed are not the same.</summary>
    public static (HttpStatusCode Status, string Title, string Body) Differ(string language, HttpStatusCode status, byte[] answer) =>
        Form(language, status, answer, [In(language, "The two passwords differ.", "Lösenorden är inte lika.")]);

    /// <summary>What came of setting it.</summary>
    public static (HttpStatusCode Status, string Title, string Body) Outcome(string language, HttpStatusCode status, byte[] answer) => status switch
    {
        HttpStatusCode.NoContent => (HttpStatusCode.OK, In(language, "Your password is set", "Ditt lösenord är sparat"),
            Paragraph(In(language, "All your sessions have ended: sign in with it.", "Alla dina sessioner har avslutats: logga in med det."))),
        // The service says why, in English as in the API.
        HttpStatusCode.UnprocessableEntity => Form(language, HttpStatusCode.OK, [], Reasons(answer)),
        _ => Form(language, status, answer, []),
    };

    private static string Title(string language) => In(language, "Choose a new password", "Välj ett nytt lösenord");

    private static string In(string language, string english, string swedish) => language == "sv" ? swedish : english;

    private static string Text(string language, string english, string swedish) => HtmlEncoder.Default.Encode(In(language, english, swedish));

    private static string Paragraph(string text) => $"<p>{HtmlEncoder.Default.Encode(text)}</p>";

    private static string? Code(byte[] answer) => Problem(answer)?.Code;

    private static IReadOnlyList<string> Reasons(byte[] answer) => [.. Problem(answer)?.Errors?.Values.SelectMany(reasons => reasons) ?? []];

    private static Refused? Problem(byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize<Refused>(answer, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Refused(string? Code, IReadOnlyDictionary<string, string[]>? Errors);
}
