using InviteHub.EventStore.Projections;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace InviteHub.EventStore.Tests;

/// <summary>
/// A read model that shows each event that it took, in the order in which it took them. A credit of 13 makes its code throw as long as it is
/// afraid; a balance from 1000 on breaks a rule of its table; a credit of 0 sets the account's number free.
/// </summary>
internal sealed class Balances(string name = Balances.ByDefault) : IInlineProjection, IProjection
{
    public const string ByDefault = "tests.balances.v1";

    public const string Schema =
        """
        create table balances (
            id       varchar  not null constraint balances_pkey primary key,
            number   int      constraint balances_number_key unique,
            balance  int      not null default 0 constraint balances_limit check (balance < 1000),
            versions bigint[] not null);
        create unique index one_low_id on balances (lower(id)) where balance >= 0;
        create index ix_balances_balance on balances (balance desc, id) include (number);
        create table balance_credits (event_id uuid not null constraint balance_credits_pkey primary key, amount int not null);
        """;

    private int _projected;

    public string Name => name;

    public IReadOnlyList<string> Tables => ["balances", "balance_credits"];

    public bool IsAfraid { get; set; } = true;

    /// <summary>How often it was handed an event.</summary>
    public int Projected => Volatile.Read(ref _projected);

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        Interlocked.Increment(ref _projected);
        switch (happened.Data)
        {
            case AccountEvent.Opened e:
                sql.Execute("insert into balances (id, number, versions) values ($1, $2, array[$3])", happened.Stream.Id, e.Number, happened.Version);
                break;
            case AccountEvent.Credited { Amount: 13 } when IsAfraid:
                throw new InvalidOperationException($"{happened.Stream} has a secret");
            case AccountEvent.Credited e:
                sql.Execute(
                    """
                    update balances set balance = balance + $2, versions = versions || $3, number = case when $2 = 0 then null else number end
                    where id = $1
                    """,
                    happened.Stream.Id, e.Amount, happened.Version);
                sql.Execute("insert into balance_credits (event_id, amount) values ($1, $2)", happened.Id, e.Amount);
                break;
        }
    }
}

/// <summary>A store's database with the tables of <see cref="Balances"/>.</summary>
public sealed class BalancesDatabase : IAsyncLifetime
{
    internal StoreDatabase Store { get; init; } = new();

    internal TestDatabase Source => Store;

    public async Task InitializeAsync()
    {
        await Store.InitializeAsync();
        await Source.Ask<object>(Balances.Schema);
        FirstShape = await Shape();
    }

    public Task DisposeAsync() => Store.DisposeAsync();

    /// <summary>Columns, constraints and indexes of the tables before anything was rebuilt.</summary>
    internal string? FirstShape { get; private set; }

    /// <summary>Columns, constraints and indexes of the tables, in whichever schema.</summary>
    internal Task<string?> Shape() => Source.Ask<string>(
        """
        select string_agg(d, E'\n' order by d) from (
            select indexdef as d from pg_indexes where tablename in ('balances', 'balance_credits')
            union all
            select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid in ('balances'::regclass, 'balance_credits'::regclass)
            union all
            select format('%s.%s %s %s %s', table_schema, table_name, column_name, column_default, is_nullable)
            from information_schema.columns where table_name in ('balances', 'balance_credits')) s
        """);

    /// <summary>A running host that writes the read model behind the streams.</summary>
    internal Task<IHost> Host(TimeProvider? clock = null) =>
        Store.Host(services => services.AddSingleton(new Balances()).AddAsyncProjection<Balances>(), clock);

    internal static ProjectionDaemon DaemonOf(IHost host) => host.Services.GetRequiredService<ProjectionDaemon>();

    /// <summary>Opens an account, credits it in a commit each through the given store, and answers its stream.</summary>
    internal async Task<StreamId> Opened(params int[] credits)
    {
        var id = await Store.Opened();
        foreach (var amount in credits)
            await Store.Credit(id, amount);
        return id;
    }

