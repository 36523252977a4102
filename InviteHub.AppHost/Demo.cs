using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InviteHub.AppHost;

/// <summary>
/// Fills an empty system with something to look at (<c>./run.sh --demo</c>): organizations, apps, subscriptions, and people who were invited,
/// some of whom have registered by the link in their mail. It is a client like any other: all of it goes through the gateway.
/// </summary>
internal sealed partial class Demo(Uri gateway, Uri inbox, string adminEmail, string adminPassword) : IDisposable
{
    private static readonly (string First, string Last)[] People =
        [("Ada", "Lovelace"), ("Grace", "Hopper"), ("Alan", "Turing"), ("Edsger", "Dijkstra"), ("Barbara", "Liskov"), ("Karin", "Boye")];

    private static readonly string[] Kinds = ["business", "customer"];
    private static readonly object[] Roles = [new { key = "editor", name = "Editor" }, new { key = "reader", name = "Reader" }];

    private readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
    private readonly HttpClient _client = new() { BaseAddress = new(gateway, "/api/v1/") };
    private readonly HttpClient _mail = new() { BaseAddress = inbox };

    /// <summary>Fills the system, unless there are organizations already.</summary>
    /// <returns>What there is to see now, in a sentence.</returns>
    /// <exception cref="InvalidOperationException">A request was refused; the message says which and why.</exception>
    public async Task<string> FillAsync(CancellationToken cancellationToken)
    {
        var session = await PostAsync("session", new { email = adminEmail, password = adminPassword }, cancellationToken);
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session["accessToken"]!.GetValue<string>());
        var present = await _client.GetFromJsonAsync<JsonNode>("organizations?pageSize=1", cancellationToken);
        if (present!["total"]!.GetValue<long>() > 0)
            return "There are organizations already; the demonstration adds nothing.";

        foreach (var (name, app, seats) in new[] { ("Acme", "Planner", 5), ("Northwind", "Ledger", 3), ("Contoso", "Tickets", 10) })
        {
            var organization = Id(await PostAsync("organizations", new { name, kinds = Kinds }, cancellationToken));
            var appId = Id(await PostAsync("apps", new { name = app, roles = Roles }, cancellationToken));
            using var entitled = await _client.PutAsync($"organizations/{organization}/apps/{appId}", content: null, cancellationToken);
            await CheckedAsync(entitled, cancellationToken);
            var subscription = Id(await PostAsync(
                "subscriptions", new { organizationId = organization, appId, plan = "standard", seatLimit = seats, startsOn = "2026-01-01" }, cancellationToken));
            await InviteAsync(name, organization, appId, subscription, seats, cancellationToken);
        }

        return $"Demonstration: three organizations, each with an app and a subscription. Sign in as ada.acme@demo.example with {_password}.";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _mail.Dispose();
    }

    // Most of them register; the last of each organization leaves the invitation open.
    private async Task InviteAsync(string name, string organization, string app, string subscription, int seats, CancellationToken cancellationToken)
    {
        var invited = People.Take(Math.Min(seats, People.Length) - 1).ToArray();
        foreach (var (first, last) in invited)
        {
            var email = $"{first}.{name}@demo.example".ToLowerInvariant();
            await PostAsync(
                "invitations",
                new { way = "access", organizationId = organization, appId = app, subscriptionId = subscription, role = "editor", invitee = new { firstName = first, lastName = last, email } },
                cancellationToken);
            if ((first, last) == invited[^1])
                continue;
            var link = await LinkAsync(email, cancellationToken);
            await PostAsync($"registrations/{link}", new { password = _password, language = "en", acceptPrivacyPolicy = true }, cancellationToken);
        }
    }

    private async Task<string> LinkAsync(string email, CancellationToken cancellationToken)
    {
        while (true)
        {
            var mails = await _mail.GetFromJsonAsync<JsonArray>("email", cancellationToken);
            var text = mails!.FirstOrDefault(mail => mail!["to"]!.AsArray().Any(to => to!["address"]!.GetValue<string>() == email))?["text"]?.GetValue<string>();
            if (text is not null)
                return LinkInMail().Match(text).Groups["token"].Value;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private async Task<JsonNode> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await _client.PostAsJsonAsync(path, body, cancellationToken);
        return await CheckedAsync(answer, cancellationToken);
    }

    private static async Task<JsonNode> CheckedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text.Length == 0 ? "{}" : text)!
            : throw new InvalidOperationException($"the demonstration was refused: {(int)answer.StatusCode} {text}");
    }

    private static string Id(JsonNode thing) => thing["id"]!.GetValue<string>();

    [GeneratedRegex("/registrations/(?<token>[A-Za-z0-9_-]{43})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LinkInMail();
}
