using System.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Projections;

/// <summary>How far a rebuild is, in events.</summary>
/// <param name="Done">Events read so far.</param>
/// <param name="Total">Events that there were when it began; those that came meanwhile are read too.</param>
public readonly record struct RebuildProgress(long Done, long Total);

/// <summary>Rebuilds projections while the system serves (LOG-06), and tries parked events again.</summary>
public sealed class ProjectionDaemon(
    PostgresEventStore store, [FromKeyedServices(ServiceCollectionExtensions.Direct)] NpgsqlDataSource direct, IEnumerable<IProjection> asynchronous,
    TimeProvider clock)
{
    private readonly IReadOnlyList<IProjection> _asynchronous = [.. asynchronous];

    /// <summary>Those that can be rebuilt.</summary>
    public IReadOnlyList<string> Names =>
        [.. _asynchronous.Concat(store.InlineProjections.OfType<IProjection>()).Select(p => p.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Builds a projection's tables anew beside the live ones and swaps them in, with the checkpoint. Writers and the live projection
    /// go on, but for the last catch-up, during which they wait; readers see all of the old rows or all of the new ones.
    /// Ended half-way it has changed nothing, and is started again from the beginning.
    /// </summary>
    /// <param name="projection">The name of an asynchronous projection, or of an inline one that is an <see cref="IProjection"/> too.</param>
    /// <param name="progress">Hears of each batch.</param>
    /// <param name="ct">Gives up; the live tables stay as they are.</param>
    /// <exception cref="InvalidOperationException">It is unknown, is being rebuilt, or is inline and cannot take an event.</exception>
    public async Task Rebuild(string projection, IProgress<RebuildProgress>? progress = null, CancellationToken ct = default)
    {
        var found = _asynchronous.FirstOrDefault(p => p.Name == projection);
        var inline = store.InlineProjections.OfType<IProjection>().FirstOrDefault(p => p.Name == projection);
        if ((found ?? inline) is not { } known)
            throw new InvalidOperationException($"there is no projection '{projection}' that can be rebuilt");

        await using var connection = await direct.OpenConnectionAsync(ct);
        await using var take = new NpgsqlCommand("select pg_try_advisory_lock(731, hashtext($1))", connection);
        take.Parameters.AddWithValue(projection);
        if (await take.ExecuteScalarAsync(ct) is not true)
            throw new InvalidOperationException($"'{projection}' is being rebuilt already");
        try
        {
            // All of it on the connection that holds the lock: who loses the lock can write no more.
            await new Rebuilding(store, known, isInline: found is null, connection, clock).Run(progress, ct);
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
            {
                // What was not swapped in may hold personal data that nobody would erase. The pool resets a connection, with its lock,
                // only when it hands it out again.
                await using var release = new NpgsqlCommand("select ih_end_rebuild($1), pg_advisory_unlock_all()", connection);
                release.Parameters.AddWithValue(known.Tables.ToArray());
                await release.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Tries an asynchronous projection's parked events again, in their order; those that succeed are parked no more.</summary>
    /// <returns>How many are still parked.</returns>
    /// <exception cref="InvalidOperationException">The projection is unknown.</exception>
    public async Task<int> Retry(string projection, CancellationToken ct = default)
    {
        var known = _asynchronous.FirstOrDefault(p => p.Name == projection)
            ?? throw new InvalidOperationException($"there is no asynchronous projection '{projection}'");
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The runner's commit begins with its checkpoint: none falls in between.
        await using (var hold = new NpgsqlCommand("select from mt_event_progression where name = $1 for update", connection))
        {
            hold.Parameters.AddWithValue(projection);
            await hold.ExecuteNonQueryAsync(ct);
        }

        await using var select = new NpgsqlCommand(
            $"""
            select {PostgresEventStore.EventColumns}
            from mt_events
            where seq_id in (select seq_id from parked_events where projection = $1)
            order by transaction_id, seq_id
            """, connection);
        select.Parameters.AddWithValue(projection);
        var (events, _) = await store.ReadEvents(select, ct, namesUnknown: true);
        var left = await Applying.Apply(known, connection, events, blocked: [], beside: false, ct);

        await using var settle = new NpgsqlBatch(connection);
        var remove = new SqlQueue();
        remove.Execute("delete from parked_events where projection = $1 and not event_id = any($2)", projection, left.Select(p => p.Event.Id).ToArray());
        foreach (var failed in left.Where(p => p.Error is not null))
        {
            remove.Execute(
                "update parked_events set error = $3, at = $4, attempts = attempts + 1 where projection = $1 and event_id = $2",
                projection, failed.Event.Id, failed.Error, store.Now());
        }

        foreach (var command in remove.Commands)
            settle.BatchCommands.Add(command);
        await settle.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return left.Count;
    }
}
