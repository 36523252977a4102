using System.Runtime.ExceptionServices;
using Npgsql;

namespace InviteHub.EventStore;

/// <summary>
/// Units of work of one process that save at the same time share a round trip and a commit: a few go out at once, each alone; those that
/// come meanwhile go together as soon as one is back. Each is still all or nothing for itself: when one fails, the others are sent again
/// without it, and it is sent again alone, so that what it is told is never about somebody else's work that was not kept.
/// </summary>
internal sealed class Commits(NpgsqlDataSource database)
{
    private const int AtOnce = 2;
    private const int MostStatements = 500;
    private readonly Lock _gate = new();
    private readonly LinkedList<Work> _waiting = [];
    // Of two on one stream or saga one loses, and in commits of their own each could wait for the other: such a thing is in one commit
    // at a time, and once in it.
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private int _out;

    /// <summary>Runs the statements of one unit of work, in their order, in one transaction.</summary>
    /// <param name="statements">What it does.</param>
    /// <param name="locks">The streams and sagas that it writes to, by names, in the order in which everybody locks them.</param>
    /// <param name="ct">Gives up before it was sent; afterwards only when it was sent alone.</param>
    public async Task Commit(IReadOnlyList<NpgsqlBatchCommand> statements, IReadOnlyList<string> locks, CancellationToken ct)
    {
        var own = new Work(statements, locks);
        var together = Enter(own);
        if (together is null)
        {
            await using var givingUp = ct.Register(() => GiveUp(own, ct));
            together = await own.Turn.Task;
            if (together is null)
                return;
        }

        try
        {
            await Send(together, together is [_] ? ct : CancellationToken.None);
        }
        finally
        {
            Leave(together);
        }

        foreach (var other in together.Where(work => work != own))
            other.Settle();
        if (own.Error is { } error)
            ExceptionDispatchInfo.Throw(error);
    }

    private Work[]? Enter(Work own)
    {
        lock (_gate)
        {
            if (_out < AtOnce && !own.Locks.Any(_busy.Contains))
            {
                _out++;
                _busy.UnionWith(own.Locks);
                return [own];
            }

            _waiting.AddLast(own);
            return null;
        }
    }

    private void GiveUp(Work own, CancellationToken ct)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(own))
                return;
        }

        own.Turn.TrySetCanceled(ct);
    }

    private void Leave(Work[] together)
    {
        lock (_gate)
        {
            _out--;
            foreach (var work in together)
                _busy.ExceptWith(work.Locks);
            while (_out < AtOnce && Next() is { Length: > 0 } next)
            {
                _out++;
                next[0].Turn.SetResult(next);
            }
        }
    }

    /// <summary>Those that can go together now, first come, first served; the first of them sends.</summary>
    private Work[] Next()
    {
        var next = new List<Work>();
        var statements = 0;
        for (var node = _waiting.First; node is not null && statements < MostStatements;)
        {
            var (work, after) = (node.Value, node.Next);
            if (!work.Locks.Any(_busy.Contains))
            {
                next.Add(work);
                _busy.UnionWith(work.Locks);
                statements += work.Statements.Count;
                _waiting.Remove(node);
            }

            node = after;
        }

        return [.. next];
    }

    private async Task Send(IReadOnlyList<Work> together, CancellationToken ct)
    {
        // A batch without a transaction of its own is one implicit transaction: all of it commits, in one round trip.
        await using var batch = database.CreateBatch();
        foreach (var statement in together.OrderBy(work => work.LocksFirst, StringComparer.Ordinal).SelectMany(work => work.Statements))
            batch.BatchCommands.Add(statement);
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (together.Count > 1)
        {
            // Deadlocks are nobody's fault.
            var failed = e.SqlState == PostgresErrorCodes.DeadlockDetected ? null : together.FirstOrDefault(work => work.Statements.Contains(e.BatchCommand));
            foreach (var work in together)
                work.PrepareAgain();
            if (failed is not null)
                await Send([.. together.Where(work => work != failed)], CancellationToken.None);
            foreach (var alone in failed is null ? together : [failed])
                await Send([alone], CancellationToken.None);
        }
        catch (Exception e)
        {
            foreach (var work in together)
                work.Error = e;
        }
    }

    private sealed class Work(IReadOnlyList<NpgsqlBatchCommand> statements, IReadOnlyList<string> locks)
    {
        public IReadOnlyList<NpgsqlBatchCommand> Statements { get; private set; } = statements;

        public IReadOnlyList<string> Locks => locks;

        /// <summary>What its commit locks first.</summary>
        public string LocksFirst => locks is [var first, ..] ? first : "";

        public Exception? Error { get; set; }

        /// <summary>Those that it is to send, or null when another has sent it.</summary>
        public TaskCompletionSource<Work[]?> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Npgsql's commands remember what they were prepared as, on which connection: those that were sent are not sent again.</summary>
        public void PrepareAgain() => Statements = [.. Statements.Select(sent =>
        {
            var again = new NpgsqlBatchCommand(sent.CommandText);
            foreach (NpgsqlParameter parameter in sent.Parameters)
                again.Parameters.Add(parameter.Clone());
            return again;
        })];

        public void Settle()
        {
            if (Error is { } error)
                Turn.SetException(error);
            else
                Turn.SetResult(null);
        }
    }
}