    /// <summary>The versions that a stream's row has taken, in the order in which it took them.</summary>
    internal async Task<long[]> Versions(StreamId id) => await Source.Ask<long[]>("select versions from balances where id = $1", id.Id) ?? [];

    internal async Task<long[]> Parked(StreamId id) =>
        await Source.Ask<long[]>(
            """
            select array_agg(e.version order by e.version) from parked_events p join mt_events e on e.seq_id = p.seq_id and e.id = p.event_id
            where p.stream_id = $1
            """, id.Id) ?? [];

    /// <summary>Until every event has been read.</summary>
    internal Task IsRead() => Eventually.Is(
        async () => await Source.Ask<bool>(
            """
            select (p.last_transaction_id, p.last_seq_id) = (
                select e.transaction_id, e.seq_id from mt_events e order by e.transaction_id desc, e.seq_id desc limit 1)
            from mt_event_progression p where p.name = $1
            """, Balances.ByDefault),
        "the projection has read every event");

    /// <summary>Streams whose row is not what their events say: nothing twice, nothing lost, in order.</summary>
    internal async Task<string[]> Wrong() => await Source.Ask<string[]>(
        """
        with truth as (
            select stream_id as id, array_agg(version order by version) as versions, coalesce(sum((data->>'amount')::int), 0) as balance
            from mt_events group by stream_id)
        select array_agg(coalesce(t.id, b.id) || ' ' || coalesce(b.versions::text, 'none'))
        from truth t full join balances b on b.id = t.id
        where b.versions is distinct from t.versions or b.balance is distinct from t.balance
        """) ?? [];

    /// <summary>The same for the inline rows.</summary>
    internal async Task<string[]> WrongAccounts() => await Source.Ask<string[]>(
        """
        with truth as (
            select stream_id as id, max(version) as version, coalesce(sum((data->>'amount')::int), 0) as balance,
                   max((data->>'number')::int) as number
            from mt_events group by stream_id)
        select array_agg(coalesce(t.id, a.id) || ' ' || coalesce(a.version::text, 'none') || ' of ' || t.version)
        from truth t full join accounts a on a.id = t.id
        where (a.version, a.balance, a.number) is distinct from (t.version, t.balance, t.number)
        """) ?? [];

    /// <summary>Several writers with connections of their own, on a few streams that they share and on new ones, until it is disposed.</summary>
    internal async Task<Writers> Writing()
    {
        var shared = new List<StreamId>();
        for (var n = 0; n < 4; n++)
            shared.Add(await Store.Opened());
        return new(this, shared);
    }

    internal sealed class Writers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _enough = new();
        private readonly Task[] _writers;
        private int _written;

        public Writers(BalancesDatabase database, List<StreamId> shared) =>
            _writers = [.. Enumerable.Range(0, 3).Select(n => Task.Run(() => Write(database.Store, shared, new Random(n))))];

        /// <summary>Until they have written so many more commits.</summary>
        public Task HaveWritten(int more)
        {
            var from = Volatile.Read(ref _written);
            return Eventually.Is(() => Volatile.Read(ref _written) >= from + more || _writers.Any(w => w.IsFaulted), $"{more} more commits");
        }

        public async ValueTask DisposeAsync()
        {
            await _enough.CancelAsync();
            await Task.WhenAll(_writers);
            _enough.Dispose();
        }

        private async Task Write(StoreDatabase database, List<StreamId> shared, Random random)
        {
            await using var process = database.AnotherProcess();
            var store = process.GetRequiredService<PostgresEventStore>();
            while (!_enough.IsCancellationRequested)
            {
                await store.Transact(new(), async session =>
                {
                    if (random.Next(4) == 0)
                        session.StartStream<Account, AccountEvent>(StoreDatabase.NewStream()).AppendOne(new AccountEvent.Opened(database.NextNumber()));
                    else
                        (await session.FetchForWriting<Account, AccountEvent>(shared[random.Next(shared.Count)])).AppendOne(new AccountEvent.Credited(1));
                    return true;
                });
                Interlocked.Increment(ref _written);
            }
        }
    }
}
