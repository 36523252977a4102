using System.Diagnostics;
using Shouldly;
using Xunit;
using static InviteHub.EndToEnd.Tests.RunningApplication;

namespace InviteHub.EndToEnd.Tests.Pages;

[Collection(Collection)]
[Trait("Feature", "API-02")]
public sealed class the_console_s_client(RunningApplication app)
{
    /// <summary>When this fails, the API has changed: <c>INVITEHUB_WRITE_SAMPLES=1</c> makes this test write the client anew.</summary>
    [Fact]
    public async Task is_generated_from_the_api_as_it_is()
    {
        var console = Path.Combine(Root(), "gateway/console");
        var kept = Path.Combine(console, "src/api/schema.d.ts");
        var isToWrite = System.Environment.GetEnvironmentVariable("INVITEHUB_WRITE_SAMPLES") == "1";
        var made = isToWrite ? kept : Path.Combine(Directory.CreateTempSubdirectory("invitehub-client-").FullName, "schema.d.ts");

        using var generator = Process.Start(new ProcessStartInfo("node", ["node_modules/openapi-typescript/bin/cli.js", new Uri(app.Address, "/openapi/v1.json").ToString(), "--output", made])
        {
            WorkingDirectory = console, UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        await generator.WaitForExitAsync();

        generator.ExitCode.ShouldBe(0);
        (await File.ReadAllTextAsync(kept)).ShouldBe(await File.ReadAllTextAsync(made), "The API has changed: run this test with INVITEHUB_WRITE_SAMPLES=1, or npm run api in gateway/console.");
    }
}
