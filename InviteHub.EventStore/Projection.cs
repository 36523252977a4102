using Npgsql;

namespace InviteHub.EventStore;

/// <summary>Writes a read model from events in the same commit as the events themselves. No clock: the event's own time.</summary>
public interface IInlineProjection
{
    /// <summary>Queues what an event changes; called for every event of the service, in the order of its stream.</summary>
    void Project(RecordedEvent happened, SqlQueue sql);

    /// <summary>
    /// Queues what some events of one commit change that follow each other and are of one type, as a batch makes them: one by one, unless a
    /// projection has a statement for all of them. That costs PostgreSQL about half.
    /// </summary>
    void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        foreach (var happened in alike)
            Project(happened, sql);
    }
}

/// <summary>
/// A read model with a name and tables of its own: it may be written asynchronously, and it can be rebuilt from the streams
/// while the system serves (LOG-06). Nothing but its own SQL may write to its tables; what it writes depends on events alone.
/// </summary>
public interface IProjection
{
    /// <summary><c>&lt;service&gt;.&lt;read_model&gt;.v&lt;n&gt;</c>; of an asynchronous one also the name of its checkpoint.</summary>
    string Name { get; }

    /// <summary>Every table that its SQL touches, by their plain names.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>Queues what an event changes; called for every event of the service, in the order of its stream.</summary>
    void Project(RecordedEvent happened, SqlQueue sql);
}

/// <summary>SQL statements that run in one round trip with the commit they belong to.</summary>
public sealed class SqlQueue
{
    internal List<NpgsqlBatchCommand> Commands { get; } = [];

    /// <summary>Queues a statement with positional parameters (<c>$1</c>, <c>$2</c>…).</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="parameters">Values in their order; null is SQL's null.</param>
    public void Execute(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        Commands.Add(command);
    }
}
