namespace InviteHub.EventStore;

/// <summary>
/// Units of work of one process that meet on a stream take turns, first come, first served, instead of losing against each other
/// again and again. It is a courtesy: who has waited too long goes ahead, and the version decides as ever.
/// </summary>
internal sealed class Turns
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    private Line? Enter(string what, bool found)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(what, out var line))
            {
                if (!found)
                    return null;
                line = new();
                _lines.Add(what, line);
            }

            line.Length++;
            return line;
        }
    }

    private void Leave(string what, Line line)
    {
        lock (_gate)
        {
            if (--line.Length == 0)
                _lines.Remove(what);
        }
    }

    /// <summary>One unit of work's place: in no line, or with its turn in one.</summary>
    internal sealed class Place(Turns turns) : IDisposable
    {
        private Line? _line;

        /// <summary>What it has its turn on.</summary>
        public string? On { get; private set; }

        /// <summary>Waits for its turn where others wait, or, having lost there, founds the line that they will wait in.</summary>
        public async ValueTask Take(string what, bool lost, CancellationToken ct)
        {
            // It never waits in one line with its turn in another: so nobody waits in a circle.
            if (_line is not null || turns.Enter(what, found: lost) is not { } line)
                return;
            try
            {
                if (await line.Turn.WaitAsync(LongestWait, ct))
                    (On, _line) = (what, line);
            }
            finally
            {
                if (_line is null)
                    turns.Leave(what, line);
            }
        }

        public void Dispose()
        {
            if (_line is not { } line)
                return;
            line.Turn.Release();
            turns.Leave(On!, line);
            (On, _line) = (null, null);
        }
    }

    private sealed class Line
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Length { get; set; }
    }
}
