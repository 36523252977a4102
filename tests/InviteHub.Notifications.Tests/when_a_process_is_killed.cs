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
    private readonly List<ServiceProcess> _processes = [];
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
            await process.DisposeAsync();

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
        await _processes[0].Kill();
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
        var process = ServiceProcess.Start(
            _database, _keyRing, _broker.ConnectionString, ("Webhooks__AllowPrivateAddresses", "true"), ("Webhooks__Timeout", "00:00:05"));
        lock (_processes)
            _processes.Add(process);
        await process.IsUp();
    }
}
