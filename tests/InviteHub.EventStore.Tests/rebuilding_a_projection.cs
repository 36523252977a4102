using InviteHub.EventStore.Projections;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 9. A projection that is written with its events is rebuilt while its writers go on.</summary>
[Trait("Feature", "LOG-06")]
public sealed class rebuilding_an_inline_projection(BalancesDatabase database) : IClassFixture<BalancesDatabase>
{
    private const string Accounts = "tests.accounts.v1";

    private const string Lock =
        """
        from pg_locks where locktype = 'advisory' and classid = 731 and database = (select oid from pg_database where datname = current_database())
        """;

    private ProjectionDaemon Daemon => database.Store.Services!.GetRequiredService<ProjectionDaemon>();

    [Fact]
    public async Task equals_the_live_one_row_by_row_while_others_write()
    {
        await using (var writers = await database.Writing())
        {
            for (var n = 0; n < 5; n++)
            {
                await writers.HaveWritten(100);
                // Only a rebuild puts this right, for the streams that nobody writes to any more too.
                await database.Source.Ask<object>("update accounts set balance = balance + 100 where version = 1");
                await Daemon.Rebuild(Accounts);
            }

            await writers.HaveWritten(100);
        }

        (await database.WrongAccounts()).ShouldBeEmpty();
    }

    [Fact]
    public async Task waits_for_a_commit_that_has_appended_and_holds_what_it_wrote()
    {
        var id = await database.Store.Opened(1);
        await using var writer = await database.Source.Source.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await writer.Append(id, expected: 2);
        await new NpgsqlCommand($"update accounts set balance = balance + 1, version = 3 where id = '{id}'", writer).ExecuteNonQueryAsync();

        var rebuilt = Daemon.Rebuild(Accounts);
        await writer.IsWaitedFor(database.Store);
        await transaction.CommitAsync();
        await rebuilt;

        (await database.WrongAccounts()).ShouldBeEmpty();
    }

    [Fact]
    public async Task gives_way_to_writers_while_a_reader_of_the_live_rows_stays_open()
    {
        var id = await database.Store.Opened(1);
        await using var reader = await database.Source.Source.OpenConnectionAsync();
        await using var transaction = await reader.BeginTransactionAsync();
        await new NpgsqlCommand("select count(*) from accounts", reader).ExecuteScalarAsync();

        var rebuilt = Daemon.Rebuild(Accounts);
        await reader.IsWaitedFor(database.Store);
        // It waits for the swap, and the swap gives up.
        await database.Store.Credit(id, 2).WaitAsync(TimeSpan.FromSeconds(10));
        rebuilt.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync();
        await rebuilt;

        (await database.WrongAccounts()).ShouldBeEmpty();
    }

