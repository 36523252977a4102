using System.Runtime.CompilerServices;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity;

/// <summary>What is wrong with a row, and in which of the file's columns; the column is null when it is the row as a whole.</summary>
internal sealed record ImportError(int Line, string? Column, string Reason);

/// <summary>A row of a file: the account to make, or what is wrong. <c>Line</c> is where it starts in the file.</summary>
internal sealed record ImportRow(int Line, PersonDetails Details, Role SystemRole, IReadOnlyList<ImportError> Errors);

/// <summary>Reads users from CSV (<see cref="CsvFile"/>), a row at a time. No error repeats what stands in the file.</summary>
internal sealed class ImportFile(Stream file, DateOnly today)
{
    /// <summary>The columns, by the names that POST /users has for them.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "email", "username", "firstName", "lastName", "language", "systemRole", "phone", "gender", "swedishCitizen", "euCitizen", "personalNumber",
        "lmaNumber",
    ];

    private readonly CsvFile _file = new(file, Columns, ["email", "firstName", "lastName"]);

    /// <summary>Why the file as a whole is not to be read. Known when the rows were read.</summary>
    public FileUnreadable? Refusal => _file.Refusal;

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
                SwedishCitizen = YesOrNo("swedishCitizen"), EuCitizen = YesOrNo("euCitizen"), PersonalNumber = Given("personalNumber"), LmaNumber = Given("lmaNumber"),
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

        bool? YesOrNo(string column) => Fields.YesOrNo(Given(column), column, errors);
    }

    /// <summary>The rows of the file as it streams by, up to where it can't be read any more.</summary>
    public async IAsyncEnumerable<ImportRow> Rows([EnumeratorCancellation] CancellationToken ct)
    {
        var lines = new FirstLines();
        await foreach (var (line, fields, misshapen) in _file.Rows(ct))
        {
            var row = Read(line, column => fields.GetValueOrDefault(column), today);
            if (misshapen is not null)
                row = With(row, new(line, null, misshapen));
            if (row.Details.Email.Length > 0 && lines.Before(Users.KeyOf(row.Details.Email), line) is { } earlier)
                row = With(row, new(line, "email", $"Line {earlier} has this address already."));
            yield return row;
        }
    }

    private static ImportRow With(ImportRow row, ImportError error) => row with { Errors = [.. row.Errors, error] };
}
