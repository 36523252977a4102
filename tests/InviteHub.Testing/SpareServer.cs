using Aspire.Hosting;
using InviteHub.LocalHost;

namespace InviteHub.Testing;

/// <summary>Another real PostgreSQL server than the one of <see cref="TestPostgres"/>, new and empty: something is restored into it.</summary>
public sealed class SpareServer : IAsyncDisposable
{
    private readonly string _folder;
    private PostgresServer _server;

    private SpareServer(string folder, PostgresServer server) => (_folder, _server) = (folder, server);

    /// <summary>Starts one.</summary>
    public static Task<SpareServer> Start() =>
        ThrowAwayFolder.UseAsync("spare", async folder => new SpareServer(folder, await PostgresServer.StartAsync(Options(folder))));

    /// <summary>Where it is, as its superuser.</summary>
    public string ConnectionString(string database = "postgres") => _server.ConnectionString(database);

    /// <summary>Restarts it, so that it counts its transactions from a later epoch.</summary>
    public async Task RaiseEpoch(int epoch)
    {
        await _server.DisposeAsync();
        var raise = new Command(Path.Combine(PostgresServer.FindBinaries(version: null), "pg_resetwal"), $"--epoch={epoch}", $"--pgdata={_folder}/data")
        {
            RunAs = Account.Unprivileged("postgres"),
        };
        var (exitCode, output) = await ChildProcess.RunAsync(raise);
        if (exitCode != 0)
            throw new DistributedApplicationException(output);
        _server = await PostgresServer.StartAsync(Options(_folder));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        ThrowAwayFolder.Delete(_folder);
    }

    private static PostgresServerOptions Options(string folder) => new() { Folder = folder, Durable = false };
}