    [Fact]
    public async Task shows_readers_all_of_the_old_rows_or_all_of_the_new()
    {
        for (var n = 0; n < 20; n++)
            await database.Store.Opened(1);
        await database.Source.Ask<object>("update accounts set balance = -1");
        var count = await database.Source.Ask<long>("select count(*) from accounts");
        using var enough = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<(long Old, long All)>();
            while (!enough.IsCancellationRequested)
            {
                await using var command = database.Source.Source.CreateCommand("select count(*) filter (where balance = -1), count(*) from accounts");
                await using var reader = await command.ExecuteReaderAsync();
                await reader.ReadAsync();
                seen.Add((reader.GetInt64(0), reader.GetInt64(1)));
            }

            return seen;
        })).ToArray();

        await Daemon.Rebuild(Accounts);
        await enough.CancelAsync();

        foreach (var seen in await Task.WhenAll(reading))
            seen.ShouldBeSubsetOf([(count, count), (0, count)]);
        (await database.WrongAccounts()).ShouldBeEmpty();
    }

    [Fact]
    public async Task changes_nothing_when_it_is_killed_half_way_and_can_be_started_again()
    {
        await database.Store.Opened(1, 2);
        await database.Source.Ask<object>("update accounts set balance = -1");
        var before = await database.Source.Ask<string>("select string_agg(a::text, ';' order by id) from accounts a");

        await Should.ThrowAsync<NpgsqlException>(() => Daemon.Rebuild(Accounts, new Hears(_ => database.Source.Ask<object>(
            $"select pg_terminate_backend(pid) {Lock}").Wait())));
        (await database.Source.Ask<string>("select string_agg(a::text, ';' order by id) from accounts a")).ShouldBe(before);
        await Eventually.Is(async () => await database.Source.Ask<long>($"select count(*) {Lock}") == 0, "it is gone");
        await Daemon.Rebuild(Accounts);

        (await database.WrongAccounts()).ShouldBeEmpty();
    }

    [Fact, Trait("Feature", "GDP-03")]
    public async Task leaves_nothing_behind_the_next_start_when_its_process_was_killed()
    {
        await database.Source.Ask<object>("select ih_begin_rebuild('{accounts}')");
        Task<long> Left() => database.Source.Ask<long>("select count(*) from pg_tables where schemaname = 'rebuild'");
        (await Left()).ShouldBe(1);

        // Not while somebody rebuilds.
        await using (var rebuilding = await database.Source.Source.OpenConnectionAsync())
        {
            await using var take = new NpgsqlCommand("select pg_advisory_lock(731, 1)", rebuilding);
            await take.ExecuteNonQueryAsync();
            await database.Store.Store.ApplySchema([]);
            (await Left()).ShouldBe(1);
            await using var give = new NpgsqlCommand("select pg_advisory_unlock(731, 1)", rebuilding);
            await give.ExecuteNonQueryAsync();
        }

        await database.Store.Store.ApplySchema([]);
        (await Left()).ShouldBe(0);
    }

    [Fact]
    public async Task is_refused_while_the_same_one_is_being_rebuilt()
    {
        await database.Store.Opened();
        Exception? refused = null;
        var heard = default(RebuildProgress);

        await Daemon.Rebuild(Accounts, new Hears(progress =>
        {
            heard = progress;
            refused = Record.ExceptionAsync(() => Daemon.Rebuild(Accounts)).Result;
        }));

        refused.ShouldBeOfType<InvalidOperationException>();
        heard.Total.ShouldBe(await database.Source.Ask<long>("select count(*) from mt_events"));
        heard.Done.ShouldBe(heard.Total);
    }

    [Fact]
    public async Task is_refused_for_a_name_that_nobody_has() =>
        await Should.ThrowAsync<InvalidOperationException>(() => Daemon.Rebuild("tests.nobody.v1"));
}

/// <summary>Promise 9. What two streams take turns on, such as a number, is taken in the order of commits, and read in another.</summary>
[Trait("Feature", "LOG-06")]
public sealed class rebuilding_what_two_streams_took_turns_on(BalancesDatabase database) : IClassFixture<BalancesDatabase>
{
    [Fact]
    public async Task leads_to_the_rows_that_the_commits_led_to()
    {
        using var host = await database.Store.Host(services => services.AddInlineProjection<Balances>());
        var store = host.Services.GetRequiredService<PostgresEventStore>();
        var (former, latter) = (StoreDatabase.NewStream(), StoreDatabase.NewStream());
        await Save(former, 0, new AccountEvent.Opened(7));

        // The latter takes its transaction id first, and the number only when the former has set it free.
        var message = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await using var holder = await database.Source.Source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await new NpgsqlCommand($"insert into inbox (consumer, message_id) values ('test', '{message}')", holder).ExecuteNonQueryAsync();
        await database.Source.Ask<object>("alter table accounts drop constraint accounts_number_key");
        var saving = Save(latter, 0, new AccountEvent.Opened(7), message);
        await holder.IsWaitedFor(database.Store);
        await Save(former, 1, new AccountEvent.Credited(0));
        await transaction.RollbackAsync();
        await saving;
        var live = await Rows();

        await BalancesDatabase.DaemonOf(host).Rebuild(Balances.ByDefault);

        (await Rows()).ShouldBe(live);
        live.ShouldNotBeNull().ShouldContain("7");
        (await database.Source.Ask<string>("select stream_id from mt_events order by transaction_id, seq_id offset 1 limit 1")).ShouldBe(latter.Id);

        async Task Save(StreamId id, int version, AccountEvent happened, Guid? handled = null)
        {
            var session = store.OpenSession();
            if (handled is { } messageId)
                session.HandledBy("test", messageId);
            (version == 0
                ? session.StartStream<Account, AccountEvent>(id)
                : await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(happened);
            await session.SaveChanges();
        }
    }

    private Task<string?> Rows() => database.Source.Ask<string>("select string_agg(b::text, ';' order by id) from balances b");
}

/// <summary>Promise 9. A projection that is written behind the streams is rebuilt while it goes on.</summary>
[Trait("Feature", "LOG-06")]
public sealed class rebuilding_an_asynchronous_projection(BalancesDatabase database) : IClassFixture<BalancesDatabase>
{
    [Fact]
    public async Task equals_the_live_one_row_by_row_and_goes_on_from_there()
    {
        using var host = await database.Host();
        await using (var writers = await database.Writing())
        {
            for (var n = 0; n < 5; n++)
            {
                await writers.HaveWritten(100);
                await database.Source.Ask<object>("update balances set balance = balance + 100 where cardinality(versions) = 1");
                await BalancesDatabase.DaemonOf(host).Rebuild(Balances.ByDefault);
            }

            await writers.HaveWritten(100);
        }

        await database.IsRead();
        (await database.Wrong()).ShouldBeEmpty();
    }

