using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InviteHub.EventStore.Audit;
using InviteHub.EventStore.PersonalData;
using InviteHub.EventStore.Subscriptions;
using Npgsql;

namespace InviteHub.EventStore;

/// <summary>
/// Streams of events in PostgreSQL, in Marten's tables and words. See <c>docs/architecture.md</c> for its promises
/// and the tests that prove them.
/// </summary>
public sealed class PostgresEventStore(
    NpgsqlDataSource database, EventTypes types, SubjectKeys keys, IEnumerable<IInlineProjection> inlineProjections,
    EventSignal signal, TimeProvider clock)
{
    internal const string EventColumns =
        "id, stream_id, tenant_id, version, type, data, timestamp, correlation_id, causation_id, headers, seq_id, transaction_id, " +
        "transaction_id < pg_snapshot_xmin(pg_current_snapshot()) as settled";

    private const int Attempts = 12;
    private const int StreamsAtOnce = 500;
    private static readonly TimeSpan LongestRetryWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Turns _turns = new();

    internal static ActivitySource Activities { get; } = new("InviteHub.EventStore");

    /// <summary>The database that holds the streams and the read models beside them.</summary>
    public NpgsqlDataSource Database => database;

    internal EventTypes Types => types;

    internal EventSerializer Serializer { get; } = new(types, keys);

    /// <summary>One of these subjects was forgotten, unheard of by this process: their keys are read anew.</summary>
    internal void Forgotten(IEnumerable<string> subjects)
    {
        foreach (var subject in subjects)
            keys.Evict(subject);
    }

    internal Commits Commits { get; } = new(database);

    internal LatestStates States { get; } = new();

    internal IReadOnlyList<IInlineProjection> InlineProjections { get; } = [.. inlineProjections];

    internal EventSignal Signal => signal;

    /// <summary>Opens a unit of work.</summary>
    /// <param name="metadata">Who acts, and through what.</param>
    public EventSession OpenSession(EventMetadata? metadata = null) => new(this, metadata ?? new EventMetadata());

    /// <summary>
    /// Runs a unit of work and saves it; when somebody else committed first, runs it again on what is true by then. Those of one
    /// process that meet on a stream take turns.
    /// </summary>
    /// <exception cref="ConcurrencyConflictException">It lost the race twelve times.</exception>
    public async Task<T> Transact<T>(EventMetadata metadata, Func<EventSession, Task<T>> work, CancellationToken ct = default)
    {
        using var turn = new Turns.Place(_turns);
        // At first on the states of long streams as this process left them: the versions are checked by the append. What was not appended to
        // was not checked, and what has moved on is read: then it is done again on what is read now.
        var isTrusting = true;
        for (var attempt = 1; ; attempt++)
        {
            var session = new EventSession(this, metadata) { Turn = turn, IsTrusting = isTrusting };
            try
            {
                var result = await work(session);
                if (session.HasOnlyTrusted)
                {
                    isTrusting = false;
                    continue;
                }

                await session.SaveChanges(ct);
                return result;
            }
            catch (ConcurrencyConflictException) when (session.HasTrusted)
            {
                isTrusting = false;
            }
            catch (ConcurrencyConflictException conflict) when (attempt < Attempts)
            {
                if (turn.On == conflict.What)
                {
                    // Lost against another process: back at random within a span that doubles, until each gets through.
                    var span = Math.Min(LongestRetryWait.TotalMilliseconds, 4 << attempt);
                    await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32((int)span)), clock, ct);
                }
                else
                {
                    turn.Dispose();
                    await turn.Take(conflict.What, lost: true, ct);
                }
            }
        }
    }

    /// <summary>
    /// Waits until a stream's state is as asked for, woken by each append to it in any process.
    /// Begin before the command that is to lead there is not needed: the state is looked at first.
    /// </summary>
    /// <returns>The state, as asked for or as it was when the time was up.</returns>
    public async Task<TState> WaitFor<TState, TEvent>(StreamId id, Func<TState, bool> reached, TimeSpan upTo, CancellationToken ct = default)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        using var watch = signal.Watch(id.Id);
        var since = clock.GetTimestamp();
        while (true)
        {
            var next = watch.Next();
            var state = await OpenSession().AggregateStream<TState, TEvent>(id, ct: ct) ?? TState.Initial;
            var left = upTo - clock.GetElapsedTime(since);
            if (reached(state) || left <= TimeSpan.Zero)
                return state;
            // A process that died between its commit and its NOTIFY wakes nobody.
            await next.WaitAsync(left < LookEvery ? left : LookEvery, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A stream, in whatever tenant it is, with the version that it has; null when there is none of that id.</summary>
    public async Task<(StreamId Id, long Version)?> Find(string id, CancellationToken ct = default)
    {
        await using var command = database.CreateCommand("select tenant_id, coalesce(version, 0) from mt_streams where id = $1 order by tenant_id limit 1");
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (new StreamId(id, reader.GetString(0)), reader.GetInt64(1)) : null;
    }

    /// <summary>The first version of a stream that is not as it was appended, or null when its chain holds (LOG-03).</summary>
    public async Task<long?> Verify(StreamId id, CancellationToken ct = default)
    {
        await using var command = database.CreateCommand("select ih_verify($1, $2)");
        command.Parameters.AddWithValue(id.TenantId);
        command.Parameters.AddWithValue(id.Id);
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    /// <summary>
    /// Verifies the chains of all streams (LOG-03), some hundred in one round trip, in the order of tenant and id as the database sorts
    /// them; each stream is seen as it is when its turn comes. It may take long: it says how far it has come, and goes on from there.
    /// </summary>
    /// <param name="after">Where an earlier verification stopped; the first stream when not given.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<ChainProgress> VerifyAll(StreamId? after = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var position = after ?? new StreamId("", "");
        while (true)
        {
            var streams = 0;
            var events = 0L;
            var broken = new List<BrokenChain>();
            await using (var command = database.CreateCommand("select tenant_id, stream_id, events, broken_at from ih_verify_next($1, $2, $3)"))
            {
                command.Parameters.AddWithValue(position.TenantId);
                command.Parameters.AddWithValue(position.Id);
                command.Parameters.AddWithValue(StreamsAtOnce);
                await using var reader = await command.ExecuteReaderAsync(ct);
                for (; await reader.ReadAsync(ct); streams++)
                {
                    position = new(reader.GetString(1), reader.GetString(0));
                    events += reader.GetInt64(2);
                    if (!await reader.IsDBNullAsync(3, ct))
                        broken.Add(new(position, reader.GetInt64(3)));
                }
            }

            if (streams == 0)
                yield break;
            yield return new(position, streams, events, broken);
        }
    }

    /// <summary>
    /// Creates the event store's tables and functions, then the service's own, where they are missing. An instance that starts beside others
    /// that serve changes nothing when another of its kind did before. One that does waits for none of their locks for long: PostgreSQL ends one
    /// of two that wait for each other after a second, and that must not be somebody's request (OPS-06).
    /// </summary>
    /// <param name="ownSchema">Idempotent SQL of the service's read models.</param>
    /// <param name="ct">Gives up.</param>
    public async Task ApplySchema(IEnumerable<string> ownSchema, CancellationToken ct = default)
    {
        string[] scripts = [.. EmbeddedSql(typeof(PostgresEventStore).Assembly), .. ownSchema];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', scripts)));
        await using var connection = await database.OpenConnectionAsync(ct);
        for (var isApplied = false; ;)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            try
            {
                // Several instances start at once: one creates, the others find it done.
                await Run("select pg_advisory_xact_lock(7305011); create table if not exists schema_applied (hash bytea not null)");
                await using (var known = new NpgsqlCommand("select exists (select from schema_applied where hash = $1)", connection, transaction))
                {
                    known.Parameters.AddWithValue(hash);
                    isApplied = await known.ExecuteScalarAsync(ct) is true;
                }

                if (!isApplied)
                {
                    await Run("set local lock_timeout = '400ms'");
                    foreach (var script in scripts)
                        await Run(script);
                    await using var done = new NpgsqlCommand(
                        "with others as (delete from schema_applied) insert into schema_applied (hash) values ($1)", connection, transaction);
                    done.Parameters.AddWithValue(hash);
                    await done.ExecuteNonQueryAsync(ct);
                }

                await Run("select ih_clear_rebuilds()");
                await transaction.CommitAsync(ct);
                return;
            }
            catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                await transaction.RollbackAsync(ct);
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(50, 500)), clock, ct);
            }

            async Task Run(string script)
            {
                await using var command = new NpgsqlCommand(script, connection, transaction);
                await command.ExecuteNonQueryAsync(ct);
            }
        }
    }

    /// <summary>The <c>.sql</c> files embedded in an assembly, in the order of their names.</summary>
    public static IEnumerable<string> EmbeddedSql(Assembly assembly)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    /// <summary>Now, in the microseconds that PostgreSQL keeps: what a projection sees is what is stored.</summary>
    internal DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>The next settled events behind a position, without the tombstones that Marten puts in the place of appends that failed;
    /// whether there are more that are not settled yet.</summary>
    /// <param name="position">Where the reader is.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="archivedToo">Whether events of archived streams are among them.</param>
    /// <param name="within">Reads on this connection instead of one from the pool.</param>
    /// <param name="settledOnly">False only while a lock keeps all writers out: then everything is settled.</param>
    /// <param name="category">Of which streams; of others, among as many as the limit says, only the very last is read, so that the reader moves on.</param>
    internal async Task<(IReadOnlyList<RecordedEvent> Events, bool Unsettled)> EventsAfter(
        EventPosition position, int limit, CancellationToken ct, bool archivedToo = true, NpgsqlConnection? within = null, bool settledOnly = true,
        string? category = null)
    {
        const string Page =
            """
            from mt_events
            where (transaction_id, seq_id) > ($1, $2) and type <> 'tombstone' and ($4 or is_archived is not true)
            order by transaction_id, seq_id
            limit $3
            """;
        const string Of =
            $"""
            select {EventColumns}
            from (select page.*, lead(seq_id) over (order by transaction_id, seq_id) is null as last from (select * {Page}) as page) as page
            where last or stream_id like $5 || '-%'
            order by transaction_id, seq_id
            """;
        var sql = category is null ? $"select {EventColumns} {Page}" : Of;
        await using var command = within is null ? database.CreateCommand(sql) : new NpgsqlCommand(sql, within);
        command.Parameters.Add(EventSession.Xid8(position.TransactionId));
        command.Parameters.AddWithValue(position.Sequence);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(archivedToo);
        if (category is not null)
            command.Parameters.AddWithValue(category);
        return await ReadEvents(command, ct, settledOnly, namesUnknown: true);
    }

    /// <summary>Reads events; those that are not settled (an older transaction still runs) only make <c>Unsettled</c> true. Where unknown names
    /// are only named, an <see cref="UnknownEventTypeException"/> is the event.</summary>
    internal async Task<(IReadOnlyList<RecordedEvent> Events, bool Unsettled)> ReadEvents(
        NpgsqlCommand command, CancellationToken ct, bool settledOnly = false, bool namesUnknown = false)
    {
        var rows = new List<RecordedEvent>();
        var stored = new List<(Guid Id, string Type, string Body)>();
        var unsettled = false;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                if (settledOnly && !reader.GetBoolean(12))
                {
                    unsettled = true;
                    break;
                }

                stored.Add((reader.GetGuid(0), reader.GetString(4), reader.GetString(5)));
                rows.Add(new RecordedEvent(
                    reader.GetGuid(0), new StreamId(reader.GetString(1), reader.GetString(2)), reader.GetInt64(3), reader.GetString(4), Data: null!,
                    reader.GetFieldValue<DateTimeOffset>(6),
                    new EventMetadata(
                        reader.IsDBNull(7) ? null : reader.GetString(7),
                        reader.IsDBNull(8) ? null : reader.GetString(8),
                        reader.IsDBNull(9) ? null : Headers(reader.GetString(9))),
                    new EventPosition(reader.GetFieldValue<ulong>(11), reader.GetInt64(10))));
            }
        }

        var data = await Serializer.Read(stored, ct, namesUnknown);
        for (var i = 0; i < rows.Count; i++)
            rows[i] = rows[i] with { Data = data[i] };
        return (rows, unsettled);
    }

    // Marten's headers hold any JSON, ours only text.
    private static Dictionary<string, string> Headers(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.Ordinal);
}
