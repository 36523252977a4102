using System.CommandLine;
using InviteHub.EventStore.Audit;

namespace InviteHub.Cli;

/// <summary><c>invitehub verify</c>: checks an export with nothing but the file (LOG-03, API-04).</summary>
internal static class VerifyCommand
{
    public static Command Make()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The export (a ZIP file)." };
        var key = new Option<FileInfo?>("--public-key")
        {
            Description = "The service's public key in PEM, had in another way than with the export. Without it, an export that was made anew as a whole is not found.",
        };
        var json = Terminal.JsonOption();
        var command = new ExplainedCommand(
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
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var export = parsed.GetRequiredValue(file).OpenRead();
                var publicKey = parsed.GetValue(key) is { } pem ? await File.ReadAllTextAsync(pem.FullName, ct) : null;
                var verdict = await ExportVerification.Verify(export, publicKey, ct);
                await terminal.Answer(verdict, Words(verdict));
                return verdict.Findings.Count == 0 ? Exit.Fine : verdict.Findings.Any(finding => finding.Code == "unreadable") ? Exit.Refused : Exit.Wrong;
            });
        });
        return command;
    }

    private static string Words(ExportVerdict verdict) => string.Join(
        '\n',
        [
            .. verdict.Findings.Select(finding => finding.Stream is null ? finding.Detail : $"{finding.Stream}, event {finding.Version}: {finding.Detail}"),
            $"{verdict.Events} events in {verdict.Streams} streams: {(verdict.Findings.Count == 0 ? "all as exported." : "NOT as exported.")}",
            .. verdict.KeyIsKnown ? Array.Empty<string>() : ["The signature was checked with the key in the export itself: give --public-key to know who signed."],
        ]);
}
