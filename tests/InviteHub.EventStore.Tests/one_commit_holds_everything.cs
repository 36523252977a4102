namespace InviteHub.EventStore.Tests;

/// <summary>Promise 1. Whichever part of a unit of work breaks, the database is as it was, to the last row.</summary>
public sealed class breaking_one_part_of_a_commit(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly Guid Handled = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private static readonly EventPosition Moved = new(1, 1);

    public static TheoryData<string, Type> Parts => new()
    {
        { "stream", typeof(ConcurrencyConflictException) },
        { "start", typeof(ConcurrencyConflictException) },
        { "projection", typeof(UniqueRuleException) },
        { "saga", typeof(ConcurrencyConflictException) },
        { "new saga", typeof(ConcurrencyConflictException) },
        { "inbox", typeof(DuplicateMessageException) },
        { "idempotency", typeof(UniqueRuleException) },
        { "checkpoint", typeof(ConcurrencyConflictException) },
        { "sql", typeof(UniqueRuleException) },
        { "syntax", typeof(Npgsql.PostgresException) },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task leaves_nothing_of_the_others(string broken, Type with)
    {
        var number = database.NextNumber();
        var opened = await database.Opened();
        var existing = await database.Opened();
        var (saga, message, key, checkpoint) = (NewId(), NewId(), NewId().ToString(), NewId().ToString());
        await Before(broken, number, existing, saga, message, key, checkpoint);

        var session = database.Session();
        session.HandledBy("consumer", message);
        session.Answers("caller", key, [1], "resource");
        session.SaveSaga(saga, new Saga("after"), broken == "saga" ? 1 : 0);
        session.MoveCheckpoint(checkpoint, EventPosition.Start, Moved);
        var started = StoreDatabase.NewStream();
        session.StartStream<Account, AccountEvent>(broken == "start" ? opened : started).AppendOne(new AccountEvent.Opened(number));
        (await session.FetchForWriting<Account, AccountEvent>(existing)).AppendOne(new AccountEvent.Credited(1));
        session.Sql.Execute("insert into accounts (id, number, version) values ($1, $2, 1)", key, broken == "sql" ? number : database.NextNumber());
        if (broken == "syntax")
            session.Sql.Execute("this is not SQL");
        if (broken == "stream")
            await database.Credit(existing, 1);

        var before = await database.Dump();
        (await Should.ThrowAsync<Exception>(() => session.SaveChanges())).ShouldBeOfType(with);
        (await database.Dump()).ShouldBe(before);
    }

    [Fact]
    public async Task and_none_broken_keeps_all_of_them()
    {
        var (saga, message, key, checkpoint) = (NewId(), NewId(), NewId().ToString(), NewId().ToString());
        var (started, existing) = (StoreDatabase.NewStream(), await database.Opened());
        var session = database.Session();
        session.HandledBy("consumer", message);
        session.Answers("caller", key, [1], "resource");
        session.SaveSaga(saga, new Saga("after"), 0);
        session.MoveCheckpoint(checkpoint, EventPosition.Start, Moved);
        session.StartStream<Account, AccountEvent>(started).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        (await session.FetchForWriting<Account, AccountEvent>(existing)).AppendOne(new AccountEvent.Credited(1));
        session.Sql.Execute("update accounts set balance = balance + 10 where id = $1", existing.Id);

        await session.SaveChanges();

        (await database.Session().FetchStream(started)).Count.ShouldBe(1);
        (await database.Ask<int>("select balance from accounts where id = $1", existing.Id)).ShouldBe(11);
        (await database.Ask<long>("select version from accounts where id = $1", started.Id)).ShouldBe(1);
        (await database.Session().LoadSaga<Saga>(saga)).ShouldBe((new Saga("after"), 1));
        (await database.Ask<long>("select count(*) from inbox where message_id = $1", message)).ShouldBe(1);
        (await database.Ask<string>("select resource from idempotency where key = $1", key)).ShouldBe("resource");
        (await database.Ask<long>("select last_seq_id from mt_event_progression where name = $1", checkpoint)).ShouldBe(1);
        // One transaction: every row says the same one.
        (await database.Ask<long>(
            """
            select count(distinct id) from (
                select xmin::text from mt_events where stream_id = $1 union all select xmin::text from accounts where id = $2
                union all select xmin::text from inbox where message_id = $3 union all select xmin::text from idempotency where key = $4
                union all select xmin::text from sagas where correlation_id = $5
                union all select xmin::text from mt_event_progression where name = $6) as writers(id)
            """, started.Id, started.Id, message, key, saga, checkpoint)).ShouldBe(1);
    }

    [Fact]
    public async Task sends_nothing_when_a_projection_throws()
    {
        var session = database.Session();
        session.StartStream<Account, AccountEvent>(StoreDatabase.NewStream()).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        session.HandledBy("consumer", NewId());
        session.StartStream<Unregistered, UnregisteredEvent>(StoreDatabase.NewStream()).AppendOne(new UnregisteredEvent());
        var before = await database.Dump();

        await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChanges());

        (await database.Dump()).ShouldBe(before);
    }

    [Fact]
    public async Task saves_once_when_it_is_asked_to_save_twice()
    {
        var id = StoreDatabase.NewStream();
        var session = database.Session();
        var stream = session.StartStream<Account, AccountEvent>(id);
        stream.AppendOne(new AccountEvent.Opened(database.NextNumber()));
        session.HandledBy("consumer", NewId());

        await session.SaveChanges();
        await session.SaveChanges();
        stream.AppendOne(new AccountEvent.Credited(2));
        await session.SaveChanges();

        (await database.Session().FetchStream(id)).Count.ShouldBe(2);
    }

    private async Task Before(string broken, int number, StreamId existing, Guid saga, Guid message, string key, string checkpoint)
    {
        var session = database.Session();
        switch (broken)
        {
            case "projection" or "sql":
                session.StartStream<Account, AccountEvent>(StoreDatabase.NewStream()).AppendOne(new AccountEvent.Opened(number));
                break;
            case "saga":
                session.SaveSaga(saga, new Saga("first"), 0);
                await session.SaveChanges();
                session.SaveSaga(saga, new Saga("second"), 1);
                break;
            case "new saga":
                session.SaveSaga(saga, new Saga("first"), 0);
                break;
            case "inbox":
                session.HandledBy("consumer", message);
                break;
            case "idempotency":
                session.Answers("caller", key, [1], "resource");
                break;
            case "checkpoint":
                session.MoveCheckpoint(checkpoint, EventPosition.Start, new(5, 5));
                break;
            default:
                await database.Credit(existing, 1);
                return;
        }

        await session.SaveChanges();
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private sealed record Saga(string State);

    private sealed record UnregisteredEvent;

    private sealed record Unregistered : IAggregate<Unregistered, UnregisteredEvent>
    {
        public static string Category => "unregistered";

        public static Unregistered Initial { get; } = new();

        public Unregistered Apply(UnregisteredEvent happened) => this;
    }
}

/// <summary>Promise 1 for retried requests and messages that arrive twice at once.</summary>
public sealed class the_same_message_or_request_twice_at_once(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task is_handled_once_by_the_inbox()
    {
        var (id, message) = (await database.Opened(), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Outcome(async session =>
        {
            session.HandledBy("consumer", message);
            await session.Decide<Account, AccountEvent>(id, _ => new AccountEvent.Credited(1));
        }))));

        outcomes.Count(o => o is null).ShouldBe(1);
        outcomes.OfType<DuplicateMessageException>().Count().ShouldBe(7);
        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(1);
    }

    [Fact, Trait("Feature", "INV-21")]
    public async Task makes_one_thing_for_one_idempotency_key()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => Outcome(session =>
        {
            var id = StoreDatabase.NewStream();
            session.Answers("caller", "one key", [(byte)n], id.Id);
            session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Opened(1_000_000 + n));
            return Task.CompletedTask;
        }))));

        outcomes.Count(o => o is null).ShouldBe(1);
        outcomes.OfType<UniqueRuleException>().Select(e => e.Constraint).ShouldAllBe(name => name == "idempotency_pkey");
        outcomes.OfType<UniqueRuleException>().Count().ShouldBe(7);
        (await database.Ask<long>("select count(*) from accounts where number >= 1000000")).ShouldBe(1);
        (await database.Ask<long>("select count(*) from idempotency i join mt_streams s on s.id = i.resource where i.key = 'one key'")).ShouldBe(1);
    }

    private async Task<Exception?> Outcome(Func<EventSession, Task> work)
    {
        try
        {
            await database.Store.Transact(new(), async session =>
            {
                await work(session);
                return 0;
            });
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
