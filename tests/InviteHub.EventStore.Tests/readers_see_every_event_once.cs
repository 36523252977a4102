using System.Collections.Concurrent;
using InviteHub.EventStore.Subscriptions;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 3. The transaction that took its sequence number first commits last.</summary>
public sealed class reading_while_an_earlier_transaction_is_open(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task waits_for_it_and_then_sees_both_in_order()
    {
        var start = await database.End();
        var (slow, fast) = (StoreDatabase.NewStream(), StoreDatabase.NewStream());
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        await a.Append(slow, expected: 0);
        await using var b = await database.Source.OpenConnectionAsync();
        await b.Append(fast, expected: 0);

        var (before, unsettled) = await database.Store.EventsAfter(start, 10, default);
        before.ShouldBeEmpty();
        unsettled.ShouldBeTrue();

        await open.CommitAsync();
        var after = await database.Settled(start);
        after.Select(e => e.Stream).ShouldBe([slow, fast]);
    }

    [Fact]
    public async Task sees_the_later_one_alone_when_the_earlier_one_rolls_back()
    {
        var start = await database.End();
        var fast = StoreDatabase.NewStream();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        await a.Append(StoreDatabase.NewStream(), expected: 0);
        await using var b = await database.Source.OpenConnectionAsync();
        await b.Append(fast, expected: 0);

        await open.RollbackAsync();

        // The gap that the other one left in the sequence holds nobody up.
        (await database.Settled(start)).Select(e => e.Stream).ShouldBe([fast]);
    }

    [Fact]
    public async Task would_lose_it_with_a_checkpoint_on_the_sequence_number_alone()
    {
        var checkpoint = await database.Ask<long>("select coalesce(max(seq_id), 0) from mt_events");
        var start = await database.End();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        var (slow, fast) = (StoreDatabase.NewStream(), StoreDatabase.NewStream());
        await a.Append(slow, expected: 0);
        await using var b = await database.Source.OpenConnectionAsync();
        await b.Append(fast, expected: 0);

        var naive = new List<string>();
        checkpoint = await ReadNaively(checkpoint, naive);
        await open.CommitAsync();
        await ReadNaively(checkpoint, naive);

        naive.ShouldBe([fast.Id], "if this sees both, the order of commits was not what this test wants");
        (await database.Settled(start)).Select(e => e.Stream).ShouldBe([slow, fast]);
    }

    private async Task<long> ReadNaively(long checkpoint, List<string> seen)
    {
        await using var command = database.Source.CreateCommand("select seq_id, stream_id from mt_events where seq_id > $1 order by seq_id");
        command.Parameters.AddWithValue(checkpoint);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            checkpoint = reader.GetInt64(0);
            seen.Add(reader.GetString(1));
        }

        return checkpoint;
    }
}

