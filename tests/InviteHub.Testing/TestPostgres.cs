using InviteHub.LocalHost;
using Npgsql;

namespace InviteHub.Testing;

/// <summary>
/// The one real PostgreSQL server of a test process: the one that <c>INVITEHUB_TEST_POSTGRES</c> names (a connection string of a
/// role that may create databases), or else a private one that starts with the first test that needs it and ends with the process.
/// </summary>
public static class TestPostgres
{
    /// <summary>The variable that names a server to use.</summary>
    public const string Variable = "INVITEHUB_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Server = new(Start);
    private static int _databases;

    /// <summary>The server's connection string, with a role that may create databases.</summary>
    public static Task<string> ConnectionString() => Server.Value;

    /// <summary>Creates an empty database with a name of its own.</summary>
    public static async Task<string> CreateDatabase()
    {
        // Process and counter: test runs that share a given server stay apart.
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        await Execute($"drop database if exists {name} with (force)");
        await Execute($"create database {name}");
        return new NpgsqlConnectionStringBuilder(await ConnectionString()) { Database = name, IncludeErrorDetail = false }.ConnectionString;
    }

    /// <summary>Drops a database that <see cref="CreateDatabase"/> made, whoever is still connected to it.</summary>
    public static Task DropDatabase(string connectionString) =>
        Execute($"drop database if exists {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");

    private static async Task<string> Start()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return given;
        var server = await PostgresServer.StartAsync(new() { Durable = false });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server.ConnectionString();
    }

    private static async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(await ConnectionString()) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
