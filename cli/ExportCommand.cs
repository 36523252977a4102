using System.CommandLine;
using System.IO.Compression;
using System.Text.Json.Nodes;
using InviteHub.EventStore.Audit;

namespace InviteHub.Cli;

/// <summary><c>invitehub export</c>: streams to take away, by stream, person, organization and period (LOG-04).</summary>
internal static class ExportCommand
{
    private sealed record Exported(string File, string PublicKey, int Streams, long Events, bool Holds);

    public static Command Make()
    {
        var streams = new Argument<string[]>("STREAM") { Description = "Streams of one service.", Arity = ArgumentArity.ZeroOrMore };
        var user = new Option<Guid?>("--user") { Description = "All that is of a person or names them.", HelpName = "ID" };
        var organization = new Option<Guid?>("--organization") { Description = "All that is of an organization or names it.", HelpName = "ID" };
        var from = Terminal.Instant("--from", "Only what happened from then on");
        var to = Terminal.Instant("--to", "Only what happened before then");
        var service = new Option<string[]>("--service") { Description = "The services to ask; all unless given.", AllowMultipleArgumentsPerToken = true };
        service.AcceptOnlyFromAmong(Gateway.Services);
        var folder = new Option<DirectoryInfo>("--output", "-o") { Description = "The folder for the files.", DefaultValueFactory = _ => new DirectoryInfo(".") };
        var (url, json) = (Gateway.UrlOption(), Terminal.JsonOption());
        var command = new ExplainedCommand(
            "export",
            $"""
            Exports events as signed ZIP files, a file for each service that has some, with its public key beside it, and checks them.
            Personal data stays encrypted in them. Keep the key of the first export: it proves all later ones ('invitehub verify').
            {Gateway.Credentials}
            Exit code 0: exported. 1: nothing matches, or a chain does not hold. 2: refused. 3: the gateway can't be reached.

            Examples:
              invitehub export user-0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11
              invitehub export --user 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 -o audit/
              invitehub export --organization 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --from 2026-01-01 --to 2026-04-01 --service invitations
            """)
        {
            streams, user, organization, from, to, service, folder, url, json,
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(streams) is not { Length: > 0 } && (given.GetValue(user) ?? given.GetValue(organization)) is null && (given.GetValue(from) ?? given.GetValue(to)) is null)
                given.AddError("Say what to export: streams, --user, --organization, --from, --to, or several of them.");
        });
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var gateway = new Gateway(parsed.GetRequiredValue(url), terminal);
                await gateway.SignIn(ct);
                string[] query =
                [
                    .. (parsed.GetValue(streams) ?? []).Select(id => $"streamId={Uri.EscapeDataString(id)}"),
                    .. Given("userId", parsed.GetValue(user)?.ToString()), .. Given("organizationId", parsed.GetValue(organization)?.ToString()),
                    .. Given("from", parsed.GetValue(from) is { } first ? Gateway.Query(first) : null),
                    .. Given("to", parsed.GetValue(to) is { } last ? Gateway.Query(last) : null),
                ];
                var asked = Asked(parsed.GetValue(streams), parsed.GetValue(service));
                var into = parsed.GetRequiredValue(folder);
                into.Create();
                var files = await terminal.Progress("Exporting", async tell =>
                {
                    var files = new List<Exported>();
                    foreach (var (n, one) in asked.Index())
                    {
                        if (await Export(gateway, string.Join('&', [.. query, .. Given("service", one)]), into.FullName, one.Length == 0 ? "streams" : one, ct) is { } file)
                            files.Add(file);
                        tell(n + 1, asked.Length);
                    }

                    return files;
                });
                await terminal.Answer(files, files.Count == 0
                    ? "Nothing matches."
                    : string.Join('\n', files.Select(file => $"{file.File}: {file.Events} events in {file.Streams} streams{(file.Holds ? "" : ", which do NOT hold: see 'invitehub verify'")}")));
                return files.Count > 0 && files.TrueForAll(file => file.Holds) ? Exit.Fine : Exit.Wrong;
            });
        });
        return command;
    }

    // Whose the named streams are, the gateway knows by their ids.
    private static string[] Asked(string[]? streams, string[]? services) =>
        streams is { Length: > 0 } ? [""] : services is { Length: > 0 } ? services : Gateway.Services;

    private static string[] Given(string name, string? value) => string.IsNullOrEmpty(value) ? [] : [$"{name}={value}"];

    private static async Task<Exported?> Export(Gateway gateway, string query, string folder, string service, CancellationToken ct)
    {
        var file = Path.Combine(folder, $"invitehub-{service}-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}.zip");
        await gateway.Download(HttpMethod.Post, $"/audit/exports?{query}", file, ct);
        if (await FirstStream(file, ct) is not { } stream)
        {
            File.Delete(file);
            return null;
        }

        var key = Path.ChangeExtension(file, ".pem");
        await gateway.Download(HttpMethod.Get, $"/audit/streams/{Uri.EscapeDataString(stream)}/public-key", key, ct);
        await using var export = File.OpenRead(file);
        var verdict = await ExportVerification.Verify(export, await File.ReadAllTextAsync(key, ct), ct);
        return new(file, key, verdict.Streams, verdict.Events, verdict.Findings.Count == 0);
    }

    private static async Task<string?> FirstStream(string file, CancellationToken ct)
    {
        await using var zip = await ZipFile.OpenReadAsync(file, ct);
        await using var manifest = await zip.GetEntry("manifest.json")!.OpenAsync(ct);
        return (await JsonNode.ParseAsync(manifest, cancellationToken: ct))!["streams"]!.AsArray().FirstOrDefault()?["stream"]?.GetValue<string>();
    }
}
