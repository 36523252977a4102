using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InviteHub.Cli;

/// <summary>
/// The gateway, and who asks it. Credentials come from the environment or are asked for, never from arguments: those stand in the shell's
/// history and in the list of processes. The session ends with the command.
/// </summary>
internal sealed class Gateway(string address, Terminal terminal) : IAsyncDisposable
{
    /// <summary>What every command's help says of signing in.</summary>
    public const string Credentials =
        "Signs in with INVITEHUB_TOKEN, or INVITEHUB_EMAIL and INVITEHUB_PASSWORD (and INVITEHUB_CODE), or asks for them.";

    /// <summary>The services, as <c>service=</c> names them.</summary>
    public static readonly string[] Services = ["identity", "subscriptions", "invitations", "notifications"];

    // Rebuilds and exports take as long as they take; a gateway that is not there is known at once.
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = Address(address), Timeout = Timeout.InfiniteTimeSpan };
    private JsonNode? _session;

    /// <summary>Where the gateway is.</summary>
    public static Option<string> UrlOption() => new("--url")
    {
        Description = "The gateway's address (INVITEHUB_URL).",
        HelpName = "URL",
        DefaultValueFactory = _ => Given("URL") ?? "http://localhost:8080",
    };

    /// <summary>An instant as a query carries it.</summary>
    public static string Query(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>Signs in, unless a token is given.</summary>
    public async Task SignIn(CancellationToken ct)
    {
        if (Given("TOKEN") is { } token)
        {
            Use(token);
            return;
        }

        var email = Given("EMAIL") ?? terminal.Ask("E-mail:", isSecret: false);
        var password = Given("PASSWORD") ?? terminal.Ask("Password:", isSecret: true);
        if (email is null || password is null)
            throw new CommandEndedException(Exit.Refused, "Nobody is here to ask: set INVITEHUB_TOKEN, or INVITEHUB_EMAIL and INVITEHUB_PASSWORD.", "not-signed-in");
        try
        {
            _session = await Answer(HttpMethod.Post, "/session", JsonContent.Create(new { email, password, code = Given("CODE") }), ct);
        }
        catch (CommandEndedException refused) when (refused.Code == "second-factor-required" && terminal.Ask("Code of the second factor:", isSecret: false) is { } code)
        {
            _session = await Answer(HttpMethod.Post, "/session", JsonContent.Create(new { email, password, code }), ct);
        }

        Use(_session["accessToken"]!.GetValue<string>());
    }

    /// <summary>The JSON that is answered; a refusal ends the command.</summary>
    public async Task<JsonNode> Answer(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var answer = await Send(method, path, content, ct);
        var body = await answer.Content.ReadAsStringAsync(ct);
        return body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!;
    }

    /// <inheritdoc cref="Answer"/>
    public Task<JsonNode> Get(string path, CancellationToken ct) => Answer(HttpMethod.Get, path, content: null, ct);

    /// <summary>Brings a file; a refusal ends the command.</summary>
    public async Task Download(HttpMethod method, string path, string file, CancellationToken ct)
    {
        using var answer = await Send(method, path, content: null, ct);
        await using var to = File.Create(file);
        await answer.Content.CopyToAsync(to, ct);
    }

    /// <summary>The answer once it begins; a refusal ends the command.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        var answer = await Try(method, path, content, ct);
        // Access tokens are for a quarter of an hour, and some commands watch for longer.
        if (answer.StatusCode == HttpStatusCode.Unauthorized && content is null && _session?["refreshToken"] is { } refresh)
        {
            answer.Dispose();
            _session = await Answer(HttpMethod.Post, "/session/refresh", JsonContent.Create(new { refreshToken = refresh.GetValue<string>() }), ct);
            Use(_session["accessToken"]!.GetValue<string>());
            answer = await Try(method, path, content, ct);
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await Refusal(answer, ct);
    }

    /// <summary>What stands outside of the API, such as health: whatever the status is.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> Look(string path, CancellationToken ct)
    {
        using var answer = await Reached(() => _http.GetAsync(path, ct));
        return (answer.StatusCode, await Parsed(answer, ct));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_session is not null)
                (await Try(HttpMethod.Delete, "/session", content: null, CancellationToken.None)).Dispose();
        }
        catch (CommandEndedException)
        {
            // The session ends by itself.
        }

        _http.Dispose();
    }

    private static Uri Address(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
        ? address
        : throw new CommandEndedException(Exit.Refused, $"'{url}' is no address such as http://localhost:8080: look at --url or INVITEHUB_URL.", "address");

    private static string? Given(string name) => Environment.GetEnvironmentVariable($"INVITEHUB_{name}") is { Length: > 0 } value ? value : null;

    private static async Task<JsonNode?> Parsed(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<CommandEndedException> Refusal(HttpResponseMessage answer, CancellationToken ct)
    {
        var problem = await Parsed(answer, ct) as JsonObject;
        var fields = problem?["errors"] is JsonObject errors
            ? string.Concat(errors.SelectMany(field => field.Value!.AsArray().Select(why => $"\n  {field.Key}: {why}")))
            : "";
        var why = problem?["detail"]?.ToString() ?? problem?["title"]?.ToString() ?? $"The gateway answered {(int)answer.StatusCode}.";
        var code = problem?["code"]?.ToString() ?? "refused";
        return answer.StatusCode switch
        {
            HttpStatusCode.ServiceUnavailable => new(Exit.Unreachable, why, code),
            HttpStatusCode.Forbidden when code == "not-permitted" => new(Exit.Refused, "Your role does not permit it: sign in as a System admin.", code),
            HttpStatusCode.Unauthorized when code == "not-signed-in" => new(Exit.Refused, "The token is not valid any more: sign in again.", code),
            _ => new(Exit.Refused, why + fields, code),
        };
    }

    private void Use(string token) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private Task<HttpResponseMessage> Try(HttpMethod method, string path, HttpContent? content, CancellationToken ct) => Reached(async () =>
    {
        using var request = new HttpRequestMessage(method, $"/api/v1{path}") { Content = content };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    });

    private async Task<HttpResponseMessage> Reached(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new CommandEndedException(
                Exit.Unreachable, $"The gateway can't be reached at {address}: is it running, and is --url (or INVITEHUB_URL) right? ({e.Message})", "unreachable");
        }
    }
}
