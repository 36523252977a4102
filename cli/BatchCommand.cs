using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace InviteHub.Cli;

/// <summary><c>invitehub batch</c>: invites everybody in a CSV file, shows how far it is, and brings the report (INV-20).</summary>
internal static class BatchCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command Make()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The CSV file; its columns are those of GET /api/v1/invitations/batches/template.csv." };
        var organization = new Option<Guid>("--organization") { Description = "Who invites.", HelpName = "ID", Required = true };
        var way = new Option<string>("--way") { Description = "customer, or access to an app.", Required = true };
        way.AcceptOnlyFromAmong("customer", "access");
        var app = new Option<Guid?>("--app") { Description = "The app, where the file does not say.", HelpName = "ID" };
        var subscription = new Option<Guid?>("--subscription") { Description = "The subscription, where the file does not say.", HelpName = "ID" };
        var role = new Option<string?>("--role") { Description = "The app's role, where the file does not say." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Shows what would happen, row by row, and invites nobody." };
        var report = new Option<FileInfo?>("--report") { Description = "Where the report goes; batch-<id>.csv unless given." };
        var (url, json) = (Gateway.UrlOption(), Terminal.JsonOption());
        var command = new ExplainedCommand(
            "batch",
            $"""
            Uploads people to invite, waits for what becomes of them, and downloads the report by row.
            Interrupted (Ctrl+C) it stops looking; the batch goes on.
            {Gateway.Credentials}
            Exit code 0: every row is well. 1: some rows failed; the report says why. 2: refused. 3: the gateway can't be reached.

            Examples:
              invitehub batch people.csv --organization 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --way customer --dry-run
              invitehub batch people.csv --organization 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --way customer --report report.csv
            """)
        {
            file, organization, way, app, subscription, role, dryRun, report, url, json,
        };
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var csv = parsed.GetRequiredValue(file).OpenRead();
                await using var gateway = new Gateway(parsed.GetRequiredValue(url), terminal);
                await gateway.SignIn(ct);
                using var content = new StreamContent(csv);
                content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
                string[] query =
                [
                    $"organizationId={parsed.GetValue(organization)}", $"way={parsed.GetValue(way)}",
                    $"dryRun={(parsed.GetValue(dryRun) ? "true" : "false")}",
                    .. Given("appId", parsed.GetValue(app)?.ToString()), .. Given("subscriptionId", parsed.GetValue(subscription)?.ToString()),
                    .. Given("role", parsed.GetValue(role)),
                ];
                var id = (await gateway.Answer(HttpMethod.Post, $"/invitations/batches?{string.Join('&', query)}", content, ct))["id"]!.GetValue<Guid>();
                var batch = await terminal.Progress(parsed.GetValue(dryRun) ? "Trying" : "Inviting", tell => Watch(gateway, id, tell, ct));
                var rows = parsed.GetValue(report)?.FullName ?? Path.GetFullPath($"batch-{id}.csv");
                await gateway.Download(HttpMethod.Get, $"/invitations/batches/{id}/report.csv", rows, ct);
                batch["report"] = rows;
                var became = parsed.GetValue(dryRun) ? $"{batch["planned"]} of {batch["total"]} rows would go out" : $"{batch["done"]} of {batch["total"]} rows have their invitation";
                await terminal.Answer(batch, $"Batch {id} is {batch["status"]}: {became}, {batch["failed"]} failed. Row by row: {rows}");
                return batch["failed"]!.GetValue<long>() == 0 && batch["status"]!.GetValue<string>() is ("ready" or "finished") ? Exit.Fine : Exit.Wrong;
            });
        });
        return command;
    }

    private static string[] Given(string name, string? value) => value is null ? [] : [$"{name}={Uri.EscapeDataString(value)}"];

    private static async Task<JsonNode> Watch(Gateway gateway, Guid id, Action<long, long> tell, CancellationToken ct)
    {
        while (true)
        {
            var batch = await gateway.Get($"/invitations/batches/{id}", ct);
            tell(batch["done"]!.GetValue<long>() + batch["failed"]!.GetValue<long>(), batch["total"]!.GetValue<long>());
            if (batch["status"]!.GetValue<string>() is "ready" or "finished" or "cancelled" or "undone")
                return batch;
            await Task.Delay(LookEvery, TimeProvider.System, ct);
        }
    }
}