/// <summary>Promise 3. A transaction has an early id, and reaches a stream after one with a later id.</summary>
public sealed class appending_late_with_an_early_transaction_id(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task keeps_the_order_of_the_versions_of_the_stream()
    {
        var id = StoreDatabase.NewStream();
        var start = await database.End();
        await using var early = await database.Source.OpenConnectionAsync();
        await using var open = await early.BeginTransactionAsync();
        await TakeId(early);
        await using var late = await database.Source.OpenConnectionAsync();
        await late.Append(id, expected: 0);
        await early.Append(id, expected: 1);

        (await database.Store.EventsAfter(start, 10, default)).Events.ShouldBeEmpty();
        await open.CommitAsync();

        (await database.Settled(start)).Select(e => e.Version).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task keeps_it_when_it_waited_for_the_lock_of_the_stream()
    {
        var id = StoreDatabase.NewStream();
        await using var first = await database.Source.OpenConnectionAsync();
        await first.Append(id, expected: 0);
        var start = await database.End();
        await using var early = await database.Source.OpenConnectionAsync();
        await using var openEarly = await early.BeginTransactionAsync();
        await TakeId(early);
        await using var late = await database.Source.OpenConnectionAsync();
        await using var openLate = await late.BeginTransactionAsync();
        await late.Append(id, expected: 1, count: 3);

        await using var version = new NpgsqlCommand($"select version from mt_streams where id = '{id}' for update", early);
        var waiting = version.ExecuteScalarAsync();
        await late.IsWaitedFor(database);
        await openLate.CommitAsync();
        await early.Append(id, (long)(await waiting)!);
        (await database.Store.EventsAfter(start, 10, default)).Events.ShouldBeEmpty();
        await openEarly.CommitAsync();

        (await database.Settled(start)).Select(e => e.Version).ShouldBe([2, 3, 4, 5]);
        (await database.Store.Verify(id)).ShouldBeNull();
    }

    [Fact]
    public async Task keeps_it_through_a_chain_of_ever_earlier_ones()
    {
        var id = StoreDatabase.NewStream();
        var start = await database.End();
        var connections = new List<NpgsqlConnection>();
        for (var i = 0; i < 5; i++)
        {
            var connection = await database.Source.OpenConnectionAsync();
            connections.Add(connection);
            await using var begin = new NpgsqlCommand("begin", connection);
            await begin.ExecuteNonQueryAsync();
            await TakeId(connection);
        }

        // The youngest appends first, the oldest last.
        for (var i = 4; i >= 0; i--)
        {
            await connections[i].Append(id, expected: 4 - i);
            await using var commit = new NpgsqlCommand("commit", connections[i]);
            await commit.ExecuteNonQueryAsync();
            await connections[i].DisposeAsync();
        }

        (await database.Settled(start)).Select(e => e.Version).ShouldBe([1, 2, 3, 4, 5]);
    }

    private static async Task TakeId(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select pg_current_xact_id()", connection);
        await command.ExecuteScalarAsync();
    }
}

/// <summary>Promise 3 as a whole: writers that dawdle and give up, readers beside them.</summary>
public sealed class many_writers_beside_several_readers(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const int Writers = 10;
    private const int Transactions = 25;

    [Fact]
    public async Task show_each_reader_every_committed_event_once_in_order()
    {
        await using var create = database.Source.CreateCommand(
            "create table seen (reader varchar, id uuid, place bigserial, stream varchar, version bigint, primary key (reader, id))");
        await create.ExecuteNonQueryAsync();
        using var host = await database.Host(services => services
            .AddReader("test.first.v1").AddReader("test.second.v1").AddReader("test.third.v1"));
        // The writers wake the readers themselves: they read all the time, and in the worst moments.
        var signal = host.Services.GetRequiredService<EventSignal>();
        var streams = Enumerable.Range(0, 6).Select(_ => StoreDatabase.NewStream()).OrderBy(s => s.Id, StringComparer.Ordinal).ToArray();
        var committed = new ConcurrentBag<(string Stream, long Version)>();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(seed => Task.Run(() => Write(new Random(seed), streams, committed, signal))));

        var events = await database.Ask<long>("select count(*) from mt_events");
        events.ShouldBe(committed.Count);
        await Eventually.Is(async () => await database.Ask<long>("select count(*) from seen") >= 3 * events, "all readers have seen all events");
        await host.StopAsync();

        (await database.Ask<long>(
            "select count(*) from (select id from mt_events except select id from seen group by id having count(*) = 3) as missing")).ShouldBe(0);
        // In order: of any two events of a stream, each reader saw the one with the smaller version first.
        (await database.Ask<long>(
            """
            select count(*) from (
                select version - lag(version) over (partition by reader, stream order by place) as step from seen) as steps
            where step <> 1
            """)).ShouldBe(0);
        foreach (var id in streams)
            (await database.Store.Verify(id)).ShouldBeNull();
    }

    private async Task Write(Random random, StreamId[] streams, ConcurrentBag<(string Stream, long Version)> committed, EventSignal signal)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        for (var i = 0; i < Transactions; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var appended = new List<(string, long)>();
            try
            {
                // Some take their id long before they append anything.
                if (random.Next(3) == 0)
                {
                    await using var id = new NpgsqlCommand("select pg_current_xact_id()", connection, transaction);
                    await id.ExecuteScalarAsync();
                    await Task.Delay(random.Next(15));
                }

                foreach (var stream in streams.Where(_ => random.Next(streams.Length) == 0))
                {
                    var version = await database.Ask<long>("select coalesce(max(version), 0) from mt_streams where id = $1", stream.Id);
                    var count = random.Next(1, 4);
                    await connection.Append(stream, version, count);
                    appended.AddRange(Enumerable.Range(1, count).Select(k => (stream.Id, version + k)));
                }

                await Task.Delay(random.Next(15));
                if (random.Next(4) == 0)
                {
                    await transaction.RollbackAsync();
                    continue;
                }

                await transaction.CommitAsync();
                appended.ForEach(committed.Add);
                signal.Raise(appended.Select(e => e.Item1));
            }
            catch (PostgresException e) when (e.SqlState == "IH001")
            {
                await transaction.RollbackAsync();
            }
        }
    }
}

internal static class Reading
{
    /// <summary>Behind the last event so far, once it is settled.</summary>
    public static async Task<EventPosition> End(this StoreDatabase database)
    {
        var all = await database.Settled(EventPosition.Start);
        return all.Count == 0 ? EventPosition.Start : all[^1].Position;
    }

    /// <summary>All events behind a position, once nothing older runs: other tests share the server's transaction ids.</summary>
    public static async Task<IReadOnlyList<RecordedEvent>> Settled(this StoreDatabase database, EventPosition after)
    {
        IReadOnlyList<RecordedEvent> events = [];
        await Eventually.Is(async () =>
        {
            (events, var unsettled) = await database.Store.EventsAfter(after, 10_000, default);
            return !unsettled;
        }, "every event is settled");
        return events;
    }

    public static IServiceCollection AddReader(this IServiceCollection services, string name) =>
        services.AddSingleton<IHostedService>(p => ActivatorUtilities.CreateInstance<SubscriptionRunner>(p, new Reader(name)));
}

/// <summary>Writes down what it is handed, with its checkpoint; a second time breaks the key.</summary>
internal sealed class Reader(string name) : ISubscription
{
    public string Name => name;

    public Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
    {
        foreach (var e in events)
            session.Sql.Execute("insert into seen (reader, id, stream, version) values ($1, $2, $3, $4)", name, e.Id, e.Stream.Id, e.Version);
        return Task.CompletedTask;
    }
}
