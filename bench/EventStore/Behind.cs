using System.Diagnostics;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.EventStore.Projections;
using InviteHub.EventStore.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace InviteHub.Bench.EventStore;

/// <summary>What reads behind the streams: a subscription's delay, an asynchronous projection, a rebuild while others write.</summary>
internal sealed class Behind(string connectionString, NpgsqlDataSource database, TimeProvider clock)
{
    private const int PerStream = 10;

    // Of a host of its own: what it appends reaches the readers as another process would tell them.
    private PostgresEventStore _writer = null!;

    public Task Measure(int events) => WithHost(_ => { }, async host =>
    {
        _writer = host.Services.GetRequiredService<PostgresEventStore>();
        await Execute("truncate mt_events, mt_streams, mt_event_progression, sample_rows");
        await Delay();
        await Fill(events);
        var written = TimeSpan.Zero;
        await WithHost(services => services.AddAsyncProjection<SampleRows>(), async reader =>
        {
            written = await Until(async () => await Count("select coalesce(sum(events), 0)::bigint from sample_rows") >= events);
            Console.WriteLine($"asynchronous projection, one statement an event: {events / written.TotalSeconds:0} events/s over {events} events");

            using var enough = new CancellationTokenSource();
            var writing = Write(enough.Token);
            var watch = Stopwatch.StartNew();
            await reader.Services.GetRequiredService<ProjectionDaemon>().Rebuild("bench.samples.v1", ct: CancellationToken.None);
            watch.Stop();
            await enough.CancelAsync();
            Console.WriteLine($"rebuild of {events} events beside the live table: {watch.Elapsed.TotalSeconds:0.0} s, while {await writing} were appended");
        });
    });

    private async Task Delay()
    {
        var committed = new List<(StreamId Stream, long At)>();
        var heard = new Dictionary<StreamId, long>();
        await WithHost(services => services.AddSingleton(heard).AddSubscription<Hearing>(), async _ =>
        {
            // About 1,000 a second, as the budget says, for some seconds after a warm-up.
            for (var n = 0; n < 5000; n += 10)
            {
                var next = Task.Delay(10);
                committed.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await Append(), Stopwatch.GetTimestamp()))));
                await next;
            }

            await Until(() => Task.FromResult(heard.Count >= 5000));
        });
        // Whoever hears of it before the writer does has waited for nothing.
        var sorted = committed.Skip(1000).Select(c => Math.Max(0, Stopwatch.GetElapsedTime(c.At, heard[c.Stream]).TotalMilliseconds)).Order().ToArray();
        Console.WriteLine(
            $"from commit to subscriber: p50 {sorted[sorted.Length / 2]:0.0} ms, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms, of {sorted.Length} events");
    }

    private async Task WithHost(Action<IServiceCollection> add, Func<IHost, Task> work)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddEventStore(
            connectionString, types => types.Add<SampleEvent>(), new MasterKey("a master key for benchmarks, long enough"));
        add(builder.Services);
        using var host = builder.Build();
        await host.StartAsync();
        await work(host);
        await host.StopAsync();
    }

    // As ih_append would leave them, but for the chain: what is measured here does not look at it.
    private Task Fill(int events) => Execute(
        $"""
        insert into mt_streams (id, type, version) select 'sample-' || s, 'sample', {PerStream} from generate_series(1, {events / PerStream}) s;
        insert into mt_events (id, stream_id, version, data, type, hash)
        select gen_random_uuid(), 'sample-' || s, v, jsonb_build_object('personId', gen_random_uuid(), 'organization', 'Acme Holding', 'role', 'editor',
            'number', v, 'at', now()), 'sample.happened.v1', sha256('')
        from generate_series(1, {events / PerStream}) s, generate_series(1, {PerStream}) v;
        analyze mt_events
        """);

    private async Task<int> Write(CancellationToken enough)
    {
        var written = 0;
        for (; !enough.IsCancellationRequested; written += 10)
            await Task.WhenAll([Task.Delay(100, CancellationToken.None), .. Enumerable.Range(0, 10).Select(_ => Append())]);
        return written;
    }

    private async Task<StreamId> Append()
    {
        var id = StreamId.Of(Sample.Category, Guid.CreateVersion7(clock.GetUtcNow()));
        var session = _writer.OpenSession();
        session.StartStream<Sample, SampleEvent>(id).AppendOne(new SampleEvent.Happened(Guid.Empty, "Acme Holding", "editor", 1, clock.GetUtcNow()));
        await session.SaveChanges();
        return id;
    }

    private static async Task<TimeSpan> Until(Func<Task<bool>> so)
    {
        var watch = Stopwatch.StartNew();
        while (!await so())
            await Task.Delay(50);
        return watch.Elapsed;
    }

    private async Task<long> Count(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task Execute(string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Hearing(Dictionary<StreamId, long> heard) : ISubscription
    {
        public string Name => "bench.hearing.v1";

        public Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var happened in events)
                heard[happened.Stream] = now;
            return Task.CompletedTask;
        }
    }
}
