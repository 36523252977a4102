using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using InviteHub.EventStore;

namespace InviteHub.ServiceDefaults;

/// <summary>The file as a whole can't be read: nothing of it was done. The line is where that shows.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Reason">Why; without a word of what stands in the file.</param>
public sealed record FileUnreadable(int Line, string Reason) : Refusal(RefusalKind.Invalid, "file-unreadable", $"Line {Line}: {Reason}")
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string>? Facts =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["line"] = $"{Line}" };
}

/// <summary>A row of a file.</summary>
/// <param name="Line">Where it starts in the file.</param>
/// <param name="Fields">What stands in the file's columns, by their names.</param>
/// <param name="Misshapen">Why it is no row of this file, or null.</param>
public sealed record CsvRow(int Line, IReadOnlyDictionary<string, string> Fields, string? Misshapen);

/// <summary>
/// Reads CSV, a row at a time: commas, semicolons or tabs, whichever the first lines have; quotes; any line ends; UTF-8, UTF-16 by its mark, or
/// Windows-1252. No error repeats what stands in the file.
/// </summary>
/// <param name="file">Read as it streams in.</param>
/// <param name="columns">The columns that there are, in any order and case.</param>
/// <param name="needed">Those that can't be left out.</param>
public sealed class CsvFile(Stream file, IReadOnlyList<string> columns, IReadOnlyList<string> needed)
{
    /// <summary>The largest file; the gateway's routes for files take as much.</summary>
    public const int LargestBytes = 100_000_000;

    /// <summary>The most rows of one file.</summary>
    public const int MostRows = 1_000_000;

    private const int LargestRow = 64 * 1024;

    /// <summary>Why the file as a whole is not to be read: it has no rows, other columns, too many rows, or quotes that don't match. Known when the
    /// rows were read.</summary>
    public FileUnreadable? Refusal { get; private set; }

    /// <summary>The rows that are not empty, as they stream by, up to where the file can't be read any more.</summary>
    public async IAsyncEnumerable<CsvRow> Rows([EnumeratorCancellation] CancellationToken ct)
    {
        using var text = new StreamReader(file, Utf8OrWindows1252.Encoding, detectEncodingFromByteOrderMarks: true, bufferSize: -1, leaveOpen: true);
        await using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            TrackLineNumbers = true, MaxRecordSize = LargestRow, MalformedData = CsvMalformedDataHandling.Throw, IncludeValuesInExceptions = false,
        }, leaveOpen: true);
        List<(string Column, int At)>? places = null;
        while (await Next(csv, ct))
        {
            if (places is null && (places = PlacesOf(csv.Headers)) is null)
                yield break;
            var line = (int)csv.LineNumber;
            if (csv.RowNumber > MostRows)
            {
                Refusal = new(line, $"a file has at most {MostRows} rows; split it.");
                yield break;
            }

            if (Enumerable.Range(0, csv.FieldCount).All(csv.IsEmpty))
                continue;
            var fields = new Dictionary<string, string>(places.Count, StringComparer.Ordinal);
            foreach (var (column, at) in places)
            {
                if (at < csv.FieldCount && csv.GetString(at) is { } given)
                    fields[column] = Unescaped(given);
            }

            yield return new(line, fields, csv.FieldCount > csv.Headers.Count
                ? $"The row has {csv.FieldCount} fields, the first line {csv.Headers.Count}; put quotes around what holds a separator."
                : null);
        }

        if (places is null)
            Refusal ??= new(1, $"there are no rows. The first line names the columns, such as {string.Join(",", columns.Take(4))}.");
    }

    /// <summary>Some elements at a time, in their order.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> InChunks<T>(
        IAsyncEnumerable<T> all, int most, [EnumeratorCancellation] CancellationToken ct)
    {
        var some = new List<T>();
        await foreach (var one in all.WithCancellation(ct))
        {
            some.Add(one);
            if (some.Count < most)
                continue;
            yield return some;
            some = [];
        }

        if (some.Count > 0)
            yield return some;
    }

    /// <summary>A file of CSV that spreadsheets open as it is meant: with a byte order mark, and no text that they take for a formula.</summary>
    public static CsvWriter Write(Stream to) =>
        CsvWriter.Create(to, new CsvWriterOptions { Injection = CsvInjection.Escape, WriteByteOrderMark = true }, leaveOpen: true);

    // What a spreadsheet would take for a formula was written as text: a phone number is read as it was given.
    private static string Unescaped(string given) => given is ['\'', '=' or '+' or '-' or '@', ..] ? given[1..] : given;

    private async Task<bool> Next(CsvReader csv, CancellationToken ct)
    {
        try
        {
            return await csv.ReadAsync(ct);
        }
        catch (CsvFormatException e)
        {
            Refusal = new(
                (int)Math.Max(1, e.LineNumber), $"the row can't be read: its quotes don't match, or it is longer than {LargestRow / 1024} KB.");
            return false;
        }
    }

    /// <summary>Where each column is. A first line that is no list of columns may be somebody's data: only places are told.</summary>
    private List<(string Column, int At)>? PlacesOf(IReadOnlyList<string> headers)
    {
        var places = new List<(string Column, int At)>();
        foreach (var (at, header) in headers.Index())
        {
            var column = columns.FirstOrDefault(c => c.Equals(header.Trim(), StringComparison.OrdinalIgnoreCase));
            if (column is null)
                Refusal ??= new(1, $"column {at + 1} is none of {string.Join(", ", columns)}; take the template.");
            else if (places.Exists(place => place.Column == column))
                Refusal ??= new(1, $"column {column} is there twice.");
            else
                places.Add((column, at));
        }

        if (needed.Where(column => !places.Exists(place => place.Column == column)).ToArray() is { Length: > 0 } missing)
            Refusal ??= new(1, $"among the columns is no {string.Join(" and no ", missing)}.");
        return Refusal is null ? places : null;
    }
}

/// <summary>Where something stood first in a file. 128 bits of its hash keep a million of them small.</summary>
public sealed class FirstLines
{
    private readonly Dictionary<UInt128, int> _lines = [];

    /// <summary>The earlier line with the same text, or null when this is the first; then it is kept.</summary>
    public int? Before(string text, int line)
    {
        var hash = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return _lines.TryAdd(hash, line) ? null : _lines[hash];
    }
}
