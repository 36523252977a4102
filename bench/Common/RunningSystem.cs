using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InviteHub.LocalHost;
using Npgsql;

namespace InviteHub.Bench;

/// <summary>A business with a subscription that people are invited to.</summary>
public sealed record Business(Guid Organization, Guid App, Guid Subscription);

/// <summary>
/// The gateway and the services behind it, as they are built, on a PostgreSQL and a RabbitMQ of their own; mails go to <see cref="Inbox"/>.
/// </summary>
public sealed class RunningSystem : IAsyncDisposable
{
    private const string AdminEmail = "admin@invitehub.example";
    private const string AdminWords = "correct staple of a horse";
    private static readonly string[] Kinds = ["business"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly PostgresServer _server;
    private readonly RabbitMqServer _broker;
    private readonly Dictionary<string, Uri> _addresses = Services.Append("gateway").ToDictionary(
        name => name, _ => new Uri($"http://127.0.0.1:{FreePort()}"), StringComparer.Ordinal);

    private readonly Dictionary<string, Process> _processes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> _databases = new(StringComparer.Ordinal);

    private RunningSystem(PostgresServer server, RabbitMqServer broker)
    {
        (_server, _broker) = (server, broker);
        Api = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _addresses["gateway"], Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>The services by their names.</summary>
    public static IReadOnlyList<string> Services { get; } = ["identity", "subscriptions", "invitations", "notifications"];

    /// <summary>Where the mails come.</summary>
    public SmtpSink Inbox { get; } = new(TimeSpan.Zero);

    /// <summary>The gateway, without a token.</summary>
    public HttpClient Api { get; }

    /// <summary>The token of a System admin.</summary>
    public string Admin { get; private set; } = "";

    /// <summary>Starts all of it and signs in.</summary>
    public static async Task<RunningSystem> Start()
    {
        var system = new RunningSystem(
            await PostgresServer.StartAsync(new PostgresServerOptions()), await RabbitMqServer.StartAsync(new RabbitMqServerOptions()));
        system.Inbox.Start();
        foreach (var name in Services.Append("keyring"))
            await system.Execute("postgres", $"create database {name}db");
        foreach (var name in system._addresses.Keys)
            system.StartProcess(name);
        await Until(async () => await system.IsHealthy());
        await Until(async () =>
        {
            var (status, body) = await system.Send(HttpMethod.Post, "/session", new { email = AdminEmail, password = AdminWords }, token: null);
            system.Admin = status == HttpStatusCode.OK ? body["accessToken"]!.GetValue<string>() : "";
            return status == HttpStatusCode.OK;
        });
        return system;
    }

    /// <summary>Sends a request through the gateway.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> Send(HttpMethod method, string path, object? body, string? token)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path);
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Api.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    /// <summary>Sends a request as the System admin, that has to come off.</summary>
    /// <exception cref="InvalidOperationException">It did not.</exception>
    public async Task<JsonNode> Do(HttpMethod method, string path, object? body = null, string? token = null)
    {
        var (status, answer) = await Send(method, path, body, token ?? Admin);
        return (int)status < 300 ? answer : throw new InvalidOperationException($"{method} {path}: {(int)status} {answer}");
    }

    /// <summary>Makes a business with a subscription without a limit.</summary>
    public async Task<Business> Business()
    {
        var organization = Id(await Do(HttpMethod.Post, "/organizations", new { name = "Acme", kinds = Kinds }));
        var app = Id(await Do(HttpMethod.Post, "/apps", new { name = "Planner", roles = new[] { new { key = "editor", name = "Editor" } } }));
        await Do(HttpMethod.Put, $"/organizations/{organization}/apps/{app}", new { });
        return new(organization, app, await Subscription(organization, app));
    }

    /// <summary>One more subscription.</summary>
    public async Task<Guid> Subscription(Guid organization, Guid app) =>
        Id(await Do(HttpMethod.Post, "/subscriptions", new { organizationId = organization, appId = app, plan = "standard", startsOn = "2026-01-01" }));

    /// <summary>Asks a service's database.</summary>
    public async Task<T> Ask<T>(string database, string sql)
    {
        await using var command = Database(database).CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Does something to a database.</summary>
    public async Task Execute(string database, string sql)
    {
        await using var command = Database(database).CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A pool of connections to measure what PostgreSQL takes by itself.</summary>
    public NpgsqlDataSource Pool(int connections) =>
        NpgsqlDataSource.Create($"{_server.ConnectionString("postgres")};Maximum Pool Size={connections};Max Auto Prepare=10");

    /// <summary>One event-sized row a commit, by so many sessions at once: commits a second.</summary>
    public async Task<double> Commits(int sessions = 32, int each = 400)
    {
        await Execute("postgres", "create table if not exists commits (id uuid primary key, data jsonb)");
        await using var pool = Pool(sessions);
        var data = $$"""{"text":"{{new string('x', 500)}}"}""";
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(async _ =>
        {
            for (var n = 0; n < each; n++)
            {
                await using var insert = pool.CreateCommand("insert into commits values (gen_random_uuid(), $1::jsonb)");
                insert.Parameters.AddWithValue(data);
                await insert.ExecuteNonQueryAsync();
            }
        }));
        return sessions * each / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>What a process holds in memory now, in MB.</summary>
    public long Memory(string name)
    {
        _processes[name].Refresh();
        return _processes[name].WorkingSet64 / 1_000_000;
    }

    /// <summary>Kills a service without a word, and starts it again.</summary>
    public async Task Kill(string name)
    {
        _processes[name].Kill();
        await _processes[name].WaitForExitAsync();
        StartProcess(name);
    }

    /// <summary>Waits until something is so, at most a quarter of an hour.</summary>
    /// <exception cref="TimeoutException">It was not.</exception>
    public static async Task Until(Func<Task<bool>> so)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await so())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"not within {Patience}");
            // Asking costs those who are asked, and what is measured takes seconds.
            await Task.Delay(250);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values)
            await database.DisposeAsync();
        foreach (var process in _processes.Values)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Api.Dispose();
        Inbox.Dispose();
        await _broker.DisposeAsync();
        await _server.DisposeAsync();
    }

