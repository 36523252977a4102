using System.Diagnostics;
using System.Text.Json.Nodes;

namespace InviteHub.LocalHost.Tests;

public sealed class the_host_process : IDisposable
{
    private const string Token = "a token of the tests";

    private readonly string _data = ThrowAwayFolder.Create("host");
    private readonly List<Process> _hosts = [];

    private string StoppedFile => Path.Combine(_data, "stopped");

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [Trait("Feature", "OPS-03")]
    public async Task a_signal_stops_everything_dependents_first(string signal)
    {
        var (host, resources) = await StartAsync("postgres");

        Send(signal, host.Id);

        await host.WaitForExitAsync().WaitAsync(Eventually.Patience);
        host.ExitCode.ShouldBe(0);
        (await File.ReadAllLinesAsync(StoppedFile)).ShouldBe(["second", "first"]);
        ProcessIds(resources).Count.ShouldBe(3);
        ProcessIds(resources).ShouldAllBe(id => !Processes.IsAlive(id));
        Processes.In(_data).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(_data, "run"), "*.pid").ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "OPS-03")]
    public async Task killed_it_leaves_no_orphan_and_the_next_start_recovers()
    {
        var (host, resources) = await StartAsync("postgres", "messaging");
        ProcessIds(resources).Count.ShouldBe(4);

        Send("KILL", host.Id);
        await host.WaitForExitAsync();
        var (next, _) = await StartAsync("postgres", "messaging");

        ProcessIds(resources).ShouldAllBe(id => !Processes.IsAlive(id));
        Processes.In(_data).Count(id => Processes.Name(id) is "postgres" or "beam.smp" or "epmd" or "dotnet").ShouldBeGreaterThanOrEqualTo(5);
        Send("KILL", next.Id);
        await Eventually.TrueAsync(() => Processes.In(_data).Count == 0);
    }

    [Fact]
    [Trait("Feature", "OPS-01")]
    public async Task a_process_that_a_killed_host_left_behind_is_ended_by_the_next_start_but_a_strangers_is_not()
    {
        Directory.CreateDirectory(Path.Combine(_data, "run"));
        using var leftBehind = Process.Start("sleep", "300");
        using var stranger = Process.Start("sleep", "300");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(_data, "run", "removed.pid"), $"{ProcessIdentity.Of(leftBehind.Id)}");
            await File.WriteAllTextAsync(Path.Combine(_data, "run", "first.pid"), $"{ProcessIdentity.Of(stranger.Id)! with { StartTime = "1" }}");

            await StartAsync();

            leftBehind.HasExited.ShouldBeTrue();
            stranger.HasExited.ShouldBeFalse();
        }
        finally
        {
            leftBehind.Kill();
            stranger.Kill();
        }
    }

    [Fact]
    [Trait("Feature", "OPS-01")]
    public async Task a_second_host_on_the_same_data_is_refused()
    {
        await StartAsync();

        var second = Launch();

        var error = await second.StandardError.ReadToEndAsync().WaitAsync(Eventually.Patience);
        await second.WaitForExitAsync();
        second.ExitCode.ShouldNotBe(0);
        error.ShouldContain($"The application already runs from {_data}; stop it first, or set INVITEHUB_DATA to another folder.");
    }

    public void Dispose()
    {
        foreach (var host in _hosts)
        {
            host.Kill();
            host.WaitForExit();
            host.Dispose();
        }
        SpinWait.SpinUntil(() => Processes.In(_data).Count == 0, Eventually.Patience);
        ThrowAwayFolder.Delete(_data);
    }

    private Process Launch(params string[] parts)
    {
        var program = Path.GetFullPath("../../InviteHub.LocalHost.Sample/release/InviteHub.LocalHost.Sample.dll", AppContext.BaseDirectory);
        // A shell starts what runs in the background with SIGINT ignored, and whoever is started by that inherits it.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", program, "host", .. parts])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["INVITEHUB_DATA"] = _data;
        start.Environment["INVITEHUB_DASHBOARD_TOKEN"] = Token;
        start.Environment["STOPPED_FILE"] = StoppedFile;
        var host = Process.Start(start)!;
        _hosts.Add(host);
        return host;
    }

    private async Task<(Process Host, JsonArray Resources)> StartAsync(params string[] parts)
    {
        var host = Launch(parts);
        var output = new List<string>();
        while (await host.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Patience) is { } line)
        {
            output.Add(line);
            if (!line.StartsWith("ready ", StringComparison.Ordinal))
                continue;
            using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", Token) } };
            return (host, JsonNode.Parse(await http.GetStringAsync($"{line["ready ".Length..]}/api/resources"))!.AsArray());
        }
        throw new InvalidOperationException($"The host ended: {string.Join('\n', output)}\n{await host.StandardError.ReadToEndAsync()}");
    }

    private static List<int> ProcessIds(JsonArray resources) => [.. resources.Select(resource => (int?)resource!["processId"]).OfType<int>()];

    private static void Send(string signal, int id)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{id}"]);
        kill.WaitForExit();
    }
}
