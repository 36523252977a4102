using System.Text.RegularExpressions;

namespace InviteHub.LocalHost;

/// <summary>A line with its colours, and when it came.</summary>
internal readonly record struct ConsoleLine(DateTimeOffset At, string Text);

/// <summary>What a resource printed: the last lines in memory, more of them in two files that take turns.</summary>
internal sealed partial class ConsoleLog(string path, TimeProvider clock) : IDisposable
{
    private const int LinesInMemory = 2000;
    private const int LongestLine = 4000;
    private const long BytesPerFile = 8 << 20;

    private readonly Queue<ConsoleLine> _lines = new();
    private long _added;
    private TaskCompletionSource? _awaited;
    private StreamWriter? _file;

    public void Add(string line)
    {
        if (line.Length > LongestLine)
            line = line[..LongestLine] + "…";
        lock (_lines)
        {
            _lines.Enqueue(new ConsoleLine(clock.GetUtcNow(), line));
            _added++;
            if (_lines.Count > LinesInMemory)
                _lines.Dequeue();
            _awaited?.SetResult();
            _awaited = null;
            if (_file?.BaseStream.Length > BytesPerFile)
            {
                _file.Dispose();
                _file = null;
                File.Move(path, path + ".1", overwrite: true);
            }
            _file ??= new StreamWriter(path, append: true) { AutoFlush = true };
            _file.WriteLine(Plain(line));
        }
    }

    /// <summary>The last lines, without colours.</summary>
    public IReadOnlyList<string> Last(int count)
    {
        lock (_lines)
            return [.. _lines.TakeLast(count).Select(line => Plain(line.Text))];
    }

    /// <summary>The lines that came after the first <paramref name="seen"/> ones, how many came in all, and a task that ends when there are more.</summary>
    public (IReadOnlyList<ConsoleLine> Lines, long Last, Task More) After(long seen)
    {
        lock (_lines)
        {
            _awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // More than there are: they were another host's.
            var missing = seen > _added ? _lines.Count : (int)Math.Min(_lines.Count, _added - seen);
            return ([.. _lines.TakeLast(missing)], _added, _awaited.Task);
        }
    }

    public void Dispose()
    {
        lock (_lines)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private static string Plain(string line) => line.Contains('\e') ? Escape().Replace(line, "") : line;

    [GeneratedRegex("\e\\[[0-9;?]*[A-Za-z]|\e\\][^\a]*\a", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();
}
