using Npgsql;

namespace InviteHub.EventStore.Projections;

/// <summary>One rebuild of one projection, on one connection.</summary>
internal sealed class Rebuilding(PostgresEventStore store, IProjection projection, bool isInline, NpgsqlConnection connection, TimeProvider clock)
{
    private const int BatchSize = 2000;
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private EventPosition _position = EventPosition.Start;

    // Across streams, events are not read in the order in which an inline projection's commits took place: what cannot be taken yet,
    // such as an address that a later event sets free, is tried again behind the next events.
    private IReadOnlyList<Parked> _postponed = [];

    private long _done;

    public async Task Run(IProgress<RebuildProgress>? progress, CancellationToken ct)
    {
        await using (var begin = new NpgsqlCommand("select ih_begin_rebuild($1)", connection))
        {
            begin.Parameters.AddWithValue(projection.Tables.ToArray());
            await begin.ExecuteNonQueryAsync(ct);
        }

        await using var count = new NpgsqlCommand("select count(*) from mt_events", connection);
        var total = (long)(await count.ExecuteScalarAsync(ct))!;
        await CatchUp(() => progress?.Report(new(_done, total)), ct);
        // The planner knows nothing of the new tables otherwise, just when everybody turns to them.
        await Execute($"analyze {string.Join(", ", projection.Tables.Select(table => $"rebuild.\"{table}\""))}", ct);

        for (var wait = TimeSpan.FromMilliseconds(100); ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            await CatchUp(() => progress?.Report(new(_done, total)), ct);
            if (await Swap(ct))
            {
                progress?.Report(new(_done, total));
                return;
            }

            await Task.Delay(wait, clock, ct);
        }
    }

    private async Task CatchUp(Action report, CancellationToken ct)
    {
        var reading = store.EventsAfter(_position, BatchSize, ct, archivedToo: isInline);
        while (true)
        {
            var (events, _) = await reading;
            if (events.Count == 0)
                return;
            // Few are left, and while others write a few are always left.
            var last = events.Count < BatchSize;
            // The next ones are read while these are written.
            if (!last)
                reading = store.EventsAfter(events[^1].Position, BatchSize, ct, archivedToo: isInline);
            await using (var transaction = await connection.BeginTransactionAsync(ct))
            {
                _postponed = await Apply(events, _postponed, ct);
                await transaction.CommitAsync(ct);
            }

            _position = events[^1].Position;
            _done += events.Count;
            report();
            if (last)
                return;
        }
    }

    private async Task<IReadOnlyList<Parked>> Apply(IReadOnlyList<RecordedEvent> events, IReadOnlyList<Parked> postponed, CancellationToken ct)
    {
        var parked = await Applying.Apply(projection, connection, events, postponed.Select(p => p.Event.Stream), beside: true, ct);
        if (postponed.Count + parked.Count == 0)
            return [];
        return await Applying.Apply(projection, connection, [.. postponed.Concat(parked).Select(p => p.Event)], blocked: [], beside: true, ct);
    }

    /// <summary>The last catch-up, and the swap, while nobody writes; false when somebody was in the way, or it took too long.</summary>
    private async Task<bool> Swap(CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await Standstill(ct);
            using var tooLong = new CancellationTokenSource(LongestStandstill, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, tooLong.Token);
            var read = await SwapWithin(either.Token);
            await transaction.CommitAsync(CancellationToken.None);
            _done += read;
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task Standstill(CancellationToken ct)
    {
        // Longer than deadlock_timeout: PostgreSQL sends an autovacuum away by then. Nothing else is held yet, so nobody waits in a circle.
        await Execute("set local lock_timeout = '1500ms'", ct);
        if (isInline)
        {
            // Waits for every commit that has appended, with its inline rows, and lets nobody append until the swap, whoever writes.
            await Execute("lock table mt_events in share mode", ct);
            return;
        }

        // The live projection's commit begins with its checkpoint.
        await using var hold = new NpgsqlCommand(
            "insert into mt_event_progression (name, last_seq_id, last_transaction_id) values ($1, 0, '0') on conflict (name) do update set name = $1",
            connection);
        hold.Parameters.AddWithValue(projection.Name);
        await hold.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How many events it has read.</summary>
    private async Task<int> SwapWithin(CancellationToken ct)
    {
        // What it does may be rolled back and begun again.
        var (position, postponed, read) = (_position, _postponed, 0);
        while (true)
        {
            var (events, _) = await store.EventsAfter(position, BatchSize, ct, archivedToo: isInline, connection, settledOnly: !isInline);
            if (events.Count == 0)
                break;
            postponed = await Apply(events, postponed, ct);
            position = events[^1].Position;
            read += events.Count;
        }

        if (isInline && postponed.Count > 0)
        {
            var first = postponed[0];
            throw new InvalidOperationException($"'{projection.Name}' cannot take event {first.Event.Id} of {first.Event.Stream}: {first.Error}");
        }

        var sql = new SqlQueue();
        if (!isInline)
        {
            sql.Execute(
                "update mt_event_progression set last_transaction_id = $2, last_seq_id = $3, last_updated = now() where name = $1",
                projection.Name, EventSession.Xid8(position.TransactionId), position.Sequence);
            sql.Execute("delete from parked_events where projection = $1", projection.Name);
            foreach (var parked in postponed)
                parked.Queue(projection.Name, sql, store.Now());
        }

        // Shorter than deadlock_timeout: where a reader of two tables and this wait for each other, this one gives way.
        sql.Execute("set local lock_timeout = '500ms'");
        sql.Execute("select ih_swap_rebuilt($1)", new NpgsqlParameter { Value = projection.Tables.ToArray() });
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in sql.Commands)
            batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(ct);
        return read;
    }

    private async Task Execute(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
