using System.Diagnostics;
using System.Text.Json;
using InviteHub.Bench.EventStore;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.EventStore.Subscriptions;
using InviteHub.LocalHost;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

// Each row: ours and the other side in turn, three rounds, medians; what counts is the ratio. PostgreSQL keeps fsync and synchronous commit.
// Usage: dotnet run -c Release [seconds a side, 3 unless given] [events to rebuild from, 1,000,000 unless given]
var seconds = args is [var given, ..] ? int.Parse(given) : 3;
var many = args is [_, var asked] ? int.Parse(asked) : 1_000_000;
await using var server = await PostgresServer.StartAsync(new PostgresServerOptions());
await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString())
{
    MaxAutoPrepare = 100,
    AutoPrepareMinUsages = 2,
    IncludeFailedBatchedCommand = true,
    MaxPoolSize = 64,
});
var clock = TimeProvider.System;
var keys = new SubjectKeys(database, new MasterKey("a master key for benchmarks, long enough"), clock);
using var signal = new EventSignal(database, clock, NullLogger<EventSignal>.Instance);
var types = new EventTypes().Add<SampleEvent>().Add<HotEvent>().Snapshot<Hot, HotEvent>(every: 100, schemaVersion: 1);
var store = new PostgresEventStore(database, types, keys, [], signal, clock);
var projecting = new PostgresEventStore(database, types, keys, [new SampleRows()], signal, clock);
using (var bare = new StreamReader(typeof(Sample).Assembly.GetManifestResourceStream("bare.sql")!))
    await store.ApplySchema([await bare.ReadToEndAsync(), SampleRows.Schema]);

var body = JsonSerializer.Serialize(Happened(1), EventJson.Options);
Console.WriteLine($"{"what",-52} {"sessions",8} {"ours/s",9} {"other/s",9} {"ratio",6}");
foreach (var sessions in new[] { 1, 8, 32 })
{
    await Row("start with 1 : plain insert of the same bytes", sessions, _ => StartOurs(Happened), _ => InsertPlain(1));
    await Row("start with 10 : plain insert of 10", sessions, _ => StartOurs(Happened, 10), _ => InsertPlain(10));
    await Row("start with 1 : bare function", sessions, _ => StartOurs(Happened), _ => StartBare());
    await Row("start with 1, three personal fields : start with 1", sessions, _ => StartOurs(Introduced), _ => StartOurs(Happened));
    await AppendRow(sessions);
    await ProjectRow(sessions);
    await FetchRow(sessions);
}

await HotStream();
await new Behind(server.ConnectionString(), database, clock).Measure(many);

async Task AppendRow(int sessions)
{
    var ours = Enumerable.Range(0, sessions).Select(_ => new Cursor(NewStream())).ToArray();
    var others = Enumerable.Range(0, sessions).Select(_ => new Cursor(NewStream())).ToArray();
    await Row("append 1 with version : bare function", sessions, n => AppendOurs(ours[n]), n => AppendBare(others[n]));
}

async Task ProjectRow(int sessions)
{
    var ours = Enumerable.Range(0, sessions).Select(_ => new Cursor(NewStream())).ToArray();
    var others = Enumerable.Range(0, sessions).Select(_ => new Cursor(NewStream())).ToArray();
    // A unit of work each: the stream is read, decided on, and written with its row; a new one after twenty.
    await Row("fetch, append 1, inline row : bare append", sessions,
        n =>
        {
            if (++ours[n].Version % 20 == 0)
                ours[n] = new(NewStream());
            return projecting.Transact(new EventMetadata(), session => session.Decide<Sample, SampleEvent>(ours[n].Id, _ => Happened(1)));
        },
        n => AppendBare(others[n]));
}

async Task FetchRow(int sessions)
{
    var id = NewStream();
    var session = store.OpenSession();
    var stream = session.StartStream<Sample, SampleEvent>(id);
    for (var i = 0; i < 20; i++)
        stream.AppendOne(Happened(i));
    await session.SaveChanges();
    await Row("aggregate 20 : bare fetch 20, deserialised", sessions,
        _ => store.OpenSession().AggregateStream<Sample, SampleEvent>(id), _ => FetchBare(id.Id));
}

