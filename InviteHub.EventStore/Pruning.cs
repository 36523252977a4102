using Microsoft.Extensions.Logging;

namespace InviteHub.EventStore;

/// <summary>
/// Forgets which messages and requests were handled, once nobody can bring them again: a request may be repeated for 24 hours (INV-21), a
/// message for as long as the key of its day is kept, 30 days.
/// </summary>
public sealed class Pruning(PostgresEventStore store, TimeProvider clock, ILogger<Pruning> log)
    : RecurringWork(TimeSpan.FromHours(1), clock, log)
{
    private const int RowsAtOnce = 10_000;
    private static readonly TimeSpan RequestsFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan MessagesFor = TimeSpan.FromDays(30);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        await Prune(ct);
        return Every;
    }

    internal async Task Prune(CancellationToken ct)
    {
        await Prune("delete from idempotency where ctid = any(array(select ctid from idempotency where created_at < now() - $1 limit $2))", RequestsFor, ct);
        await Prune("delete from inbox where ctid = any(array(select ctid from inbox where received_at < now() - $1 limit $2))", MessagesFor, ct);
    }

    // A bite at a time: nobody waits long for a row, and the log of changes grows evenly. By the database's clock, which said when they came.
    private async Task Prune(string sql, TimeSpan kept, CancellationToken ct)
    {
        int pruned;
        do
        {
            await using var command = store.Database.CreateCommand(sql);
            command.Parameters.AddWithValue(kept);
            command.Parameters.AddWithValue(RowsAtOnce);
            pruned = await command.ExecuteNonQueryAsync(ct);
        }
        while (pruned == RowsAtOnce);
    }
}
