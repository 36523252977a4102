using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace InviteHub.Gateway;

/// <summary>What the page behind an invitation's link says, in the reader's language. Pure: the service's answer to HTML.</summary>
internal static class RegistrationPage
{
    private static readonly CultureInfo Dates = CultureInfo.InvariantCulture;

    // In this order; each may be a text or a thing with a name.
    private static readonly (string[] Fields, string English, string Swedish)[] Offered =
    [
        (["organization", "organizationName"], "Organization", "Organisation"),
        (["app", "appName"], "App", "App"),
        (["role", "roleName"], "Role", "Roll"),
        (["invitedBy", "invitedByName", "sentBy"], "Invited by", "Inbjudan från"),
        (["email"], "For", "För"),
        (["expiresAt", "expiresOn"], "Valid until", "Giltig till"),
    ];

    /// <summary>Status, title and body of the page for what the service answered.</summary>
    public static (HttpStatusCode Status, string Title, string Body) Write(string language, HttpStatusCode status, byte[] answer)
    {
        var json = Parse(answer);
        return status switch
        {
            HttpStatusCode.OK when json is { } offer => (HttpStatusCode.OK, In("You are invited", "Du är inbjuden"), Offer(offer)),
            HttpStatusCode.Gone => (HttpStatusCode.Gone, In("This link can no longer be used", "Länken går inte längre att använda"), Paragraph(Code(json) switch
            {
                "link-expired" => In("It has expired. Ask the person who invited you for a new one.", "Den har gått ut. Be den som bjöd in dig om en ny."),
                "link-revoked" => In("The invitation was withdrawn.", "Inbjudan har dragits tillbaka."),
                "link-used" => In("It has been used already: you can sign in.", "Den har redan använts: du kan logga in."),
                "link-replaced" => In("A newer mail holds the link that works.", "Ett nyare mejl innehåller länken som gäller."),
                _ => In("Ask the person who invited you for a new one.", "Be den som bjöd in dig om en ny."),
            })),
            HttpStatusCode.NotFound or HttpStatusCode.BadRequest => (HttpStatusCode.NotFound, In("This link is not known", "Länken är okänd"),
                Paragraph(In("Look whether it was copied as a whole.", "Kontrollera att hela länken kom med."))),
            _ => (HttpStatusCode.ServiceUnavailable, In("Please try again in a moment", "Försök igen om en stund"),
                Paragraph(In("The invitation can't be looked up right now. Your link stays valid.", "Inbjudan kan inte visas just nu. Din länk gäller fortfarande."))),
        };

        string In(string english, string swedish) => language == "sv" ? swedish : english;

        string Offer(JsonElement offer)
        {
            var html = new StringBuilder("<dl>");
            foreach (var (fields, english, swedish) in Offered)
            {
                if (fields.Select(f => Text(offer, f)).FirstOrDefault(t => t is not null) is { } text)
                    html.Append(Dates, $"<dt>{In(english, swedish)}</dt><dd><bdi>{HtmlEncoder.Default.Encode(text)}</bdi></dd>");
            }

            return html.Append("</dl>").Append(Paragraph(In(
                "Opening this page has not used the link up. To accept, send your password, your language and that you accept the privacy policy to POST /api/v1/registrations/ followed by the last part of this page's address.",
                "Länken är inte förbrukad av att sidan öppnas. Acceptera genom att skicka lösenord, språk och godkänd integritetspolicy till POST /api/v1/registrations/ följt av sista delen av sidans adress."))).ToString();
        }
    }

    private static string Paragraph(string text) => $"<p>{HtmlEncoder.Default.Encode(text)}</p>";

    private static string? Code(JsonElement? json) => json is { } problem ? Text(problem, "code") : null;

    private static string? Text(JsonElement thing, string field) => thing.TryGetProperty(field, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String when value.TryGetDateTimeOffset(out var at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", Dates),
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Object => Text(value, "name"),
            _ => null,
        }
        : null;

    private static JsonElement? Parse(byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(answer) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
