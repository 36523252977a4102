using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InviteHub.Testing;
using Xunit;

namespace InviteHub.EndToEnd.Tests;

/// <summary>
/// The whole application as <c>./run.sh</c> starts it: the AppHost as a process of its own, with a data folder and ports of its own.
/// Tests speak to it as clients do, through the gateway, and read mail where people would.
/// </summary>
[CollectionDefinition(Collection)]
public partial class RunningApplication : IAsyncLifetime, ICollectionFixture<RunningApplication>
{
    public const string Collection = "the running application";
    public const string AdminEmail = "admin@example.org";
    internal const string OwnPassword = "another morning in May";
    internal const string AdminPassword = "a-long-secret-for-the-tests";
    internal const string DashboardToken = "another-long-secret-for-the-tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("invitehub-e2e-").FullName;
    private readonly List<string> _output = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly int _port = FreePort();
    private readonly int _mailPort = FreePort();
    private readonly int _dashboardPort = FreePort();
    private readonly int _replicas = 1;
    private readonly bool _exportsToDashboard;
    private Process? _host;

    public RunningApplication()
    {
    }

    /// <summary>With so many of the gateway and of each service.</summary>
    protected RunningApplication(int replicas) => _replicas = replicas;

    /// <summary>The traces that the application exports.</summary>
    internal TraceCollector Traces { get; } = new();

    /// <summary>An application whose telemetry goes where it goes by itself, and not to <see cref="Traces"/>.</summary>
    internal RunningApplication(bool exportsToDashboard) => _exportsToDashboard = exportsToDashboard;

