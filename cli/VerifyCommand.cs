using System.CommandLine;
using System.Text.Json;
using InviteHub.EventStore.Audit;

namespace InviteHub.Cli;

/// <summary><c>invitehub verify</c>: checks an export with nothing but the file (LOG-03, API-04).</summary>
internal static class VerifyCommand
{
    private const int Holds = 0;
    private const int Broken = 1;
    private const int CannotTell = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Make()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The export (a ZIP file)." };
        var key = new Option<FileInfo?>("--public-key")
        {
            Description = "The service's public key in PEM, had in another way than with the export. Without it, an export that was made anew as a whole is not found.",
        };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var command = new Command(
            "verify",
            """
            Checks an export of streams: its signature, its files and every chain. Needs no database and no network.
            Exit code 0: all is as it was exported. 1: something is not. 2: the file or the key can't be read.

            Examples:
              invitehub verify user-0198c2d4.zip
              invitehub verify user-0198c2d4.zip --public-key identity.pem --json
            """)
        {
            file, key, json,
        };
        command.SetAction((parsed, ct) => Run(
            parsed.GetRequiredValue(file), parsed.GetValue(key), parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, ct));
        return command;
    }

    private static async Task<int> Run(FileInfo file, FileInfo? key, bool json, TextWriter output, TextWriter error, CancellationToken ct)
    {
        ExportVerdict verdict;
        try
        {
            await using var export = file.OpenRead();
            verdict = await ExportVerification.Verify(export, key is null ? null : await File.ReadAllTextAsync(key.FullName, ct), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{e.Message} Name a file that is there and may be read.");
            return CannotTell;
        }

        await output.WriteLineAsync(json ? JsonSerializer.Serialize(verdict, Json) : Words(verdict));
        return verdict.Findings.Count == 0 ? Holds : verdict.Findings.Any(finding => finding.Code == "unreadable") ? CannotTell : Broken;
    }

    private static string Words(ExportVerdict verdict) => string.Join(
        '\n',
        [
            .. verdict.Findings.Select(finding => finding.Stream is null ? finding.Detail : $"{finding.Stream}, event {finding.Version}: {finding.Detail}"),
            $"{verdict.Events} events in {verdict.Streams} streams: {(verdict.Findings.Count == 0 ? "all as exported." : "NOT as exported.")}",
            .. verdict.KeyIsKnown ? Array.Empty<string>() : ["The signature was checked with the key in the export itself: give --public-key to know who signed."],
        ]);
}
