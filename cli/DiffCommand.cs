using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;

namespace InviteHub.Cli;

/// <summary><c>invitehub diff</c>: two instants compared, of one stream or of all of an organization's (LOG-07).</summary>
internal static class DiffCommand
{
    private const int AtOnce = 200;

    public static Command Make()
    {
        var stream = new Argument<string?>("STREAM") { Description = "A person's profile (user-…), a subscription's seats (subscription-…), any other.", Arity = ArgumentArity.ZeroOrOne };
        var organization = new Option<Guid?>("--organization") { Description = "All of an organization's streams in a service instead.", HelpName = "ID" };
        var service = new Option<string>("--service") { Description = "The service that has the list.", DefaultValueFactory = _ => "invitations" };
        service.AcceptOnlyFromAmong(Gateway.Services);
        var from = Terminal.Instant("--from", "The first instant");
        from.Required = true;
        var to = Terminal.Instant("--to", "The second instant; now unless given");
        var (url, json) = (Gateway.UrlOption(), Terminal.JsonOption());
        var command = new ExplainedCommand(
            "diff",
            $"""
            Compares two instants. What was erased since is erased in both.
            {Gateway.Credentials}
            Exit code 0: compared, whether or not something differs. 2: refused. 3: the gateway can't be reached.

            Examples:
              invitehub diff user-0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --from 2026-01-01
              invitehub diff --organization 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --from 2026-01-01 --to 2026-02-01
              invitehub diff --organization 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --service subscriptions --from 2026-01-01 --json
            """)
        {
            stream, organization, service, from, to, url, json,
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(stream) is null == given.GetValue(organization) is null)
                given.AddError("Name either a stream or --organization.");
        });
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var gateway = new Gateway(parsed.GetRequiredValue(url), terminal);
                await gateway.SignIn(ct);
                var query = $"changes?from={Gateway.Query(parsed.GetValue(from)!.Value)}" + (parsed.GetValue(to) is { } until ? $"&to={Gateway.Query(until)}" : "");
                var rows = parsed.GetValue(stream) is { } id
                    ? [await gateway.Get($"/audit/streams/{Uri.EscapeDataString(id)}/{query}", ct)]
                    : await All(gateway, $"/audit/organizations/{parsed.GetValue(organization)}/{query}&service={parsed.GetValue(service)}", ct);
                await terminal.Answer(parsed.GetValue(stream) is null ? rows : rows[0]!, rows.Count == 0 ? "Nothing happened in between." : string.Concat(rows.Select(Words)).TrimEnd());
                return Exit.Fine;
            });
        });
        return command;
    }

    private static async Task<JsonArray> All(Gateway gateway, string path, CancellationToken ct)
    {
        var rows = new JsonArray();
        for (var page = 1; ; page++)
        {
            var items = (await gateway.Get($"{path}&page={page}&pageSize={AtOnce}", ct))["items"]!.AsArray();
            foreach (var row in items)
                rows.Add(row!.DeepClone());
            if (items.Count < AtOnce)
                return rows;
        }
    }

    private static string Words(JsonNode? row)
    {
        var text = new StringBuilder($"{row!["streamId"]}: {(row["fromVersion"] is { } was ? $"version {was}" : "not there yet")} to version {row["toVersion"]}\n");
        foreach (var change in row["changes"]!.AsArray())
        {
            if (change!["before"] is { } before)
                text.Append($"  - {change["field"]}: {before}\n");
            if (change["after"] is { } after)
                text.Append($"  + {change["field"]}: {after}\n");
        }

        return text.ToString();
    }
}