    /// <summary>The variables that the application was started with.</summary>
    internal IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["INVITEHUB_PORT"] = _port.ToString(),
        ["INVITEHUB_MAIL_UI_PORT"] = _mailPort.ToString(),
        ["INVITEHUB_DASHBOARD_PORT"] = _dashboardPort.ToString(),
        ["INVITEHUB_REPLICAS"] = _replicas.ToString(),
        // Several of each stand for several machines, with a cluster of brokers.
        ["QuorumQueues"] = _replicas > 1 ? "true" : "false",
        ["INVITEHUB_DASHBOARD_TOKEN"] = DashboardToken,
        ["INVITEHUB_DATA"] = _folder,
        ["INVITEHUB_ADMIN_EMAIL"] = AdminEmail,
        ["INVITEHUB_ADMIN_PASSWORD"] = AdminPassword,
        // For the dashboard: its own endpoint, and what services say of each request, as a developer may want it.
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _exportsToDashboard ? "" : Traces.Address,
        ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = _exportsToDashboard ? "Information" : "Warning",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "2000",
        // As somebody may set it who looks for an error: the framework then leaves queries in the spans of its clients.
        ["DOTNET_SYSTEM_NET_HTTP_DISABLEURIREDACTION"] = "true",
    };

    /// <summary>The gateway.</summary>
    internal Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Where the host shows how everything is.</summary>
    internal Uri Dashboard => new($"http://127.0.0.1:{_dashboardPort}/");

    public async Task InitializeAsync()
    {
        // The databases' unprivileged user has to get through to its folder.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("755", 8));
        await Traces.Start();
        var assembly = Path.Combine(Root(), "artifacts/bin/InviteHub.AppHost", Configuration(), "InviteHub.AppHost.dll");
        var start = new ProcessStartInfo("dotnet", [assembly])
        {
            WorkingDirectory = Path.Combine(Root(), "InviteHub.AppHost"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        _host = Process.Start(start)!;
        _host.OutputDataReceived += Keep;
        _host.ErrorDataReceived += Keep;
        _host.BeginOutputReadLine();
        _host.BeginErrorReadLine();
        await Eventually.Is(
            () => Output.Any(line => line.StartsWith("InviteHub is ready", StringComparison.Ordinal)) || _host.HasExited,
            "the host says that it is ready", TimeSpan.FromMinutes(5));
        if (_host.HasExited)
            throw new InvalidOperationException("the host ended: " + string.Join('\n', Output));
    }

    public async Task DisposeAsync()
    {
        if (_host is { HasExited: false })
        {
            Signal(_host.Id, "TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            await _host.WaitForExitAsync(patience.Token);
        }

        _host?.Dispose();
        _http.Dispose();
        await Traces.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
                return [.. _output];
        }
    }

    /// <summary>Sends a request through the gateway; the answer's body and status.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Body, HttpResponseHeaders Headers)> Send(
        HttpMethod method, string path, object? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{_port}/api/v1{path}");
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!, answer.Headers);
    }

    /// <summary>Sends a request that must be answered with a status.</summary>
    internal async Task<JsonNode> Expect(
        HttpStatusCode status, HttpMethod method, string path, object? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        var answer = await Send(method, path, body, token, headers);
        return answer.Status == status
            ? answer.Body
            : throw new InvalidOperationException($"{method} {path}: {(int)answer.Status}, not {(int)status}: {answer.Body.ToJsonString()}");
    }

    internal Task<string> AdminToken() => SignIn(AdminEmail, AdminPassword);

    /// <summary>Somebody who was added, and has a password of their own in place of the first one.</summary>
    internal async Task<Guid> Person(string email, string firstName, string lastName, string password = OwnPassword, string systemRole = "guest")
    {
        const string first = "for the first time alone";
        var id = Id(await Expect(
            HttpStatusCode.Created, HttpMethod.Post, "/users",
            new { firstName, lastName, email, emailConfirmation = email, password = first, passwordConfirmation = first, systemRole }, await AdminToken()));
        var session = await SignIn(email, first);
        await Expect(HttpStatusCode.NoContent, HttpMethod.Put, "/me/password", new { current = first, @new = password }, session);
        await Expect(HttpStatusCode.NoContent, HttpMethod.Delete, "/session", token: session);
        return id;
    }

    /// <summary>The token of a new session.</summary>
    internal async Task<string> SignIn(string email, string password) =>
        Text(await Expect(HttpStatusCode.OK, HttpMethod.Post, "/session", new { email, password }), "accessToken");

    /// <summary>The mails to an address that lie in the inbox.</summary>
    internal async Task<IReadOnlyList<JsonNode>> Mails(string address)
    {
        var all = (await _http.GetFromJsonAsync<JsonArray>($"http://127.0.0.1:{_mailPort}/email"))!;
        return [.. all.Where(mail => mail!["to"]!.AsArray().Any(to => Text(to!, "address") == address)).Select(mail => mail!)];
    }

    /// <summary>The first mail to an address, once it has come.</summary>
    internal async Task<JsonNode> Mail(string address)
    {
        await Eventually.Is(async () => (await Mails(address)).Count > 0, $"a mail for {address} comes", TimeSpan.FromSeconds(60));
        return (await Mails(address))[0];
    }

    /// <summary>The codes of six digits that were mailed to an address.</summary>
    internal async Task<IReadOnlyList<string>> Codes(string address) =>
        [.. (await Mails(address)).Select(mail => CodeInMail().Match(Text(mail, "text")).Groups["code"].Value).Where(code => code.Length > 0)];

    /// <summary>The first code to an address that was not seen before, once it has come.</summary>
    internal async Task<string> Code(string address, IReadOnlyList<string> seen)
    {
        await Eventually.Is(async () => (await Codes(address)).Count > seen.Count, "a mail with a code comes", TimeSpan.FromSeconds(60));
        return (await Codes(address)).First(code => !seen.Contains(code));
    }

    /// <summary>Empties the inbox, where there are so many that looking into it takes long.</summary>
    internal async Task ForgetMails() => (await _http.DeleteAsync($"http://127.0.0.1:{_mailPort}/email/all")).Dispose();

    /// <summary>The token in the link of a mail.</summary>
    internal static string Token(JsonNode mail) => LinkInMail().Match(Text(mail, "text")).Groups["token"].Value;

    /// <summary>An organization that is entitled to an app with two roles, and a subscription with some seats.</summary>
    internal async Task<(Guid Organization, Guid App, Guid Subscription)> Business(string admin, int? seats, string name = "Acme")
    {
        var organization = await Expect(HttpStatusCode.Created, HttpMethod.Post, "/organizations", new { name, kinds = new[] { "business", "customer" } }, admin);
        var app = await Expect(HttpStatusCode.Created, HttpMethod.Post, "/apps",
            new { name = "Planner", roles = new[] { new { key = "editor", name = "Editor" }, new { key = "reader", name = "Reader" } } }, admin);
        var (status, problem, _) = await Send(HttpMethod.Put, $"/organizations/{Id(organization)}/apps/{Id(app)}", new { }, admin);
        if ((int)status >= 300)
            throw new InvalidOperationException($"not entitled: {problem}");
        var subscription = await Expect(HttpStatusCode.Created, HttpMethod.Post, "/subscriptions",
            new { organizationId = Id(organization), appId = Id(app), plan = "standard", seatLimit = seats, startsOn = "2026-01-01" }, admin);
        return (Id(organization), Id(app), Id(subscription));
    }

    /// <summary>Has an organization ask for a second person (INV-23), and adds a member who may invite there, also many at once.</summary>
    internal async Task<string> InviterToBeApproved((Guid Organization, Guid App, Guid Subscription) to, string email, string admin)
    {
        await Expect(HttpStatusCode.OK, HttpMethod.Patch, $"/organizations/{to.Organization}/settings", new { requiresApproval = true }, admin);
        var id = await Person(email, "Ina", "Inviter");
        await Expect(HttpStatusCode.NoContent, HttpMethod.Put, $"/organizations/{to.Organization}/permissions/{id}",
            new { permissions = new[] { "member", "user_registration", "can_bulk_invite" } }, admin);
        var session = await SignIn(email, OwnPassword);
        var n = 0;
        await Eventually.Is(
            async () => (await Send(HttpMethod.Post, "/invitations", Access(to, $"{++n}.{email}"), session)).Body["approval"] is JsonObject,
            "what they ask for awaits an approval", TimeSpan.FromSeconds(60));
        return $"{n}.{email}";
    }

    internal static object Access((Guid Organization, Guid App, Guid Subscription) to, string email, string role = "editor") => new
    {
        way = "access",
        organizationId = to.Organization,
        appId = to.App,
        subscriptionId = to.Subscription,
        role,
        invitee = new { firstName = "Ada", lastName = "Lovelace", email },
    };

    /// <summary>A subscription's seats: reserved, occupied, free.</summary>
    internal async Task<(int Reserved, int Occupied, int? Free)> Seats(Guid subscription, string admin)
    {
        var seats = (await Expect(HttpStatusCode.OK, HttpMethod.Get, $"/subscriptions/{subscription}", token: admin))["seats"]!;
        return (seats["reserved"]!.GetValue<int>(), seats["occupied"]!.GetValue<int>(), seats["free"]?.GetValue<int>());
    }

    /// <summary>The process that is a service now.</summary>
    internal async Task<int> ProcessId(string service)
    {
        var resource = (await Resources()).First(r => Text(r!, "name") == service)!;
        return resource["processId"]!.GetValue<int>();
    }

    /// <summary>How a service reaches its database, or what else is asked for, as its process was told.</summary>
    internal async Task<string> ConnectionString(string service, string? of = null)
    {
        var environment = await File.ReadAllTextAsync($"/proc/{await ProcessId(service)}/environ");
        // Of several, each has a number.
        var name = $"ConnectionStrings__{of ?? $"{service.Split('-')[0]}db"}=";
        return environment.Split('\0').First(variable => variable.StartsWith(name, StringComparison.Ordinal))[name.Length..];
    }

    /// <summary>Where a service listens itself.</summary>
    internal async Task<Uri> AddressOf(string service) =>
        new((await Resources()).First(r => Text(r!, "name") == service)!["endpoints"]!.AsArray().Single()!.GetValue<string>());

    /// <summary>Kills a service without a word and waits until the host has it healthy again, in another process.</summary>
    internal async Task KillAndAwait(string service, int processId)
    {
        Signal(processId, "KILL");
        await Back(service, processId);
    }

    internal Task Back(string service, int killed) => Eventually.Is(
        async () =>
        {
            var resource = (await Resources()).First(r => Text(r!, "name") == service)!;
            return resource["processId"]?.GetValue<int>() is { } now && now != killed && resource["healthy"]!.GetValue<bool>();
        },
        $"{service} is back", TimeSpan.FromMinutes(3));

    internal static void Signal(int processId, string signal) => Process.Start("kill", [$"-{signal}", processId.ToString()]).WaitForExit();

    internal static Guid Id(JsonNode thing) => thing["id"]!.GetValue<Guid>();

    internal static string Text(JsonNode thing, string name) => thing[name]!.GetValue<string>();

    private async Task<JsonArray> Resources()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Dashboard}api/resources") { Headers = { Authorization = new("Bearer", DashboardToken) } };
        using var answer = await _http.SendAsync(request);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonArray>())!;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_output)
            _output.Add(line.Data);
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "InviteHub.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        return folder.FullName;
    }

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Name;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("/registrations/(?<token>[A-Za-z0-9_-]{43})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LinkInMail();

    [GeneratedRegex("^\\s*(?<code>\\d{6})\\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CodeInMail();
}
