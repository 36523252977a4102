using System.Diagnostics;
using Aspire.Hosting;

namespace InviteHub.LocalHost.Tests;

/// <summary>Each says what is wrong and what to do about it, on any machine and as any user.</summary>
[Trait("Feature", "OPS-03")]
public sealed class things_that_go_wrong : IDisposable
{
    private readonly string _folder = ThrowAwayFolder.Create("wrong");

    [Fact]
    public async Task postgres_data_of_another_version_is_left_alone()
    {
        var version = await ClusterAsync() + "PG_VERSION";
        await File.WriteAllTextAsync(version, "9\n");

        var error = await PostgresFailsAsync();

        error.ShouldBe("The data was written by PostgreSQL 9, whose binaries are not installed: install postgresql-9, or move the data with pg_upgrade.");
        await File.WriteAllTextAsync(version, "15\n");
    }

    [Theory]
    [InlineData("PG_VERSION", "nonsense", "is not a valid data directory")]
    [InlineData("global/pg_control", null, "pg_control")]
    public async Task damaged_postgres_data_is_named_with_what_to_do(string file, string? content, string words)
    {
        var damaged = await ClusterAsync() + file;
        if (content is null)
            File.Delete(damaged);
        else
            await File.WriteAllTextAsync(damaged, content);

        var error = await PostgresFailsAsync();

        error.ShouldContain("ended while starting:");
        error.ShouldContain(words);
        error.ShouldEndWith($"the data may be damaged: put a backup in the place of {_folder}, or move it away to start with nothing.");
    }

    [Fact]
    public async Task damaged_rabbitmq_data_is_named_with_what_to_do()
    {
        await (await RabbitMqServer.StartAsync(new RabbitMqServerOptions { Folder = _folder })).DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "data"), "schema.*", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(file, "nonsense");

        var error = await Should.ThrowAsync<DistributedApplicationException>(
            () => RabbitMqServer.StartAsync(new RabbitMqServerOptions { Folder = _folder }).WaitAsync(Eventually.Patience));

        error.Message.ShouldContain("ended while starting:");
        error.Message.ShouldEndWith($"the data may be damaged: put a backup in the place of {_folder}, or move it away to start with nothing.");
        Processes.In(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_full_disk_is_said_to_be_full()
    {
        // No file may grow beyond 8 MB, and a cluster begins with 16 MB: the same as a disk without room, for whoever runs the tests.
        var (exitCode, error) = await HostAsync(_folder, ["prlimit", "--fsize=8000000"], "postgres");

        exitCode.ShouldNotBe(0);
        error.ShouldContain("PostgreSQL can't make its data (initdb):");
        error.ShouldContain($"There is no room left for {_folder}/postgres/data: free some on its disk and start again. What was saved is still there.");
        Processes.In(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_data_folder_that_cannot_be_written_is_named()
    {
        Directory.CreateDirectory(_folder);
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");

        var (exitCode, error) = await HostAsync(Path.Combine(file, "data"), [], "postgres");

        exitCode.ShouldNotBe(0);
        error.ShouldContain($"The data folder {file}/data can't be used: ");
        error.ShouldContain("Set INVITEHUB_DATA to a folder of your own on a disk with room.");
    }

    public void Dispose() => ThrowAwayFolder.Delete(_folder);

    private async Task<string> ClusterAsync()
    {
        await (await PostgresServer.StartAsync(new PostgresServerOptions { Folder = _folder, Durable = false })).DisposeAsync();
        return Path.Combine(_folder, "data") + "/";
    }

    private async Task<string> PostgresFailsAsync() => (await Should.ThrowAsync<DistributedApplicationException>(
        () => PostgresServer.StartAsync(new PostgresServerOptions { Folder = _folder, Durable = false }).WaitAsync(Eventually.Patience))).Message;

    private static async Task<(int ExitCode, string Error)> HostAsync(string data, string[] under, params string[] parts)
    {
        var program = Path.GetFullPath("../../InviteHub.LocalHost.Sample/release/InviteHub.LocalHost.Sample.dll", AppContext.BaseDirectory);
        string[] command = [.. under, "dotnet", program, "host", .. parts];
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["INVITEHUB_DATA"] = data;
        // The runtime would map a file larger than the limit for its own code.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var host = Process.Start(start)!;
        _ = host.StandardOutput.ReadToEndAsync();
        var error = await host.StandardError.ReadToEndAsync().WaitAsync(Eventually.Patience);
        await host.WaitForExitAsync().WaitAsync(Eventually.Patience);
        return (host.ExitCode, error);
    }
}
