using System.Globalization;

namespace InviteHub.LocalHost.Tests;

[Trait("Feature", "OPS-01")]
public class private_servers
{
    [Fact]
    public async Task postgres_takes_connections_as_an_unprivileged_user_and_stops_leaving_nothing()
    {
        var server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = false });
        var folder = Processes.WorkingFolder(server.ProcessId);
        try
        {
            var answer = await PostgresServer.ExecuteAsync(
                "127.0.0.1", server.Port, "postgres", server.Password,
                "SELECT current_setting('max_connections'), current_setting('jit'), current_setting('listen_addresses')");

            answer.Trim().ShouldBe("300|off|127.0.0.1");
            Processes.UserId(server.ProcessId).ShouldNotBe(0u);
            server.ConnectionString("x").ShouldBe($"Host=127.0.0.1;Port={server.Port};Username=postgres;Password={server.Password};Database=x");
        }
        finally
        {
            await server.DisposeAsync();
        }

        Processes.IsAlive(server.ProcessId).ShouldBeFalse();
        Directory.Exists(folder).ShouldBeFalse();
        (await LoopbackPort.AnswersAsync("127.0.0.1", server.Port, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task postgres_refuses_a_wrong_password()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = false });

        var refusal = await Should.ThrowAsync<Aspire.Hosting.DistributedApplicationException>(
            () => PostgresServer.ExecuteAsync("127.0.0.1", server.Port, "postgres", "wrong", "SELECT 1"));

        refusal.Message.ShouldContain("password authentication failed");
    }

    [Fact]
    public async Task postgres_keeps_its_data_and_password_across_starts_and_waits_for_the_disk()
    {
        var folder = ThrowAwayFolder.Create("kept");
        try
        {
            string password;
            await using (var first = await PostgresServer.StartAsync(new PostgresServerOptions { Folder = folder }))
            {
                password = first.Password;
                await PostgresServer.ExecuteAsync("127.0.0.1", first.Port, "postgres", password, "CREATE TABLE kept AS SELECT 42 AS number");
            }

            await using var second = await PostgresServer.StartAsync(new PostgresServerOptions { Folder = folder });

            second.Password.ShouldBe(password);
            var answer = await PostgresServer.ExecuteAsync(
                "127.0.0.1", second.Port, "postgres", password,
                "SELECT number, current_setting('fsync'), current_setting('synchronous_commit') FROM kept");
            answer.Trim().ShouldBe("42|on|on");
            File.GetUnixFileMode(Path.Combine(folder, "password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        finally
        {
            ThrowAwayFolder.Delete(folder);
        }
    }

    [Fact]
    public async Task postgres_runs_although_only_root_can_enter_the_checkout()
    {
        var checkout = ThrowAwayFolder.Create("closed");
        Directory.CreateDirectory(checkout, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var folder = Path.Combine(checkout, "postgres");
        try
        {
            for (var start = 1; start <= 2; start++)
            {
                await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Folder = folder, Durable = false });
                var answer = await PostgresServer.ExecuteAsync(
                    "127.0.0.1", server.Port, "postgres", server.Password, $"CREATE DATABASE start{start}; SELECT count(*) FROM pg_database WHERE datname LIKE 'start%'");
                answer.Trim().ShouldBe($"{start}");
            }
        }
        finally
        {
            ThrowAwayFolder.Delete(folder);
            ThrowAwayFolder.Delete(checkout);
        }
    }

    [Fact]
    public async Task rabbitmq_takes_connections_as_an_unprivileged_user_and_stops_leaving_nothing()
    {
        var log = new List<string>();
        var server = await RabbitMqServer.StartAsync(new RabbitMqServerOptions { Output = log.Add });
        var folder = Processes.WorkingFolder(server.ProcessId);
        try
        {
            server.ConnectionString.ShouldBe($"amqp://invitehub:{server.Password}@127.0.0.1:{server.Port}");
            Processes.UserId(server.ProcessId).ShouldNotBe(0u);
            var listening = Processes.ListeningAddresses(Processes.In(folder));
            listening.Count.ShouldBe(2); // AMQP and Erlang's distribution; the name server has no trace of the folder.
            listening.ShouldAllBe(address => address.StartsWith("0100007F", StringComparison.Ordinal));
        }
        finally
        {
            await server.DisposeAsync();
        }

        Processes.In(folder).ShouldBeEmpty();
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task a_port_already_taken_gives_a_clear_message()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;

        var postgres = await Should.ThrowAsync<Aspire.Hosting.DistributedApplicationException>(
            () => PostgresServer.StartAsync(new PostgresServerOptions { Port = port, Durable = false }));
        var rabbit = await Should.ThrowAsync<Aspire.Hosting.DistributedApplicationException>(
            () => RabbitMqServer.StartAsync(new RabbitMqServerOptions { Port = port }));

        postgres.Message.ShouldBe(string.Create(CultureInfo.InvariantCulture, $"Port {port}, wanted for PostgreSQL, is already in use by another program."));
        rabbit.Message.ShouldBe(string.Create(CultureInfo.InvariantCulture, $"Port {port}, wanted for RabbitMQ, is already in use by another program."));
    }
}
