using System.Text.Json.Nodes;
using InviteHub.EventStore.PersonalData;
using InviteHub.EventStore.Subscriptions;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace InviteHub.EventStore.Tests;

/// <summary>A database with the event store's schema and the tests' read model, and a store over it.</summary>
public class StoreDatabase : TestDatabase
{
    private int _accounts;

    /// <summary>The store that most tests use. Nothing is hosted: it neither hears nor tells of other stores' events.</summary>
    internal PostgresEventStore Store => Services!.GetRequiredService<PostgresEventStore>();

    internal ServiceProvider? Services { get; private set; }

    /// <summary>The way to it through a pooler, for those that take that one; what needs a session of its own goes past it.</summary>
    internal string? Pooled { get; private protected set; }

    internal EventSession Session() => Store.OpenSession();

    /// <summary>A session of a process that has just started: it has seen no stream yet.</summary>
    internal EventSession FreshSession() => ActivatorUtilities.CreateInstance<PostgresEventStore>(Services!).OpenSession();

    /// <summary>A stream that nobody else has.</summary>
    internal static StreamId NewStream() => StreamId.Of(Account.Category, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    internal int NextNumber() => Interlocked.Increment(ref _accounts);

    /// <summary>Opens an account, credits it one by one, and answers its stream.</summary>
    internal async Task<StreamId> Opened(params int[] credits)
    {
        var id = NewStream();
        var session = Session();
        var stream = session.StartStream<Account, AccountEvent>(id);
        stream.AppendOne(new AccountEvent.Opened(NextNumber()));
        stream.AppendMany(credits.Select(amount => new AccountEvent.Credited(amount)));
        await session.SaveChanges();
        return id;
    }

    internal async Task Credit(StreamId id, int amount, PostgresEventStore? through = null)
    {
        var session = (through ?? Store).OpenSession();
        (await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(amount));
        await session.SaveChanges();
    }

    /// <summary>A store of its own, as another process has it: own connections, own cache of keys.</summary>
    internal ServiceProvider AnotherProcess(TimeProvider? clock = null, string? connectionString = null, IKeyWrapper? wrapper = null)
    {
        var services = new ServiceCollection().AddLogging();
        Configure(services, clock, connectionString, wrapper);
        return services.BuildServiceProvider();
    }

    /// <summary>A running host over the same database: it tells and hears of new events, and runs subscriptions.</summary>
    internal async Task<IHost> Host(Action<IServiceCollection>? more = null, TimeProvider? clock = null, string? connectionString = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        Configure(builder.Services, clock, connectionString, wrapper: null);
        more?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        var signal = host.Services.GetRequiredService<EventSignal>();
        await Eventually.Is(() => signal.IsHearing, "the host hears of new events");
        return host;
    }

    protected override async Task Prepare()
    {
        Services = AnotherProcess();
        await Store.ApplySchema([AccountRows.Schema]);
    }

    protected override async Task CleanUp() => await Services!.DisposeAsync();

    private void Configure(IServiceCollection services, TimeProvider? clock, string? connectionString, IKeyWrapper? wrapper)
    {
        if (clock is not null)
            services.AddSingleton(clock);
        services.AddEventStore(
            connectionString ?? Pooled ?? ConnectionString,
            types => types
                .Add<AccountEvent>().Upcast("account.owner_named.v1", "account.owner_named.v2", Renamed)
                .Add<TallyEvent>().Snapshot<Tally, TallyEvent>(every: 5, schemaVersion: 2),
            wrapper ?? new MasterKey("the master key of the tests, long enough"),
            Pooled is null ? null : $"{ConnectionString};Application Name={PooledStore.PastIt}");
        services.AddInlineProjection<AccountRows>();
    }

    private static JsonObject Renamed(JsonObject old)
    {
        old["name"] = old["fullName"]?.DeepClone();
        old.Remove("fullName");
        return old;
    }
}

/// <summary>Appends as any SQL client can: within an explicit transaction that stays open as long as the test wants.</summary>
internal static class RawAppend
{
    /// <summary>Calls <c>ih_append</c> with credits of 1.</summary>
    public static async Task Append(this NpgsqlConnection connection, StreamId id, long expected, int count = 1)
    {
        await using var command = new NpgsqlCommand("select ih_append($1, $2, $3, $4, $5, $6, $7, $8, now(), null, null, null)", connection);
        command.Parameters.AddWithValue(new[] { id.TenantId });
        command.Parameters.AddWithValue(new[] { id.Id });
        command.Parameters.AddWithValue(new[] { Account.Category });
        command.Parameters.AddWithValue(new[] { expected });
        command.Parameters.AddWithValue(new[] { count });
        command.Parameters.AddWithValue(Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).ToArray());
        command.Parameters.AddWithValue(Enumerable.Repeat("account.credited.v1", count).ToArray());
        command.Parameters.Add(new()
        {
            Value = Enumerable.Repeat("""{"amount": 1}""", count).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
        });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Until somebody waits for a lock that this connection holds.</summary>
    public static Task IsWaitedFor(this NpgsqlConnection holder, TestDatabase database, int by = 1) => Eventually.Is(
        async () => await database.Ask<long>("select count(*) from pg_stat_activity a where $1 = any(pg_blocking_pids(a.pid))", holder.ProcessID) >= by,
        $"{by} wait for connection {holder.ProcessID}");
}
