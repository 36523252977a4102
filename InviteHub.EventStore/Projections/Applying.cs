using Npgsql;
using NpgsqlTypes;

namespace InviteHub.EventStore.Projections;

/// <summary>An event that a projection could not take, or (without an error) one that waits behind such a one of its stream.</summary>
internal sealed record Parked(RecordedEvent Event, string? Error)
{
    /// <summary>Queues its row in <c>parked_events</c>; fails with a conflict where it would wait behind nothing.</summary>
    public void Queue(string projection, SqlQueue sql, DateTimeOffset now) => sql.Execute(
        "select ih_park($1, $2, $3, $4, $5, $6, $7, $8)",
        projection, EventSession.Xid8(Event.Position.TransactionId), Event.Position.Sequence, Event.Id, Event.Stream.TenantId, Event.Stream.Id,
        new NpgsqlParameter { Value = (object?)Error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar }, now);
}

/// <summary>Applies events within a transaction, and finds those that a projection cannot take.</summary>
internal sealed class Applying
{
    private readonly IProjection _projection;
    private readonly NpgsqlConnection _connection;
    private readonly HashSet<StreamId> _blocked;
    private readonly bool _beside;
    private readonly List<Parked> _parked = [];

    private Applying(IProjection projection, NpgsqlConnection connection, IEnumerable<StreamId> blocked, bool beside) =>
        (_projection, _connection, _blocked, _beside) = (projection, connection, [.. blocked], beside);

    /// <summary>
    /// Applies events in their order, all in one round trip unless one fails. Those that fail, and what follows them in their streams,
    /// are left out and answered, each stream's in order.
    /// </summary>
    /// <param name="projection">Whose.</param>
    /// <param name="connection">Within an open transaction.</param>
    /// <param name="events">In order.</param>
    /// <param name="blocked">Streams with events that wait already.</param>
    /// <param name="beside">Into the tables that are being rebuilt, where a projection's SQL finds no others.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<Parked>> Apply(
        IProjection projection, NpgsqlConnection connection, IReadOnlyList<RecordedEvent> events,
        IEnumerable<StreamId> blocked, bool beside, CancellationToken ct)
    {
        var applying = new Applying(projection, connection, blocked, beside);
        await applying.Apply(events, ct);
        return applying._parked;
    }

    /// <summary>Queues what an event changes; a projection never sees one that nobody knows, since it would skip it.</summary>
    /// <exception cref="UnknownEventTypeException">No catalogue knows the event.</exception>
    public static void Project(IProjection projection, RecordedEvent happened, SqlQueue sql)
    {
        if (happened.Data is UnknownEventTypeException unknown)
            throw unknown;
        projection.Project(happened, sql);
    }

    private async Task Apply(IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        var free = new List<RecordedEvent>(events.Count);
        foreach (var e in events)
        {
            if (_blocked.Contains(e.Stream))
                _parked.Add(new(e, Error: null));
            else
                free.Add(e);
        }

        if (free.Count == 0 || await Try(free, ct) is not { } error)
            return;
        if (free.Count == 1)
        {
            _parked.Add(new(free[0], error));
            _blocked.Add(free[0].Stream);
            return;
        }

        var half = free.Count / 2;
        await Apply(free.GetRange(0, half), ct);
        await Apply(free.GetRange(half, free.Count - half), ct);
    }

    /// <summary>Why they cannot be applied together; null when they are.</summary>
    private async Task<string?> Try(List<RecordedEvent> events, CancellationToken ct)
    {
        var sql = new SqlQueue();
        try
        {
            foreach (var e in events)
                Project(_projection, e, sql);
        }
        catch (Exception e)
        {
            return Describe(e);
        }

        if (sql.Commands.Count == 0)
            return null;
        await using var batch = new NpgsqlBatch(_connection);
        batch.BatchCommands.Add(new("savepoint tried"));
        if (_beside)
            batch.BatchCommands.Add(new("set local search_path to rebuild"));
        foreach (var command in sql.Commands)
            batch.BatchCommands.Add(command);
        if (_beside)
            batch.BatchCommands.Add(new("set local search_path to default"));
        batch.BatchCommands.Add(new("release savepoint tried"));
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            return null;
        }
        catch (Exception e) when (IsOfTheEvent(e))
        {
            await using var undo = new NpgsqlCommand("rollback to savepoint tried", _connection);
            await undo.ExecuteNonQueryAsync(ct);
            return Describe(e);
        }
    }

    // A server that is gone, full, read-only or without the table fails every event: that is no event's fault.
    private static bool IsOfTheEvent(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege } => false,
        PostgresException { SqlState: [var c, var d, ..] } => $"{c}{d}" is "21" or "22" or "23" or "42" or "44" or "54" or "P0",
        NpgsqlException or OperationCanceledException or IOException or TimeoutException or ObjectDisposedException => false,
        // A value that Npgsql cannot write.
        _ => true,
    };

    /// <summary>What went wrong, without its message: that may quote a value, and a value may be personal data.</summary>
    public static string Describe(Exception e) => e switch
    {
        PostgresException { ConstraintName: { } constraint, SqlState: var state } => $"{state} {constraint}",
        PostgresException { SqlState: var state } => state,
        UnknownEventTypeException unknown => unknown.Message,
        _ => $"{e.GetType().Name} in {e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name}",
    };
}
