using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace InviteHub.EventStore.Projections;

/// <summary>Measures how far each asynchronous projection is behind the streams. Every instance measures, whichever works.</summary>
internal sealed class ProjectionLag(
    PostgresEventStore store, IEnumerable<IProjection> projections, TimeProvider clock, ILogger<ProjectionLag> log)
    : RecurringWork(TimeSpan.FromSeconds(5), clock, log)
{
    /// <summary>More unread events than these are not counted: the count stays cheap.</summary>
    public const int CountedAtMost = 100_000;

    private static readonly Meter Meter = new("InviteHub.EventStore");

    private static readonly Gauge<long> Events = Meter.CreateGauge<long>(
        "invitehub.projection.lag", "{event}", $"Events that a projection has not read yet, {CountedAtMost} at most");

    private static readonly Gauge<double> Age = Meter.CreateGauge<double>(
        "invitehub.projection.lag.age", "s", "Age of the oldest event that a projection has not read yet; 0 when there is none");

    private readonly string[] _names = [.. projections.Select(p => p.Name)];

    /// <summary>Measures once.</summary>
    public async Task Measure(CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand(
            """
            select n.name, unread.events, oldest.timestamp
            from unnest($1) as n(name)
            left join mt_event_progression p on p.name = n.name
            cross join lateral (select coalesce(p.last_transaction_id, '0') as transaction_id, coalesce(p.last_seq_id, 0) as seq_id) as position
            cross join lateral (
                select count(*) as events from (
                    select from mt_events e where (e.transaction_id, e.seq_id) > (position.transaction_id, position.seq_id) and e.is_archived is not true limit $2) as counted) as unread
            left join lateral (
                select e.timestamp from mt_events e where (e.transaction_id, e.seq_id) > (position.transaction_id, position.seq_id)
                    and e.is_archived is not true
                order by e.transaction_id, e.seq_id limit 1) as oldest on true
            """);
        command.Parameters.AddWithValue(_names);
        command.Parameters.AddWithValue(CountedAtMost);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var tag = KeyValuePair.Create<string, object?>("projection", reader.GetString(0));
            Events.Record(reader.GetInt64(1), tag);
            Age.Record(
                await reader.IsDBNullAsync(2, ct) ? 0 : Math.Max(0, (Clock.GetUtcNow() - reader.GetFieldValue<DateTimeOffset>(2)).TotalSeconds), tag);
        }
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        await Measure(ct);
        return Every;
    }
}
