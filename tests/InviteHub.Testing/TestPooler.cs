using Aspire.Hosting;
using InviteHub.LocalHost;
using Npgsql;

namespace InviteHub.Testing;

/// <summary>
/// The one PgBouncer of a test process before its PostgreSQL server, in transaction mode: each transaction gets one of very few sessions, and the next
/// one another. It starts with the first test that needs it.
/// </summary>
public static class TestPooler
{
    /// <summary>How many sessions it has with a database, however many want one.</summary>
    public const int Sessions = 3;

    private const string Binary = "/usr/sbin/pgbouncer";

    private static readonly Lazy<Task<int>> Port = new(Start);

    /// <summary>The way through it to a database of <see cref="TestPostgres"/>.</summary>
    public static async Task<string> Before(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = await Port.Value }.ConnectionString;

    private static Task<int> Start() => ThrowAwayFolder.UseAsync("pgbouncer", async wanted =>
    {
        if (!File.Exists(Binary))
            throw new DistributedApplicationException("PgBouncer is missing: install pgbouncer (apt-get install pgbouncer).");
        var server = new NpgsqlConnectionStringBuilder(await TestPostgres.ConnectionString());
        var account = Account.Unprivileged("postgres");
        var folder = await account.OwnFolderAsync(wanted, CancellationToken.None);
        var (settings, users) = (Path.Combine(folder, "pgbouncer.ini"), Path.Combine(folder, "users.txt"));
        var port = LoopbackPort.Next();
        account.WriteSecret(users, $"\"{server.Username}\" \"{server.Password}\"\n");
        account.WriteSecret(
            settings,
            $"""
             [databases]
             * = host={server.Host} port={server.Port}
             [pgbouncer]
             listen_addr = 127.0.0.1
             listen_port = {port}
             unix_socket_dir =
             auth_type = scram-sha-256
             auth_file = {users}
             pool_mode = transaction
             default_pool_size = {Sessions}
             max_client_conn = 500
             """ + "\n");

        var log = new RecentLines(next: null);
        var process = await ChildProcess.StartAsync(new Command(Binary, settings) { RunAs = account, WorkingDirectory = folder, Output = log.Add });
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
            ThrowAwayFolder.Delete(folder);
        };
        await Eventually.Is(
            async () => process.Exited.IsCompleted || await LoopbackPort.AnswersAsync("127.0.0.1", port, CancellationToken.None), "PgBouncer answers");
        return process.Exited.IsCompleted ? throw new DistributedApplicationException($"PgBouncer ended while starting:\n{log}") : port;
    });
}
