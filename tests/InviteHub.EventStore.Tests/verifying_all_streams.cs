using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 7, over the whole store: twelve hundred streams of two tenants, two events each.</summary>
public sealed class verifying_all_streams : IAsyncLifetime
{
    private const string OtherTenant = "0198c2aa-0000-7000-8000-000000000000";
    private readonly StoreDatabase _database = new();

    [Fact, Trait("Feature", "LOG-03")]
    public async Task says_how_far_it_is_and_finds_nothing_where_nothing_was_changed()
    {
        var progress = await _database.Store.VerifyAll().ToListAsync();

        progress.SelectMany(p => p.Broken).ShouldBeEmpty();
        progress.Select(p => p.Streams).ShouldBe([500, 500, 200]);
        progress.Sum(p => p.Events).ShouldBe(2400);
    }

    [Fact, Trait("Feature", "LOG-03")]
    public async Task finds_each_of_them_that_was_changed()
    {
        await _database.Ask<object>("update mt_events set data = '{\"amount\": 9}' where stream_id = $1 and version = 1", Id(3));
        await _database.Ask<object>("delete from mt_events where stream_id = $1 and version = 1", Id(499));
        await _database.Ask<object>("delete from mt_events where stream_id = $1 and version = 2", Id(500));
        await _database.Ask<object>("delete from mt_events where stream_id = $1", Id(501));
        await _database.Ask<object>("delete from mt_streams where id = $1", Id(777));
        await _database.Ask<object>("update mt_events set version = 4 - version where stream_id = $1", Id(1000));
        await _database.Ask<object>("update mt_streams set version = 3 where id = $1", Id(1100));
        // Streams that nobody started: before all others, between them, behind them.
        foreach (var name in new[] { "a-first", Id(600) + "-between", "z-last" })
        {
            await _database.Ask<object>(
                "insert into mt_events (id, stream_id, tenant_id, version, data, type) values (gen_random_uuid(), $1, $2, 1, '{}', 'account.opened.v1')",
                name, name == "z-last" ? "zz" : StreamId.DefaultTenant);
        }

        var broken = (await _database.Store.VerifyAll().ToListAsync()).SelectMany(p => p.Broken).ToDictionary(b => b.Stream.Id, b => b.Version);

        broken.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => (b.Key, b.Value)).ShouldBe(
        [
            ("a-first", 1), (Id(3), 1), (Id(499), 2), (Id(500), 2), (Id(501), 2), (Id(600) + "-between", 1), (Id(777), 1), (Id(1000), 2), (Id(1100), 3),
            ("z-last", 1),
        ]);
    }

    [Fact]
    public async Task goes_on_from_where_it_stopped()
    {
        await _database.Ask<object>("update mt_events set data = '{\"amount\": 9}' where stream_id in ($1, $2)", Id(1), Id(1199));
        var whole = await _database.Store.VerifyAll().ToListAsync();

        var rest = await _database.Store.VerifyAll(whole[0].UpTo).ToListAsync();

        rest.Select(p => (p.UpTo, p.Streams)).ShouldBe(whole.Skip(1).Select(p => (p.UpTo, p.Streams)));
        whole.SelectMany(p => p.Broken).Count().ShouldBe(2);
        rest.SelectMany(p => p.Broken).Count().ShouldBe(1);
        (await _database.Store.VerifyAll(whole[^1].UpTo).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task takes_no_append_for_a_change()
    {
        var id = await _database.Opened();
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var n = 0; n < 100; n++)
                await _database.Credit(id, 1);
            await done.CancelAsync();
        });

        do
        {
            (await _database.Store.VerifyAll().ToListAsync()).SelectMany(p => p.Broken).ShouldBeEmpty();
        }
        while (!done.IsCancellationRequested);
        await writing;
    }

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await using var command = _database.Source.CreateCommand(
            """
            select ih_append(
                (select array_agg(case when n % 2 = 0 then $1 else '*DEFAULT*' end order by n) from generate_series(0, 1199) n),
                (select array_agg('account-' || to_char(n, 'FM0000') order by n) from generate_series(0, 1199) n),
                array_fill('account'::varchar, array[1200]), array_fill(0::bigint, array[1200]), array_fill(2, array[1200]),
                (select array_agg(gen_random_uuid()) from generate_series(1, 2400)),
                array_fill('account.credited.v1'::varchar, array[2400]), array_fill('{"amount": 1}'::jsonb, array[2400]),
                now(), null, null, null)
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = OtherTenant, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Varchar });
        await command.ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    private static string Id(int n) => $"account-{n:0000}";
}
