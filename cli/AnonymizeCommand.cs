using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace InviteHub.Cli;

/// <summary><c>invitehub anonymize</c>: forgets a person in every service, and waits for the certificate (GDP-02, GDP-03).</summary>
internal static class AnonymizeCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command Make()
    {
        var user = new Argument<Guid>("USER") { Description = "The person's id." };
        var email = new Option<string?>("--email") { Description = "Their e-mail address, typed, so that it is not the wrong person; asked for unless given." };
        var (url, json) = (Gateway.UrlOption(), Terminal.JsonOption());
        var command = new ExplainedCommand(
            "anonymize",
            $"""
            Forgets a person for good, in every service, and shows the certificate. It can't be undone.
            Interrupted (Ctrl+C) it stops looking; the person is forgotten all the same. Asked again, it goes on looking.
            {Gateway.Credentials}
            Exit code 0: every service has confirmed. 2: refused. 3: the gateway can't be reached.

            Examples:
              invitehub anonymize 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11
              invitehub anonymize 0198c2d4-7c1e-7d2a-9f00-2f6c1b9f5a11 --email ada@example.org --json
            """)
        {
            user, email, url, json,
        };
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var gateway = new Gateway(parsed.GetRequiredValue(url), terminal);
                await gateway.SignIn(ct);
                var path = $"/users/{parsed.GetValue(user)}/anonymization";
                var typed = parsed.GetValue(email) ?? terminal.Ask("Their e-mail address, to forget them for good:", isSecret: false)
                    ?? throw new CommandEndedException(Exit.Refused, "Nobody is here to ask: give --email.", "email");
                await gateway.Answer(HttpMethod.Post, path, JsonContent.Create(new { email = typed }), ct);
                var done = await terminal.Progress("Forgetting", tell => Watch(gateway, path, tell, ct));
                await terminal.Answer(done, string.Join('\n', done["steps"]!.AsArray().Select(step => $"{step!["service"]}: {step["status"]} {step["at"]}")
                    .Append($"Forgotten. The certificate, to keep (--json has its signature):\n{done["certificate"]!["statement"]}")));
                return Exit.Fine;
            });
        });
        return command;
    }

    private static async Task<JsonNode> Watch(Gateway gateway, string path, Action<long, long> tell, CancellationToken ct)
    {
        while (true)
        {
            var now = await gateway.Get(path, ct);
            var steps = now["steps"]!.AsArray();
            tell(steps.Count(step => step!["at"] is not null), steps.Count);
            if (now["certificate"] is not null)
                return now;
            await Task.Delay(LookEvery, TimeProvider.System, ct);
        }
    }
}
