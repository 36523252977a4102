using System.CommandLine;
using System.Text.Json.Nodes;

namespace InviteHub.Cli;

/// <summary><c>invitehub doctor</c>: looks at a deployment from end to end, and says what to do about what is not well.</summary>
internal static class DoctorCommand
{
    private static readonly Dictionary<string, string> Advice = new(StringComparer.Ordinal)
    {
        ["database"] = "Look whether PostgreSQL runs and takes the connection string of that service (ConnectionStrings__<service>db).",
        ["masstransit-bus"] = "Look whether RabbitMQ runs and takes ConnectionStrings__messaging. Nothing is lost meanwhile: what happened is sent later.",
        ["mail"] = "Look at Smtp__Url of notifications, and whether its server takes connections. Mails wait meanwhile.",
    };

    /// <summary>One thing that was looked at.</summary>
    private sealed record Finding(string What, bool IsWell, string Detail, string? Advice = null);

    public static Command Make()
    {
        var (url, json) = (Gateway.UrlOption(), Terminal.JsonOption());
        var command = new ExplainedCommand(
            "doctor",
            $"""
            Looks at a deployment: the gateway, each service with its database, broker and mail server, and whether one can sign in.
            {Gateway.Credentials}
            Exit code 0: all is well. 1: something is not, and what to do about it is said. 3: the gateway can't be reached.

            Examples:
              invitehub doctor
              invitehub doctor --url https://invitehub.example --json
            """)
        {
            url, json,
        };
        command.SetAction((parsed, ct) =>
        {
            var terminal = new Terminal(parsed, parsed.GetValue(json));
            return terminal.Run(async () =>
            {
                await using var gateway = new Gateway(parsed.GetRequiredValue(url), terminal);
                var findings = new List<Finding>();
                findings.AddRange(await Services(gateway, ct));
                findings.Add(await SignIn(gateway, ct));
                var isWell = findings.TrueForAll(finding => finding.IsWell);
                await terminal.Answer(new { isWell, findings }, string.Join('\n', findings.Select(Words).Append(isWell ? "All is well." : "Something is not well.")));
                return isWell ? Exit.Fine : Exit.Wrong;
            });
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> Services(Gateway gateway, CancellationToken ct)
    {
        var (status, health) = await gateway.Look("/health?details=true", ct);
        if (health?["services"] is not JsonObject services)
        {
            return
            [
                new("gateway", IsWell: false, $"What answers there ({(int)status}) is no gateway of InviteHub.", "Look at --url (or INVITEHUB_URL), and at proxies on the way."),
            ];
        }

        var findings = new List<Finding> { new("gateway", IsWell: true, "It answers.") };
        foreach (var (service, found) in services)
        {
            var checks = found!["checks"] as JsonObject ?? [];
            var how = found["status"]!.GetValue<string>();
            findings.Add(new(
                service, how == "healthy", $"It is {how}.",
                how == "unreachable" ? $"Look whether {service} runs and where the gateway looks for it (services__{service}__http__0)."
                    : how == "healthy" ? null : "See below for what it lacks."));
            findings.AddRange(checks.Select(check => (Name: check.Key, Status: check.Value!.GetValue<string>())).Select(check => new Finding(
                $"{service}: {(check.Name == "masstransit-bus" ? "broker" : check.Name)}", check.Status == "healthy", $"It is {check.Status}.",
                check.Status == "healthy" ? null : Advice.GetValueOrDefault(check.Name, $"Look at the log of {service}."))));
        }

        return findings;
    }

    private static async Task<Finding> SignIn(Gateway gateway, CancellationToken ct)
    {
        try
        {
            await gateway.SignIn(ct);
            var me = await gateway.Get("/me", ct);
            return new("sign-in", IsWell: true, $"It works, as {me["systemRole"]}.");
        }
        catch (CommandEndedException refused)
        {
            return new("sign-in", IsWell: false, refused.Message, refused.Code switch
            {
                "invalid-credentials" => "Look at INVITEHUB_EMAIL and INVITEHUB_PASSWORD.",
                "not-signed-in" => "Give credentials, so that signing in can be tried.",
                _ => "Look at the log of identity.",
            });
        }
    }

    private static string Words(Finding finding) =>
        $"{(finding.IsWell ? "ok  " : "FAIL")}  {finding.What}: {finding.Detail}{(finding.Advice is null ? "" : $"\n      {finding.Advice}")}";
}
