using InviteHub.EventStore.Subscriptions;
using Microsoft.Extensions.Logging;

namespace InviteHub.EventStore.Projections;

/// <summary>
/// Writes a read model behind the streams: its rows and its checkpoint are one commit. An event that cannot be taken is parked in that
/// commit, later events of its stream wait behind it, and all others go on.
/// </summary>
internal sealed class AsyncProjection<T>(T projection, PostgresEventStore store, ILogger<AsyncProjection<T>> log) : ISubscription
    where T : class, IProjection
{
    private EventPosition _begunAt;

    public string Name => projection.Name;

    public bool TakesUnknownEvents => true;

    public bool TakesArchivedEvents => false;

    public async Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
    {
        // The same events again: their commit failed, and one of them may be to blame.
        var again = events[0].Position == _begunAt;
        _begunAt = events[0].Position;
        var blocked = await ParkedStreams(ct);
        var parked = again
            ? await Trial(events, blocked, ct)
            : [.. events.Where(e => blocked.Contains(e.Stream)).Select(e => new Parked(e, Error: null))];

        var left = parked.Select(p => p.Event.Id).ToHashSet();
        foreach (var e in events.Where(e => !left.Contains(e.Id)))
            Applying.Project(projection, e, session.Sql);
        foreach (var p in parked)
            p.Queue(Name, session.Sql, store.Now());
        foreach (var p in parked.Where(p => p.Error is not null))
            log.LogError("Projection {Projection} cannot take event {Event} of {Stream}: {Error}; it is parked", Name, p.Event.Id, p.Event.Stream, p.Error);
    }

    private async Task<HashSet<StreamId>> ParkedStreams(CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("select distinct stream_id, tenant_id from parked_events where projection = $1");
        command.Parameters.AddWithValue(Name);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var streams = new HashSet<StreamId>();
        while (await reader.ReadAsync(ct))
            streams.Add(new(reader.GetString(0), reader.GetString(1)));
        return streams;
    }

    // Rolled back: what is found out here is done in the session, with the checkpoint.
    private async Task<IReadOnlyList<Parked>> Trial(IReadOnlyList<RecordedEvent> events, HashSet<StreamId> blocked, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        return await Applying.Apply(projection, connection, events, blocked, beside: false, ct);
    }
}
