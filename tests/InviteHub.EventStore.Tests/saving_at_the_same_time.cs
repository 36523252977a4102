using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Units of work of one process that save at once share commits, and each is still all or nothing for itself.</summary>
public sealed class saving_at_the_same_time(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const int Many = 100;

    [Fact]
    public async Task takes_fewer_commits_than_units_of_work()
    {
        var started = Enumerable.Range(0, Many).Select(_ => Opening(database.NextNumber())).ToArray();

        await Task.WhenAll(started.Select(s => s.Session.SaveChanges()));

        object ids = started.Select(s => s.Id.Id).ToArray();
        (await database.Ask<long>("select count(*) from mt_events where stream_id = any($1)", ids)).ShouldBe(Many);
        (await database.Ask<long>("select count(distinct transaction_id) from mt_events where stream_id = any($1)", ids)).ShouldBeLessThan(Many / 2);
    }

    [Fact]
    public async Task tells_each_its_own_failure_and_keeps_the_others()
    {
        var number = database.NextNumber();
        await database.Credit(await Numbered(number), 1);
        var existing = await database.Opened();
        var works = Enumerable.Range(0, Many).Select<int, (Type? Expected, EventSession Session)>(i => (i % 10) switch
        {
            0 => (typeof(UniqueRuleException), Opening(number).Session),
            1 => (typeof(ConcurrencyConflictException), Starting(existing)),
            2 => (typeof(PostgresException), Broken()),
            _ => (null, Opening(database.NextNumber()).Session),
        }).ToArray();
        // Until all of them wait: those that fail and those that don't go out together.
        var release = await Hold();
        var before = await database.Ask<long>("select count(*) from accounts");
        var outcomes = works.Select(async work => (work.Expected, Actual: (await Record.ExceptionAsync(() => work.Session.SaveChanges()))?.GetType())).ToArray();
        await release();

        foreach (var (expected, actual) in await Task.WhenAll(outcomes))
            actual.ShouldBe(expected);
        (await database.Ask<long>("select count(*) from accounts")).ShouldBe(before + works.Count(w => w.Expected is null));
    }

    [Fact]
    public async Task on_one_stream_lets_one_of_them_win()
    {
        var id = await database.Opened();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var session = database.Session();
            (await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(1));
            return session;
        }));

        var outcomes = await Task.WhenAll(sessions.Select(session => Record.ExceptionAsync(() => session.SaveChanges())));

        outcomes.Count(outcome => outcome is null).ShouldBe(1);
        outcomes.Where(outcome => outcome is not null).ShouldAllBe(outcome => outcome is ConcurrencyConflictException);
        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(1);
    }

    [Fact]
    public async Task lets_who_gives_up_before_it_was_sent_leave_without_a_trace()
    {
        var (given, kept) = (Opening(database.NextNumber()), Opening(database.NextNumber()));
        using var cancel = new CancellationTokenSource();
        var release = await Hold();
        var (givingUp, waiting) = (given.Session.SaveChanges(cancel.Token), kept.Session.SaveChanges());

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(givingUp);
        await release();
        await waiting;

        (await database.Session().FetchStream(given.Id)).ShouldBeEmpty();
        (await database.Session().FetchStream(kept.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task in_two_processes_on_the_same_streams_ends_for_all_of_them()
    {
        await using var other = database.AnotherProcess();
        var stores = new[] { database.Store, other.GetRequiredService<PostgresEventStore>() };
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.Opened()));

        // Each moves between two streams, in either order.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => stores[i % 2].Transact(new(), async session =>
        {
            await session.Decide<Account, AccountEvent>(ids[i % 8], _ => new AccountEvent.Credited(1));
            return await session.Decide<Account, AccountEvent>(ids[i * 3 % 8], _ => new AccountEvent.Credited(1));
        })));

        var balances = await Task.WhenAll(ids.Select(id => database.Session().AggregateStream<Account, AccountEvent>(id)));
        balances.Sum(account => account!.Balance).ShouldBe(400);
    }

    [Fact]
    public async Task a_long_stream_s_state_is_that_of_all_its_events_whoever_appended_them()
    {
        await using var other = database.AnotherProcess();
        var stores = new[] { database.Store, other.GetRequiredService<PostgresEventStore>() };
        var id = Tally.NewStream();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => stores[i % 2].Transact(
            new(), session => session.Decide<Tally, TallyEvent>(id, _ => new TallyEvent.Added(i % 10)))));

        var digits = string.Concat((await database.Session().FetchStream(id)).Select(e => ((TallyEvent.Added)e.Data).Amount));
        foreach (var store in stores)
            (await store.OpenSession().AggregateStream<Tally, TallyEvent>(id)).ShouldBe(new Tally(60, digits));
    }

    [Fact]
    public async Task a_no_is_never_said_on_what_this_process_saw_last()
    {
        await using var other = database.AnotherProcess();
        var id = Tally.NewStream();
        await Add(database.Store, 1, when: 0);
        await Add(other.GetRequiredService<PostgresEventStore>(), 2, when: 1);

        // This process left it at one; there are two.
        await Add(database.Store, 3, when: 2);

        (await database.Session().AggregateStream<Tally, TallyEvent>(id)).ShouldBe(new Tally(3, "123"));

        Task<Outcome<Tally>> Add(PostgresEventStore store, int amount, int when) => store.Transact(new(), session =>
            session.Decide<Tally, TallyEvent>(id, tally => tally.Count == when ? new TallyEvent.Added(amount) : Nothing.Happened));
    }

    [Fact]
    public async Task who_lost_on_a_long_stream_reads_what_is_behind_the_state_that_was_left_here_and_nothing_else()
    {
        await using var other = database.AnotherProcess();
        var id = Tally.NewStream();
        await Add(database.Store, id, 1, 2, 3, 4, 5, 6);
        await Add(other.GetRequiredService<PostgresEventStore>(), id, 7);
        // Neither the snapshot nor the events up to the sixth can be read any more.
        await database.Ask<object>("delete from snapshots where stream_id = $1", id.Id);
        await database.Ask<object>("update mt_events set type = 'tally.unknown.v1' where stream_id = $1 and version <= 6", id.Id);

        await Add(database.Store, id, 8);

        (await database.Session().AggregateStream<Tally, TallyEvent>(id)).ShouldBe(new Tally(8, "12345678"));
        await Should.ThrowAsync<UnknownEventTypeException>(database.FreshSession().AggregateStream<Tally, TallyEvent>(id));
    }

    [Fact]
    public async Task what_was_left_here_of_a_stream_that_is_another_one_since_a_backup_was_put_back_is_not_read_on_from()
    {
        await using var other = database.AnotherProcess();
        var elsewhere = other.GetRequiredService<PostgresEventStore>();
        var id = Tally.NewStream();
        await Add(elsewhere, id, 1, 2, 3);
        await Add(database.Store, id, 4, 5);
        await database.Ask<object>("delete from snapshots where stream_id = $1", id.Id);
        await database.Ask<object>("delete from mt_events where stream_id = $1 and version > 3", id.Id);
        await database.Ask<object>("update mt_streams set version = 3 where id = $1", id.Id);
        await Add(elsewhere, id, 6, 7, 8);

        (await database.Session().AggregateStream<Tally, TallyEvent>(id)).ShouldBe(new Tally(6, "123678"));
        await Add(database.Store, id, 9);
        (await database.FreshSession().AggregateStream<Tally, TallyEvent>(id)).ShouldBe(new Tally(7, "1236789"));
    }

    private static Task<bool> Add(PostgresEventStore store, StreamId id, params int[] amounts) => store.Transact(new(), async session =>
    {
        (await session.FetchForWriting<Tally, TallyEvent>(id)).AppendMany(amounts.Select(amount => new TallyEvent.Added(amount)));
        return true;
    });

    private (StreamId Id, EventSession Session) Opening(int number)
    {
        var id = StoreDatabase.NewStream();
        var session = database.Session();
        session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Opened(number));
        return (id, session);
    }

    private EventSession Starting(StreamId id)
    {
        var session = database.Session();
        session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        return session;
    }

    private EventSession Broken()
    {
        var session = Opening(database.NextNumber()).Session;
        session.Sql.Execute("select 1 / 0");
        return session;
    }

    private async Task<StreamId> Numbered(int number)
    {
        var (id, session) = Opening(number);
        await session.SaveChanges();
        return id;
    }

    /// <summary>Keeps what is sent from being answered until the answer is called: whatever comes after it waits in line.</summary>
    private async Task<Func<Task>> Hold()
    {
        var connection = await database.Source.OpenConnectionAsync();
        var held = await Task.WhenAll(database.Opened(), database.Opened());
        var transaction = await connection.BeginTransactionAsync();
        foreach (var id in held)
        {
            await using var hold = new NpgsqlCommand("select from mt_streams where id = $1 for update", connection) { Parameters = { new() { Value = id.Id } } };
            await hold.ExecuteNonQueryAsync();
        }

        var holding = Task.WhenAll(held.Select(id => database.Credit(id, 1)));
        await connection.IsWaitedFor(database, by: held.Length);
        return async () =>
        {
            await transaction.RollbackAsync();
            await connection.DisposeAsync();
            await holding;
        };
    }
}
