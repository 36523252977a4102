using System.CommandLine;
using System.Text.Json.Nodes;

namespace InviteHub.Cli;

/// <summary><c>invitehub rebuild</c>: makes what is read anew from the streams, while the system serves (LOG-06).</summary>
internal static class RebuildCommand
{
    public static Command Make()
    {
        var projection = new Argument<string?>("PROJECTION") { Description = "Its name; without one, those that can be rebuilt are listed.", Arity = ArgumentArity.ZeroOrOne };
        var (url, json) = (Gateway.UrlOption(), Terminal.JsonOption());
        var command = new ExplainedCommand(
            "rebuild",
            $"""
            Rebuilds a projection beside the live one and swaps it in. Ended half-way (Ctrl+C) it has changed nothing.
            {Gateway.Credentials}
            Exit code 0: rebuilt, or listed. 1: it failed, and the live one goes on. 2: refused. 3: the gateway can't be reached.

            Examples:
              invitehub rebuild
              invitehub rebuild invitations.invitation_list.v1
            """)
        {
            projection, url, json,
        };
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var gateway = new Gateway(parsed.GetRequiredValue(url), terminal);
                await gateway.SignIn(ct);
                return parsed.GetValue(projection) is { } name ? await Rebuild(terminal, gateway, name, ct) : await List(terminal, gateway, ct);
            });
        });
        return command;
    }

    private static async Task<int> List(Terminal terminal, Gateway gateway, CancellationToken ct)
    {
        var names = new List<string>();
        foreach (var service in Gateway.Services)
            names.AddRange((await gateway.Get($"/audit/projections?service={service}", ct))["items"]!.AsArray().Select(name => name!.GetValue<string>()));
        await terminal.Answer(names, string.Join('\n', names));
        return Exit.Fine;
    }

    private static async Task<int> Rebuild(Terminal terminal, Gateway gateway, string name, CancellationToken ct)
    {
        // Names begin with the service that has them.
        var path = $"/audit/projections/{Uri.EscapeDataString(name)}/rebuild?service={Uri.EscapeDataString(name.Split('.')[0])}";
        using var answer = await gateway.Send(HttpMethod.Post, path, content: null, ct);
        var last = await terminal.Progress($"Rebuilding {name}", async tell =>
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
            JsonNode? step = null;
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                step = JsonNode.Parse(line)!;
                tell(step["done"]!.GetValue<long>(), step["total"]!.GetValue<long>());
            }

            return step;
        });
        var isDone = last?["status"]?.GetValue<string>() == "finished";
        await terminal.Answer(
            last ?? new JsonObject { ["status"] = "failed" },
            isDone ? $"{name} was rebuilt from {last!["done"]} events." : $"It was not rebuilt, and the live one goes on: {last?["detail"] ?? "the service ended the answer; look at its log"}");
        return isDone ? Exit.Fine : Exit.Wrong;
    }
}
