using System.Text;
using InviteHub.Identity.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Tests.Decisions;

[Trait("Feature", "INV-17")]
public class reading_a_file_of_users
{
    private const string Header = "email,username,firstName,lastName,language,phone,swedishCitizen,euCitizen,personalNumber,systemRole";
    private const string Åsa = "Asa@north.example,asa.oberg,Åsa,\"Öberg, Nord\",sv,+46701234567,ja,ja,198112189876,applicant";
    private static readonly DateOnly Today = new(2030, 1, 1);
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static TheoryData<string, byte[]> Files { get; } = new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes($"{Header}\n{Åsa}\n") },
        { "CRLF, no last line end", Encoding.UTF8.GetBytes($"{Header}\r\n{Åsa}") },
        { "a byte order mark", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes($"{Header}\n{Åsa}\n")] },
        { "UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes($"{Header}\n{Åsa}\n")] },
        { "Windows-1252", Windows1252.GetBytes($"{Header}\r\n{Åsa}\r\n") },
        { "semicolons", Encoding.UTF8.GetBytes($"{Header}\n{Åsa}\n".Replace(',', ';').Replace("Öberg;", "Öberg,", StringComparison.Ordinal)) },
        { "tabs", Windows1252.GetBytes($"{Header}\n{Åsa}\n".Replace(',', '\t').Replace("Öberg\t", "Öberg,", StringComparison.Ordinal)) },
        { "another case of the columns", Encoding.UTF8.GetBytes($"{Header.ToUpperInvariant()}\n{Åsa}\n") },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task understands_how_it_was_saved(string what, byte[] file)
    {
        var (rows, refusal) = await Read(file);
        refusal.ShouldBeNull(what);
        var row = rows.ShouldHaveSingleItem();
        row.Errors.ShouldBeEmpty();
        (row.Line, row.SystemRole).ShouldBe((2, Role.Applicant));
        row.Details.ShouldBe(new(
            "Asa@north.example", "Åsa", "Öberg, Nord", "198112189876", null, "+46701234567", null, SwedishCitizen: true, EuCitizen: true, "asa.oberg", "sv"));
    }

    [Fact]
    public async Task needs_only_an_address_and_a_name()
    {
        var (rows, _) = await Read("lastName;email;firstName\nBerg;bo@north.example;Bo");
        (rows[0].Details.Language, rows[0].SystemRole, rows[0].Errors.Count).ShouldBe(("en", Role.Guest, 0));
    }

    [Theory]
    [InlineData("email", "no address")]
    [InlineData("firstName", "K")]
    [InlineData("language", "de")]
    [InlineData("systemRole", "serviceAdmin")]
    [InlineData("systemRole", "king")]
    [InlineData("euCitizen", "perhaps")]
    [InlineData("personalNumber", "198112189877")]
    [InlineData("phone", "0701234567")]
    [InlineData("username", "a b")]
    public void says_of_a_row_which_column_is_wrong_and_never_what_it_says(string column, string text)
    {
        var row = ImportFile.Read(7, c => c == column ? text : c switch { "email" => "a@b.se", "firstName" or "lastName" => "Kim", _ => "" }, Today);
        var error = row.Errors.ShouldHaveSingleItem();
        (error.Line, error.Column).ShouldBe((7, column));
        error.Reason.ShouldNotContain(text, Case.Sensitive);
    }

    [Fact]
    public async Task counts_lines_as_an_editor_does()
    {
        var (rows, _) = await Read("email,firstName,lastName\n\n\"a@b.se\",\"Kim\nJo\",Berg\n,,\nx,Kim,Berg,,more\nA@B.se,Kim,Berg");
        rows.Select(row => row.Line).ShouldBe([3, 6, 7]);
        rows.SelectMany(row => row.Errors).Select(error => (error.Line, error.Column)).ShouldBe([(3, "firstName"), (6, "email"), (6, null), (7, "email")]);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("email,firstName,lastName\n", 1)]
    [InlineData("email,firstName\nasa@north.example,Kim", 1)]
    [InlineData("email,firstName,lastName,email\na@b.se,Kim,Berg,a@b.se", 1)]
    [InlineData("email,firstName,lastName,shoeSize\na@b.se,Kim,Berg,40", 1)]
    [InlineData("asa@north.example,Kim,Berg\nbo@north.example,Bo,Berg", 1)]
    [InlineData("email,firstName,lastName\na@b.se,Kim,Berg\nbo@north.example,\"Bo,Berg\n", 3)]
    [InlineData("email,firstName,lastName\na@b.se,\"Kim\"a,Berg\n", 2)]
    public async Task refuses_what_is_no_such_file_as_a_whole(string file, int line)
    {
        var (_, refusal) = await Read(file);
        refusal!.Line.ShouldBe(line);
        refusal.Detail.ShouldNotContain("@");
    }

    [Fact]
    public void an_import_starts_finishes_and_is_cancelled_once()
    {
        var id = Some.Id();
        var start = new ImportUsers.Command(id, 2, SendInvitation: true, Some.Id());
        var started = ImportUsers.Decide(UserImport.Initial, start).Events.ShouldHaveSingleItem();
        started.ShouldBe(new UserImportEvent.Started(id, 2, SendInvitation: true, start.By));
        var running = UserImport.Initial.Apply(started);
        ImportUsers.Decide(running, start).Events.ShouldBeEmpty();

        var finished = running.Apply(FinishImport.Decide(running, new(id, 1, 1)).Events.ShouldHaveSingleItem());
        FinishImport.Decide(finished, new(id, 1, 1)).Events.ShouldBeEmpty();
        CancelImport.Decide(finished, new(id, start.By)).Refusal.ShouldBeOfType<UserImportFinished>();

        var cancelled = running.Apply(CancelImport.Decide(running, new(id, start.By)).Events.ShouldHaveSingleItem());
        CancelImport.Decide(cancelled, new(id, start.By)).ShouldSatisfyAllConditions(d => d.Events.ShouldBeEmpty(), d => d.Refusal.ShouldBeNull());
        FinishImport.Decide(cancelled, new(id, 1, 1)).Events.ShouldBeEmpty();
        CancelImport.Decide(UserImport.Initial, new(id, start.By)).Refusal.ShouldBeOfType<UserImportNotFound>();
    }

    private static Task<(IReadOnlyList<ImportRow> Rows, FileUnreadable? Refusal)> Read(string file) => Read(Encoding.UTF8.GetBytes(file));

    private static async Task<(IReadOnlyList<ImportRow> Rows, FileUnreadable? Refusal)> Read(byte[] bytes)
    {
        var file = new ImportFile(new MemoryStream(bytes), Today);
        var rows = new List<ImportRow>();
        await foreach (var row in file.Rows(CancellationToken.None))
            rows.Add(row);
        return (rows, file.Refusal);
    }
}
