using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>An instance that starts beside others that serve.</summary>
[Trait("Feature", "OPS-06")]
public sealed class applying_the_schema(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task is_done_once_by_whoever_comes_first()
    {
        var empty = new TestDatabase();
        try
        {
            await empty.InitializeAsync();

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                await using var process = database.AnotherProcess(connectionString: empty.ConnectionString);
                await process.GetRequiredService<PostgresEventStore>().ApplySchema([AccountRows.Schema]);
            })));

            (await empty.Ask<long>("select count(*) from information_schema.tables where table_name in ('mt_events', 'accounts')")).ShouldBe(2);
        }
        finally
        {
            await empty.DisposeAsync();
        }
    }

    [Fact]
    public async Task takes_no_lock_that_a_request_could_wait_for_when_another_instance_has_done_it()
    {
        await database.Store.ApplySchema([AccountRows.Schema]);
        await using var serving = await database.Source.OpenConnectionAsync();
        await using var request = await serving.BeginTransactionAsync();
        await Execute(serving, "lock table mt_streams, mt_events, sagas in access exclusive mode");

        await database.Store.ApplySchema([AccountRows.Schema]).WaitAsync(TimeSpan.FromSeconds(20));

        await request.RollbackAsync();
    }

    [Fact]
    public async Task gives_way_to_a_request_that_waits_for_it_and_that_it_waits_for()
    {
        await database.Ask<object>("create table one (id int); create table two (id int)");
        await using var serving = await database.Source.OpenConnectionAsync();
        await using var request = await serving.BeginTransactionAsync();
        await Execute(serving, "insert into two values (1)");

        var applying = database.Store.ApplySchema([AccountRows.Schema, "alter table one add column more int", "alter table two add column more int"]);
        await serving.IsWaitedFor(database);
        await Execute(serving, "insert into one values (1)");
        await request.CommitAsync();
        await applying.WaitAsync(TimeSpan.FromSeconds(20));

        (await database.Ask<long>("select count(*) from one, two where one.more is null and two.more is null")).ShouldBe(1);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
