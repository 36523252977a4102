using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity;

/// <summary>What is wrong with a row, and in which of the file's columns; the column is null when it is the row as a whole.</summary>
internal sealed record ImportError(int Line, string? Column, string Reason);

/// <summary>A row of a file: the account to make, or what is wrong. <c>Line</c> is where it starts in the file.</summary>
internal sealed record ImportRow(int Line, PersonDetails Details, Role SystemRole, IReadOnlyList<ImportError> Errors);

/// <summary>
/// Reads users from CSV, a row at a time: commas, semicolons or tabs, whichever the first lines have; quotes; any line ends; UTF-8, UTF-16 by
/// its mark, or Windows-1252. No error repeats what stands in the file.
/// </summary>
internal sealed class ImportFile(Stream file, DateOnly today)
{
    /// <summary>The most rows of one file.</summary>
    public const int MostRows = 1_000_000;

    private const int LargestRow = 64 * 1024;

    /// <summary>The columns, by the names that POST /users has for them.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "email", "username", "firstName", "lastName", "language", "systemRole", "phone", "gender", "swedishCitizen", "euCitizen", "personalNumber",
        "lmaNumber",
    ];

    private static readonly string[] Needed = ["email", "firstName", "lastName"];

    /// <summary>Why the file as a whole is not to be read: it has no rows, other columns, too many rows, or quotes that don't match. Known when the
    /// rows were read.</summary>
    public ImportFileUnreadable? Refusal { get; private set; }

    /// <summary>One row, by the rules of adding a user by hand. Pure.</summary>
    /// <param name="line">Where it is.</param>
    /// <param name="field">The text in a column; empty or null when there is none.</param>
    /// <param name="today">The day, for personal numbers.</param>
    public static ImportRow Read(int line, Func<string, string?> field, DateOnly today)
    {
        var errors = new FieldErrors();
        var details = PersonDetails.Read(
            new PersonRequest
            {
                Email = Given("email"), Username = Given("username"), FirstName = Given("firstName"), LastName = Given("lastName"),
                Language = Given("language")?.ToLowerInvariant() ?? "en", Phone = Given("phone"), Gender = Given("gender"),
                SwedishCitizen = YesOrNo("swedishCitizen"), EuCitizen = YesOrNo("euCitizen"), PersonalNumber = Given("personalNumber"),
                LmaNumber = Given("lmaNumber"),
            },
            today, errors);
        var text = Given("systemRole") ?? Role.Guest.ToText();
        var role = Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(r => r!.Value.ToText().Equals(text, StringComparison.OrdinalIgnoreCase));
        errors.Demand(role?.CanBeSet() is true, "systemRole", "The role is guest, systemAdmin, economyAdmin or applicant.");
        return new(line, details, role ?? Role.Guest,
            [.. from error in errors.Refusal?.Errors ?? new Dictionary<string, string[]>(StringComparer.Ordinal)
                from reason in error.Value
                orderby Columns.Index().First(c => c.Item == error.Key).Index
                select new ImportError(line, error.Key, reason)]);

        string? Given(string column) => field(column)?.Trim() is { Length: > 0 } given ? given : null;

        bool? YesOrNo(string column)
        {
            switch (Given(column)?.ToLowerInvariant())
            {
                case null:
                    return null;
                case "true" or "yes" or "ja" or "1":
                    return true;
                case "false" or "no" or "nej" or "0":
                    return false;
                default:
                    errors.Add(column, "This is true or false (also yes or no, 1 or 0), or empty.");
                    return null;
            }
        }
    }

    /// <summary>The rows of the file as it streams by, up to where it can't be read any more.</summary>
    public async IAsyncEnumerable<ImportRow> Rows([EnumeratorCancellation] CancellationToken ct)
    {
        using var text = new StreamReader(file, Utf8OrWindows1252.Encoding, detectEncodingFromByteOrderMarks: true, bufferSize: -1, leaveOpen: true);
        await using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            TrackLineNumbers = true, MaxRecordSize = LargestRow, MalformedData = CsvMalformedDataHandling.Throw, IncludeValuesInExceptions = false,
        }, leaveOpen: true);
        // Of an address that comes again only its line is said: 128 bits of its hash keep a million of them small.
        var lineOf = new Dictionary<UInt128, int>();
        Dictionary<string, int>? columns = null;
        while (await Next(csv, ct))
        {
            if (columns is null && (columns = ColumnsOf(csv.Headers)) is null)
                yield break;
            var line = (int)csv.LineNumber;
            if (csv.RowNumber > MostRows)
            {
                Refusal = new(line, $"a file has at most {MostRows} rows; split it.");
                yield break;
            }

            if (Enumerable.Range(0, csv.FieldCount).All(csv.IsEmpty))
                continue;
            var row = Read(line, column => columns.TryGetValue(column, out var at) && at < csv.FieldCount ? csv.GetString(at) : null, today);
            if (csv.FieldCount > csv.Headers.Count)
                row = With(row, new(line, null, $"The row has {csv.FieldCount} fields, the first line {csv.Headers.Count}; put quotes around what holds a separator."));
            if (row.Details.Email.Length > 0 && !lineOf.TryAdd(HashOf(row.Details.Email), line))
                row = With(row, new(line, "email", $"Line {lineOf[HashOf(row.Details.Email)]} has this address already."));
            yield return row;
        }

        if (columns is null)
            Refusal ??= new(1, $"there are no rows. The first line names the columns, such as {string.Join(",", Columns.Take(4))}.");
    }

    private static ImportRow With(ImportRow row, ImportError error) => row with { Errors = [.. row.Errors, error] };

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
    private Dictionary<string, int>? ColumnsOf(IReadOnlyList<string> headers)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (at, header) in headers.Index())
        {
            var column = Columns.FirstOrDefault(c => c.Equals(header.Trim(), StringComparison.OrdinalIgnoreCase));
            if (column is null)
                Refusal ??= new(1, $"column {at + 1} is none of {string.Join(", ", Columns)}; take the template.");
            else if (!places.TryAdd(column, at))
                Refusal ??= new(1, $"column {column} is there twice.");
        }

        if (Needed.Where(needed => !places.ContainsKey(needed)).ToArray() is { Length: > 0 } missing)
            Refusal ??= new(1, $"among the columns is no {string.Join(" and no ", missing)}.");
        return Refusal is null ? places : null;
    }

    private static UInt128 HashOf(string email) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Users.KeyOf(email))));
}
