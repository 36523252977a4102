using InviteHub.EventStore.Projections;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.EventStore.Tests;

/// <summary>
/// PgBouncer in transaction mode, with fewer sessions than there are connections: what a transaction leaves in its session is not there in the next.
/// Locks and LISTEN have a way past it.
/// </summary>
[Trait("Feature", "OPS-04")]
public sealed class subscribing_behind_a_pooler(SeenBehindPooler pooled) : IClassFixture<SeenBehindPooler>
{
    private readonly SeenDatabase database = pooled.Seen;

    [Fact]
    public Task wakes_by_events_of_another_host() => database.IsWokenByAnotherHost();

    [Fact]
    public async Task has_one_of_two_instances_work_and_the_other_take_over_when_it_stops()
    {
        // Others keep the sessions busy, so that each transaction gets whichever is free.
        using var enough = new CancellationTokenSource();
        var others = Enumerable.Range(0, 6).Select(_ => Task.Run(() => Append(enough.Token))).ToArray();
        using var first = await database.Store.Host(services => services.AddRecorder("stop.v1", "first"));
        await Eventually.Is(async () => await database.Holder("stop.v1") > 0, "the first one works");
        using var second = await database.Store.Host(services => services.AddRecorder("stop.v1", "second"));
        // It asks for the lock every second.
        await Task.Delay(TimeSpan.FromSeconds(2));
        SeenDatabase.RecorderOf(second).Handled.ShouldBe(0);
        (await PooledStore.HolderOf(730, database.Source)).ShouldBe(PooledStore.PastIt);

        await first.StopAsync();
        await Eventually.Is(() => SeenDatabase.RecorderOf(second).Handled > 0, "the second one takes over");
        await second.StopAsync();
        (await database.Holder("stop.v1")).ShouldBe(0);
        await enough.CancelAsync();
        await Task.WhenAll(others);
    }

    private async Task Append(CancellationToken enough)
    {
        await using var process = database.Store.AnotherProcess();
        while (!enough.IsCancellationRequested)
            await SeenDatabase.Append(StoreDatabase.NewStream(), process.GetRequiredService<PostgresEventStore>());
    }
}

/// <summary>Many writers, read models of both kinds, and rebuilds of both, through the same few sessions.</summary>
[Trait("Feature", "OPS-04")]
public sealed class writing_behind_a_pooler(BalancesBehindPooler pooled) : IClassFixture<BalancesBehindPooler>
{
    private readonly BalancesDatabase database = pooled.Balances;

    [Fact]
    public async Task loses_nothing_and_does_nothing_twice()
    {
        using var first = await database.Host();
        using var second = await database.Host();
        await using (await database.Writing())
        await using (await database.Writing())
        await using (var writers = await database.Writing())
        {
            await writers.HaveWritten(200);
            var holders = new Holders(database.Source);
            await BalancesDatabase.DaemonOf(first).Rebuild(Balances.ByDefault, holders);
            await BalancesDatabase.DaemonOf(second).Rebuild("tests.accounts.v1", holders);
            holders.Seen.ShouldNotBeEmpty();
            holders.Seen.ShouldAllBe(holder => holder == PooledStore.PastIt);
            await writers.HaveWritten(200);
        }

        await database.IsRead();
        (await database.Wrong()).ShouldBeEmpty();
        (await database.WrongAccounts()).ShouldBeEmpty();
    }

    /// <summary>Who holds the lock of a rebuild at each of its steps.</summary>
    private sealed class Holders(TestDatabase database) : IProgress<RebuildProgress>
    {
        public List<string?> Seen { get; } = [];

        public void Report(RebuildProgress value) => Seen.Add(PooledStore.HolderOf(731, database).GetAwaiter().GetResult());
    }
}

/// <summary>A store's database that is reached through the pooler, but for what needs a session of its own.</summary>
internal sealed class PooledStore : StoreDatabase
{
    /// <summary>Whose session it is that goes past the pooler; the pooler's own may be anybody's in the next moment.</summary>
    public const string PastIt = "past the pooler";

    /// <summary>Whose session holds a lock of this kind; null when none does.</summary>
    public static Task<string?> HolderOf(int kind, TestDatabase database) => database.Ask<string>(
        """
        select a.application_name from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted and l.classid::int = $1 and a.datname = current_database()
        """, kind);

    protected override async Task Prepare()
    {
        Pooled = await TestPooler.Before(ConnectionString);
        await base.Prepare();
    }
}

/// <summary><see cref="SeenDatabase"/> behind the pooler.</summary>
public sealed class SeenBehindPooler : IAsyncLifetime
{
    internal SeenDatabase Seen { get; } = new() { Store = new PooledStore() };

    public Task InitializeAsync() => Seen.InitializeAsync();

    public Task DisposeAsync() => Seen.DisposeAsync();
}

/// <summary><see cref="BalancesDatabase"/> behind the pooler.</summary>
public sealed class BalancesBehindPooler : IAsyncLifetime
{
    internal BalancesDatabase Balances { get; } = new() { Store = new PooledStore() };

    public Task InitializeAsync() => Balances.InitializeAsync();

    public Task DisposeAsync() => Balances.DisposeAsync();
}
