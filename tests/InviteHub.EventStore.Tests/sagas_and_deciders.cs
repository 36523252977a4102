namespace InviteHub.EventStore.Tests;

/// <summary>A saga's instance is guarded by its version, like a stream.</summary>
public sealed class two_messages_for_one_saga(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task end_in_one_conflict_and_one_change(bool isNew)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        if (!isNew)
            await Save(id, new("first", 0), 0);
        var (a, b) = (await Load(id), await Load(id));

        await Save(id, new("a", 1), a.Version);
        var conflict = await Should.ThrowAsync<ConcurrencyConflictException>(() => Save(id, new("b", 1), b.Version));

        conflict.What.ShouldBe(id.ToString());
        var (saga, version) = await Load(id);
        saga.ShouldBe(new Reserving("a", 1));
        version.ShouldBe(isNew ? 1 : 2);
    }

    [Fact]
    public async Task end_in_one_conflict_while_the_other_is_still_open()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        await Save(id, new("first", 0), 0);
        await using var a = await database.Source.OpenConnectionAsync();
        await using var open = await a.BeginTransactionAsync();
        await using var save = new Npgsql.NpgsqlCommand("select ih_save_saga('Reserving', $1, 1, '{\"state\": \"a\", \"seats\": 1}')", a, open);
        save.Parameters.AddWithValue(id);
        await save.ExecuteNonQueryAsync();

        var b = Save(id, new("b", 1), 1);
        await a.IsWaitedFor(database);
        await open.CommitAsync();

        await Should.ThrowAsync<ConcurrencyConflictException>(b);
        (await Load(id)).ShouldBe((new Reserving("a", 1), 2));
    }

    [Fact]
    public async Task all_get_through_with_retries()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => database.Store.Transact(new(), async session =>
        {
            var (saga, version) = await session.LoadSaga<Reserving>(id);
            session.SaveSaga(id, new Reserving("reserved", (saga?.Seats ?? 0) + 1), version);
            return 0;
        }))));

        (await Load(id)).ShouldBe((new Reserving("reserved", 12), 12));
    }

    private Task<(Reserving? Saga, long Version)> Load(Guid id) => database.Session().LoadSaga<Reserving>(id);

    private async Task Save(Guid id, Reserving saga, long version)
    {
        var session = database.Session();
        session.SaveSaga(id, saga, version);
        await session.SaveChanges();
    }

    private sealed record Reserving(string State, int Seats);
}

/// <summary>The rule is asked about what is true, and its answer is taken up or nothing is.</summary>
public sealed class deciding_on_a_stream(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private sealed record TooMuch() : Refusal(RefusalKind.Conflict, "too-much", "It would be too much.");

    [Fact]
    public async Task appends_nothing_the_second_time()
    {
        var id = await database.Opened();

        foreach (var _ in Enumerable.Range(0, 2))
            (await Decide(id, account => account.Balance > 0 ? Nothing.Happened : new AccountEvent.Credited(5))).State.Balance.ShouldBe(5);

        (await database.Session().FetchStream(id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task appends_nothing_when_it_is_refused()
    {
        var id = await database.Opened(5);

        var outcome = await Decide(id, _ => new TooMuch());

        outcome.Refusal.ShouldBe(new TooMuch());
        outcome.State.Balance.ShouldBe(5);
        (await database.Session().FetchStream(id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task sees_what_the_same_session_decided_before()
    {
        var id = await database.Opened();
        var session = database.Session();

        for (var n = 1; n <= 3; n++)
            (await session.Decide<Account, AccountEvent>(id, _ => new AccountEvent.Credited(1))).State.Balance.ShouldBe(n);
        await session.SaveChanges();

        (await database.Session().FetchStream(id)).Select(e => e.Version).ShouldBe([1, 2, 3, 4]);
    }

    private Task<Outcome<Account>> Decide(StreamId id, Func<Account, Decision<AccountEvent>> rule) =>
        database.Store.Transact(new(), session => session.Decide(id, rule));
}