    private NpgsqlDataSource Database(string name) => _databases.GetOrAdd(name, known => NpgsqlDataSource.Create(_server.ConnectionString(known)));

    private async Task<bool> IsHealthy()
    {
        if (_processes.FirstOrDefault(one => one.Value.HasExited) is { Key: { } name })
            throw new InvalidOperationException($"{name} ended while it started; above it says why.");
        try
        {
            using var answer = await Api.GetAsync(new Uri("/health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Beside this program, in the same configuration: artifacts/bin/<project>/<configuration>/<project>.
    private void StartProcess(string name)
    {
        var project = $"InviteHub.{char.ToUpperInvariant(name[0])}{name[1..]}";
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var start = new ProcessStartInfo(Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project))
        {
            Environment =
            {
                ["ASPNETCORE_URLS"] = _addresses[name].ToString(),
                ["Logging__LogLevel__Default"] = "None",
                ["ConnectionStrings__keyringdb"] = _server.ConnectionString("keyringdb"),
                ["ConnectionStrings__messaging"] = _broker.ConnectionString,
                ["Smtp__Url"] = $"smtp://127.0.0.1:{Inbox.Port}",
                ["MasterKey"] = "a master key for benchmarks, long enough",
                ["PublicUrl"] = "http://localhost:8080",
                ["INVITEHUB_ADMIN_EMAIL"] = AdminEmail,
                ["INVITEHUB_ADMIN_PASSWORD"] = AdminWords,
                // Everybody comes from one address.
                ["Gateway__RateLimit__PerSecond"] = "0",
            },
        };
        if (name != "gateway")
            start.Environment[$"ConnectionStrings__{name}db"] = $"{_server.ConnectionString($"{name}db")};Maximum Pool Size=20";
        foreach (var service in Services)
            start.Environment[$"services__{service}__http__0"] = _addresses[service].ToString();
        _processes[name] = Process.Start(start)!;
    }

    private static Guid Id(JsonNode thing) => thing["id"]!.GetValue<Guid>();

    // Below the range that the kernel takes ports for outgoing connections from: those that are started first make some.
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(20_000, 32_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