    [Fact]
    public async Task keeps_the_names_and_shapes_of_its_tables_and_leaves_none_behind()
    {
        using var host = await database.Host();

        await BalancesDatabase.DaemonOf(host).Rebuild(Balances.ByDefault);

        (await database.Shape()).ShouldBe(database.FirstShape);
    }

    [Fact]
    public async Task parks_what_it_cannot_take_and_parks_no_more_what_it_can()
    {
        var (healed, not) = (await database.Opened(13, 1), await database.Opened(1000, 2));
        using var host = await database.Host();
        await database.IsRead();
        (await database.Parked(healed)).ShouldBe([2, 3]);
        host.Services.GetRequiredService<Balances>().IsAfraid = false;

        await BalancesDatabase.DaemonOf(host).Rebuild(Balances.ByDefault);

        (await database.Versions(healed)).ShouldBe([1, 2, 3]);
        (await database.Parked(healed)).ShouldBeEmpty();
        (await database.Versions(not)).ShouldBe([1]);
        (await database.Parked(not)).ShouldBe([2, 3]);
        // Other tests of the class compare every stream, with projections that are afraid.
        foreach (var id in new[] { healed.Id, not.Id })
        {
            await database.Source.Ask<object>("delete from mt_events where stream_id = $1", id);
            await database.Source.Ask<object>("delete from parked_events where stream_id = $1", id);
            await database.Source.Ask<object>("delete from balances where id = $1", id);
        }
    }

    [Fact]
    public async Task fails_when_it_touches_a_table_that_it_does_not_name()
    {
        using var host = await database.Store.Host(services => services.AddInlineProjection<Forgetful>());
        var id = await database.Opened(1);
        var before = await database.Source.Ask<string>("select string_agg(a::text, ';' order by id) from accounts a where id = $1", id.Id);

        var e = await Should.ThrowAsync<PostgresException>(() => BalancesDatabase.DaemonOf(host).Rebuild("tests.forgetful.v1"));

        e.SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
        (await database.Source.Ask<long>("select count(*) from pg_tables where schemaname = 'rebuild'")).ShouldBe(0);
        (await database.Source.Ask<string>("select string_agg(a::text, ';' order by id) from accounts a where id = $1", id.Id)).ShouldBe(before);
    }

    private sealed class Forgetful : IInlineProjection, IProjection
    {
        public string Name => "tests.forgetful.v1";

        public IReadOnlyList<string> Tables => ["balances"];

        public void Project(RecordedEvent happened, SqlQueue sql) => sql.Execute("update accounts set version = 0");
    }
}

internal sealed class Hears(Action<RebuildProgress> heard) : IProgress<RebuildProgress>
{
    public void Report(RebuildProgress value) => heard(value);
}
