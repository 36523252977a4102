using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 2. A's transaction has appended and is still open when B comes with the same expected version.</summary>
public sealed class appending_while_another_append_is_open(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task loses_with_a_conflict_when_the_other_commits()
    {
        var id = await database.Opened();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        await a.Append(id, expected: 1);

        var b = database.Credit(id, 5);
        await a.IsWaitedFor(database);
        await open.CommitAsync();

        var conflict = await Should.ThrowAsync<ConcurrencyConflictException>(b);
        conflict.What.ShouldBe(id.Id);
        (await database.Session().FetchStream(id)).Select(e => e.Version).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task succeeds_when_the_other_rolls_back()
    {
        var id = await database.Opened();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        await a.Append(id, expected: 1);

        var b = database.Credit(id, 5);
        await a.IsWaitedFor(database);
        await open.RollbackAsync();

        await b;
        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(5);
    }

    [Fact]
    public async Task loses_when_both_start_the_stream()
    {
        var id = StoreDatabase.NewStream();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        await a.Append(id, expected: 0);

        var session = database.Session();
        session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        var b = session.SaveChanges();
        await a.IsWaitedFor(database);
        await open.CommitAsync();

        (await Should.ThrowAsync<ConcurrencyConflictException>(b)).What.ShouldBe(id.Id);
        (await database.Session().FetchStream(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task starts_the_stream_when_the_other_start_rolls_back()
    {
        var id = StoreDatabase.NewStream();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        await a.Append(id, expected: 0);

        var session = database.Session();
        session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        var b = session.SaveChanges();
        await a.IsWaitedFor(database);
        await open.RollbackAsync();

        await b;
        (await database.Session().FetchStream(id)).Single().Data.ShouldBeOfType<AccountEvent.Opened>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task loses_between_two_open_transactions_on_the_sql_function_itself(int expected)
    {
        var id = expected == 0 ? StoreDatabase.NewStream() : await database.Opened();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var b = await database.Source.OpenConnectionAsync();
        await using var openA = await a.BeginTransactionAsync();
        await using var openB = await b.BeginTransactionAsync();
        await a.Append(id, expected);

        var second = b.Append(id, expected);
        await a.IsWaitedFor(database);
        await openA.CommitAsync();

        var lost = await Should.ThrowAsync<PostgresException>(second);
        lost.SqlState.ShouldBe("IH001");
        lost.Hint.ShouldBe(id.Id);
        await openB.RollbackAsync();
        (await database.Session().FetchStream(id)).Count.ShouldBe(expected + 1);
    }

    [Fact]
    public async Task loses_under_repeatable_read_too()
    {
        var id = await database.Opened();
        await using var a = await database.Source.OpenConnectionAsync();
        await using var b = await database.Source.OpenConnectionAsync();
        await using var openA = await a.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var openB = await b.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await a.Append(id, expected: 1);

        var second = b.Append(id, expected: 1);
        await a.IsWaitedFor(database);
        await openA.CommitAsync();

        (await Should.ThrowAsync<PostgresException>(second)).SqlState.ShouldBe(PostgresErrorCodes.SerializationFailure);
    }
}

/// <summary>Promise 2. Without any overlap: the version was read before, and somebody committed since.</summary>
public sealed class appending_with_a_version_that_has_passed(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task loses_and_keeps_the_events_of_the_winner()
    {
        var id = await database.Opened();
        var late = database.Session();
        var stream = await late.FetchForWriting<Account, AccountEvent>(id);
        await database.Credit(id, 7);

        stream.AppendOne(new AccountEvent.Credited(100));

        (await Should.ThrowAsync<ConcurrencyConflictException>(() => late.SaveChanges())).What.ShouldBe(id.Id);
        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task loses_whichever_version_it_names(long expected)
    {
        var id = await database.Opened(1);
        await using var connection = await database.Source.OpenConnectionAsync();

        (await Should.ThrowAsync<PostgresException>(connection.Append(id, expected))).SqlState.ShouldBe("IH001");
    }

    [Fact]
    public async Task loses_on_a_stream_that_does_not_exist()
    {
        await using var connection = await database.Source.OpenConnectionAsync();

        (await Should.ThrowAsync<PostgresException>(connection.Append(StoreDatabase.NewStream(), expected: 1))).SqlState.ShouldBe("IH001");
    }

    [Fact]
    public async Task takes_no_sequence_number()
    {
        // Streams are taken in the order of their ids, these in the order of their making: the one that loses is in the middle.
        var (earlier, id, later) = (await database.Opened(), await database.Opened(), StoreDatabase.NewStream());
        var late = database.Session();
        foreach (var other in new[] { earlier, later })
            (await late.FetchForWriting<Account, AccountEvent>(other)).AppendOne(new AccountEvent.Credited(1));
        (await late.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(1));
        await database.Credit(id, 1);
        var before = await database.Ask<long>("select last_value from mt_events_sequence");

        await Should.ThrowAsync<ConcurrencyConflictException>(() => late.SaveChanges());

        (await database.Ask<long>("select last_value from mt_events_sequence")).ShouldBe(before);
    }

    [Fact]
    public async Task loses_against_a_writer_that_does_not_know_the_append_function()
    {
        var id = await database.Opened();
        var session = database.Session();
        (await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(1));
        await database.Ask<object>(
            "insert into mt_events (id, stream_id, version, data, type) values (gen_random_uuid(), $1, 2, '{\"amount\": 3}', 'account.credited.v1')", id.Id);

        await Should.ThrowAsync<ConcurrencyConflictException>(() => session.SaveChanges());
    }

    [Fact]
    public async Task is_another_stream_in_another_tenant()
    {
        var id = await database.Opened();
        var elsewhere = id with { TenantId = "an organization" };
        var session = database.Session();
        session.StartStream<Account, AccountEvent>(elsewhere).AppendOne(new AccountEvent.Credited(4));

        await session.SaveChanges();

        (await database.Session().FetchStream(elsewhere)).Single().Version.ShouldBe(1);
        (await database.Session().FetchStream(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task is_refused_for_good_on_an_archived_stream()
    {
        var id = await database.Opened();
        await database.Ask<object>("update mt_streams set is_archived = true where id = $1", id.Id);

        await Should.ThrowAsync<StreamArchivedException>(() => database.Credit(id, 1));
    }

    [Fact]
    public async Task is_refused_before_it_is_saved_when_the_state_refuses_the_event()
    {
        var id = await database.Opened();
        var session = database.Session();
        var stream = await session.FetchForWriting<Account, AccountEvent>(id);

        Should.Throw<InvalidOperationException>(() => stream.AppendOne(new AccountEvent.Credited(-1)));
        await session.SaveChanges();

        (await database.Session().FetchStream(id)).Count.ShouldBe(1);
    }
}

/// <summary>Promise 2, as the sum of it: thirty-two writers of one stream, and every one of them decides on what is true.</summary>
public sealed class many_writers_of_one_stream(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task all_get_through_with_retries_and_none_is_swallowed()
    {
        const int Writers = 32;
        var id = StoreDatabase.NewStream();

        var balances = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => database.Store.Transact(new(), async session =>
        {
            var outcome = await session.Decide<Account, AccountEvent>(id, _ => new AccountEvent.Credited(1));
            return outcome.State.Balance;
        }))));

        var events = await database.Session().FetchStream(id);
        events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, Writers).Select(version => (long)version));
        // No two of them decided on the same balance.
        balances.Order().ShouldBe(Enumerable.Range(1, Writers));
        (await database.Store.Verify(id)).ShouldBeNull();
    }

    [Fact]
    public async Task all_get_through_again_and_again_in_two_processes()
    {
        await using var another = database.AnotherProcess();
        var stores = new[] { database.Store, another.GetRequiredService<PostgresEventStore>() };
        var id = StoreDatabase.NewStream();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(n => Task.Run(async () =>
        {
            for (var time = 0; time < 10; time++)
                await stores[n % 2].Transact(new(), session => session.Decide<Account, AccountEvent>(id, _ => new AccountEvent.Credited(1)));
        })));

        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(320);
    }

    [Fact]
    public async Task leave_no_gap_in_the_sequence_when_only_conflicts_fail_them()
    {
        var id = StoreDatabase.NewStream();
        var before = await database.Ask<long>("select count(*) from mt_events");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => database.Store.Transact(new(), async session =>
            await session.Decide<Account, AccountEvent>(id, _ => new AccountEvent.Credited(1))))));

        (await database.Ask<long>("select count(*) from mt_events")).ShouldBe(before + 8);
        (await database.Ask<long>("select max(seq_id) - min(seq_id) + 1 from mt_events where stream_id = $1", id.Id)).ShouldBe(8);
    }

    [Fact]
    public async Task wait_for_each_other_instead_of_deadlocking_on_several_streams()
    {
        var ids = new[] { await database.Opened(), await database.Opened(), await database.Opened() };

        await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Task.Run(() => database.Store.Transact(new(), async session =>
        {
            // Each names them in another order.
            foreach (var id in ids.Skip(n % 3).Concat(ids.Take(n % 3)))
                await session.Decide<Account, AccountEvent>(id, _ => new AccountEvent.Credited(1));
            return 0;
        }))));

        foreach (var id in ids)
            (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(12);
    }
}
