using System.Diagnostics;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace InviteHub.EndToEnd.Tests;

/// <summary>The lines of the README, run as they stand there.</summary>
[Collection(RunningApplication.Collection)]
public sealed class the_readme(RunningApplication app)
{
    [Fact]
    [Trait("Feature", "OPS-01")]
    public async Task walks_from_signing_in_to_the_last_seat_with_curl_alone()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(RunningApplication.Root(), "README.md"));
        var walk = readme.Split("```bash\n")[1].Split("```")[0];

        // Each answer on a line of its own, in the order of the README; how it is read is this test's alone.
        var start = new ProcessStartInfo("bash", ["-euc", "curl() { command curl -w '\\n' \"$@\"; }\n" + walk])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in app.Environment)
            start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        var error = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        bash.ExitCode.ShouldBe(0, await error);

        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] == '{').Select(line => JsonNode.Parse(line)!).ToArray();
        static string Code(JsonNode answer) => answer["code"]?.GetValue<string>() ?? answer["status"]?.GetValue<string>() ?? "";
        static string Seats(JsonNode answer) => $"{answer["seats"]!["reserved"]} {answer["seats"]!["occupied"]} {answer["seats"]!["free"]}";

        var invited = answers.First(a => Code(a) == "pending");
        invited["email"]!.GetValue<string>().ShouldBe("ada@example.org");
        answers.ShouldContain(a => a["organization"] is JsonValue && a["hasAccount"] != null, "what the link offers");
        answers.Single(a => a["appRoles"] is not null)["appRoles"]!.AsArray().ShouldHaveSingleItem()!["role"]!.GetValue<string>().ShouldBe("editor");
        answers.Where(a => a["seats"] is not null).Select(Seats).ShouldBe(["0 1 1", "0 1 1"]);
        answers.Count(a => Code(a) == "revoked").ShouldBe(1);
        answers.Count(a => Code(a) == "link-revoked").ShouldBe(1);
        answers.Count(a => Code(a) == "seat-limit-reached").ShouldBe(1);
        answers.Single(a => a["way"]?.GetValue<string>() == "customer")["personalNumber"]!.GetValue<string>().ShouldBe("19811218-****");
        output.ShouldNotContain("9876");
        answers[^1]["total"]!.GetValue<int>().ShouldBe(2);
    }
}
