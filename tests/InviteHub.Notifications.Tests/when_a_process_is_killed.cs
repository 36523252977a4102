using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using InviteHub.LocalHost;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

/// <summary>Real processes of the service on a database and a broker of their own.</summary>
[Trait("Feature", "NOT-05")]
[Trait("Feature", "OPS-04")]
public sealed class when_a_process_is_killed : IAsyncLifetime
{
    private const int Events = 200;
    private readonly TestDatabase _database = new();
    private readonly TestDatabase _keyRing = new();
    private readonly List<Process> _processes = [];
    private RabbitMqServer _broker = null!;
    private ScriptedHttp _other = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await _keyRing.InitializeAsync();
        _broker = await RabbitMqServer.StartAsync(new RabbitMqServerOptions());
        _other = await ScriptedHttp.Start();
        _other.Takes = TimeSpan.FromMilliseconds(20);
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await _broker.DisposeAsync();
        await _other.DisposeAsync();
        await _database.DisposeAsync();
        await _keyRing.DisposeAsync();
    }

    [Fact]
    public async Task others_go_on_telling_and_nothing_is_lost_or_out_of_order()
    {
        await Start();
        var webhook = Some.NewId();
        await _database.Ask<object>(
            """
            insert into webhooks (id, organization_id, url, events, includes_details, is_paused, generation, created_at, version)
            values ($1, $2, $3, array['invitation.accepted'], false, false, 1, now(), 1)
            """,
            webhook, Some.Organization, new Uri(_other.Address, "/hook").ToString());
        await _database.Ask<object>("insert into webhook_progress (webhook_id, position) values ($1, 0)", webhook);
        await Happen();

        await Eventually.Is(() => _other.Received.Count > 20, "it is at work", TimeSpan.FromSeconds(60));
        _processes[0].Kill();
        await _processes[0].WaitForExitAsync();
        _other.Received.Count.ShouldBeLessThan(Events);
        // Two at once take over, and more happens meanwhile.
        await Task.WhenAll(Start(), Start());
        await Happen();

        await Eventually.Is(
            async () => await _database.Ask<bool>("select position = (select max(position) from webhook_feed) from webhook_progress"), "all is told", TimeSpan.FromSeconds(60));

        var told = _other.Received.Select(r => r.Headers["webhook-id"]).ToArray();
        var wanted = (await _database.Ask<string>("select string_agg(id::text, ',' order by position) from webhook_feed"))!.Split(',');
        told.Distinct().ShouldBe(wanted);
        // Twice at most what was under way when somebody died.
        told.Length.ShouldBeLessThanOrEqualTo(wanted.Length + 2);
    }

    private async Task Happen() => await _database.Ask<object>(
        $$"""
        insert into webhook_feed (id, organization_id, kind, facts, at)
        select gen_random_uuid(), $1, 'invitation.accepted', '{}', now() from generate_series(1, {{Events}})
        """,
        Some.Organization);

    private async Task Start()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [typeof(Delivery).Assembly.Location]) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (name, value) in new Dictionary<string, string>
                 {
                     ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                     ["ConnectionStrings__notificationsdb"] = _database.ConnectionString,
                     ["ConnectionStrings__keyringdb"] = _keyRing.ConnectionString,
                     ["ConnectionStrings__messaging"] = _broker.ConnectionString,
                     ["MasterKey"] = "a master key for tests, of 32 characters and more",
                     ["PublicUrl"] = "https://hub.example",
                     ["Smtp__Url"] = "smtp://127.0.0.1:9",
                     ["Webhooks__AllowPrivateAddresses"] = "true",
                     ["Webhooks__Timeout"] = "00:00:05",
                     ["Logging__LogLevel__Default"] = "Warning",
                 })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        lock (_processes)
            _processes.Add(process);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var http = new HttpClient();
        await Eventually.Is(async () => await Answers(http, port), "the process is up", TimeSpan.FromSeconds(60));
    }

    private static async Task<bool> Answers(HttpClient http, int port)
    {
        try
        {
            return (await http.GetAsync($"http://127.0.0.1:{port}/health")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