async Task HotStream()
{
    var id = StreamId.Of(Hot.Category, Guid.CreateVersion7(clock.GetUtcNow()));
    var (appends, slowest) = (0, new System.Collections.Concurrent.ConcurrentBag<double>());
    var until = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
    await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
    {
        while (Stopwatch.GetTimestamp() < until)
        {
            var began = Stopwatch.GetTimestamp();
            await store.Transact(new EventMetadata(), session => session.Decide<Hot, HotEvent>(id, _ => new HotEvent.Taken(1)));
            slowest.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            Interlocked.Increment(ref appends);
        }
    })));
    var sorted = slowest.Order().ToArray();
    Console.WriteLine($"one hot stream, 32 writers: {appends / seconds}/s, p99 {sorted[(int)(sorted.Length * 0.99)]:0} ms, {sorted.Length} events at the end");
}

async Task Row(string what, int sessions, Func<int, Task> ours, Func<int, Task> other)
{
    await Rate(sessions, ours, seconds: 1);
    await Rate(sessions, other, seconds: 1);
    var (left, right) = (new List<double>(), new List<double>());
    for (var round = 0; round < 3; round++)
    {
        left.Add(await Rate(sessions, ours, seconds));
        right.Add(await Rate(sessions, other, seconds));
    }

    var (a, b) = (left.Order().ElementAt(1), right.Order().ElementAt(1));
    Console.WriteLine($"{what,-52} {sessions,8} {a,9:0} {b,9:0} {a / b,6:0.00}");
}

static async Task<double> Rate(int sessions, Func<int, Task> work, int seconds)
{
    var done = 0;
    var watch = Stopwatch.StartNew();
    await Task.WhenAll(Enumerable.Range(0, sessions).Select(n => Task.Run(async () =>
    {
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            await work(n);
            Interlocked.Increment(ref done);
        }
    })));
    return done / watch.Elapsed.TotalSeconds;
}

StreamId NewStream() => StreamId.Of(Sample.Category, Guid.CreateVersion7(clock.GetUtcNow()));

SampleEvent Happened(int number) => new SampleEvent.Happened(Guid.Empty, "Acme Holding", "editor", number, clock.GetUtcNow());

static SampleEvent Introduced(int number) => new SampleEvent.Introduced(
    new Guid(number % 1000, 0, 0, new byte[8]), "ada@example.org", "Ada", "Lovelace");

Task StartOurs(Func<int, SampleEvent> happened, int events = 1)
{
    var session = store.OpenSession();
    session.StartStream<Sample, SampleEvent>(NewStream()).AppendMany(Enumerable.Range(Environment.TickCount, events).Select(happened));
    return session.SaveChanges();
}

async Task InsertPlain(int events)
{
    await using var command = database.CreateCommand(
        """
        insert into bare_events
        select nextval('bare_sequence'), id, $2, version, $3::jsonb, 'sample.happened.v1', $4 from unnest($1) with ordinality e(id, version)
        """);
    command.Parameters.AddWithValue(Enumerable.Range(0, events).Select(_ => Guid.CreateVersion7(clock.GetUtcNow())).ToArray());
    command.Parameters.AddWithValue(NewStream().Id);
    command.Parameters.AddWithValue(body);
    command.Parameters.AddWithValue(clock.GetUtcNow());
    await command.ExecuteNonQueryAsync();
}

async Task AppendOurs(Cursor cursor)
{
    // The version is known, as it is to a handler that has just decided: the append alone is measured.
    cursor.Session ??= store.OpenSession();
    var stream = await cursor.Session.FetchForWriting<Sample, SampleEvent>(cursor.Id);
    stream.AppendOne(Happened(1));
    await cursor.Session.SaveChanges();
}

Task StartBare() => Bare(NewStream().Id, 0);

Task AppendBare(Cursor cursor) => Bare(cursor.Id.Id, cursor.Version++);

async Task Bare(string stream, long expected)
{
    await using var command = database.CreateCommand("select bare_append($1, $2, $3, $4, $5::jsonb, $6)");
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
    command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = expected });
    command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(clock.GetUtcNow()) });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "sample.happened.v1" });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = body });
    command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
    await command.ExecuteNonQueryAsync();
}

async Task FetchBare(string stream)
{
    await using var command = database.CreateCommand("select data, type, version, timestamp from mt_events where tenant_id = $1 and stream_id = $2 order by version");
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StreamId.DefaultTenant });
    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream });
    await using var reader = await command.ExecuteReaderAsync();
    while (await reader.ReadAsync())
        _ = JsonSerializer.Deserialize<SampleEvent.Happened>(reader.GetString(0), EventJson.Options);
}
