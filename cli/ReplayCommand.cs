using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace InviteHub.Cli;

/// <summary><c>invitehub replay</c>: any stream at any version or instant (LOG-02).</summary>
internal static class ReplayCommand
{
    private const int AtOnce = 200;

    public static Command Make()
    {
        var stream = new Argument<string>("STREAM") { Description = "Its id: user-0198c2d4-…, invitation-…, subscription-…, organization-…" };
        var at = new Option<string?>("--at") { Description = "A version (7) or an instant (2026-03-01T12:00:00Z); now unless given.", HelpName = "VERSION|INSTANT" };
        var events = new Option<bool>("--events") { Description = "Its events instead of its state, up to there." };
        var (url, json) = (Gateway.UrlOption(), Terminal.JsonOption());
        var command = new ExplainedCommand(
            "replay",
            $"""
            Shows a stream's state as it was. What was erased since is erased in every past view.
            {Gateway.Credentials}
            Exit code 0: shown. 2: refused, or there is no such stream then. 3: the gateway can't be reached.

            Examples:
              invitehub replay user-0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11
              invitehub replay subscription-0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --at 12 --json
              invitehub replay invitation-0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --at 2026-03-01 --events
            """)
        {
            stream, at, events, url, json,
        };
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var gateway = new Gateway(parsed.GetRequiredValue(url), terminal);
                await gateway.SignIn(ct);
                var (path, query) = ($"/audit/streams/{Uri.EscapeDataString(parsed.GetRequiredValue(stream))}", When(parsed.GetValue(at)));
                var state = await gateway.Get(path + query, ct);
                if (parsed.GetValue(events))
                    await ShowEvents(terminal, gateway, path, state["version"]!.GetValue<long>(), ct);
                else
                    await terminal.Answer(state, $"{state["streamId"]} at version {state["version"]}, {state["at"]}\n{state["state"]!.ToJsonString(Terminal.Json)}");
                return Exit.Fine;
            });
        });
        return command;
    }

    private static string When(string? at)
    {
        if (at is null)
            return "";
        if (long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return $"?version={version}";
        return DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? $"?at={Gateway.Query(instant)}"
            : throw new CommandEndedException(Exit.Refused, $"--at takes a version such as 7 or an instant such as 2026-03-01T12:00:00Z, not '{at}'.");
    }

    private static async Task ShowEvents(Terminal terminal, Gateway gateway, string path, long upTo, CancellationToken ct)
    {
        var events = new JsonArray();
        for (var page = 1; events.Count < upTo; page++)
        {
            foreach (var one in (await gateway.Get($"{path}/events?page={page}&pageSize={AtOnce}", ct))["items"]!.AsArray().Where(one => one!["version"]!.GetValue<long>() <= upTo))
                events.Add(one!.DeepClone());
        }

        await terminal.Answer(events, string.Join('\n', events.Select(one =>
            $"{one!["version"],4}  {one["at"]}  {one["type"]}  {(one["by"] is { } by ? $"by {by}" : "")}\n      {one["data"]?.ToJsonString()}")));
    }
}
