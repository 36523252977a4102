namespace InviteHub.LocalHost;

/// <summary>What a resource printed: the last lines in memory, more of them in two files that take turns.</summary>
internal sealed class ConsoleLog(string path) : IDisposable
{
    private const int LinesInMemory = 1000;
    private const int LongestLine = 4000;
    private const long BytesPerFile = 8 << 20;

    private readonly Queue<string> _lines = new();
    private StreamWriter? _file;

    public void Add(string line)
    {
        if (line.Length > LongestLine)
            line = line[..LongestLine] + "…";
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesInMemory)
                _lines.Dequeue();
            if (_file?.BaseStream.Length > BytesPerFile)
            {
                _file.Dispose();
                _file = null;
                File.Move(path, path + ".1", overwrite: true);
            }
            _file ??= new StreamWriter(path, append: true) { AutoFlush = true };
            _file.WriteLine(line);
        }
    }

    public IReadOnlyList<string> Last(int count)
    {
        lock (_lines)
            return [.. _lines.TakeLast(count)];
    }

    public void Dispose()
    {
        lock (_lines)
        {
            _file?.Dispose();
            _file = null;
        }
    }
}
