using Npgsql;

namespace InviteHub.EventStore;

/// <summary>Writes a read model from events in the same commit as the events themselves. No clock: the event's own time.</summary>
public interface IInlineProjection
{
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
