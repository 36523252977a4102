using Aspire.Hosting;

namespace InviteHub.LocalHost;

/// <summary>How to run a private RabbitMQ server.</summary>
public sealed record RabbitMqServerOptions
{
    /// <summary>The server's own folder; made when it isn't there. Null: a throw-away folder, deleted when the server stops.</summary>
    public string? Folder { get; init; }

    /// <summary>The loopback port for AMQP; null: a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The user that is made when the folder is new.</summary>
    public string UserName { get; init; } = "invitehub";

    /// <summary>That user's password; null: generated, kept in the folder.</summary>
    public string? Password { get; init; }

    /// <summary>Receives each line that the server logs.</summary>
    public Action<string>? Output { get; init; }
}

/// <summary>A private RabbitMQ server from this machine's binaries, with a name server (epmd) of its own: loopback only, never root, gone when we are.</summary>
public sealed class RabbitMqServer : IServer
{
    private const string MissingBinaries =
        "RabbitMQ's binaries are missing: install rabbitmq-server (apt-get install rabbitmq-server), "
        + "or give a connection string (ConnectionStrings__<resource>). Containers aren't used.";

    // Idle schedulers sleep instead of spinning, and nothing but us starts or reaches the name server and the distribution port.
    private const string ErlangArguments =
        "-noinput -start_epmd false +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}";

    private readonly ChildProcess _server;
    private readonly ChildProcess _nameServer;
    private readonly string? _throwAway;

    private RabbitMqServer(ChildProcess server, ChildProcess nameServer, int port, string userName, string password, string? throwAway)
    {
        _server = server;
        _nameServer = nameServer;
        _throwAway = throwAway;
        Port = port;
        UserName = userName;
        Password = password;
    }

    /// <summary>The AMQP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The user of the default virtual host <c>/</c>, an administrator.</summary>
    public string UserName { get; }

    /// <summary>The user's password.</summary>
    public string Password { get; }

    /// <summary>The Erlang machine.</summary>
    public int ProcessId => _server.ProcessId;

    /// <summary>Completes with the exit code when the server is gone, for whatever reason.</summary>
    public Task<int> Exited => _server.Exited;

    /// <summary>As Aspire writes it: <c>amqp://user:password@host:port</c>.</summary>
    public string ConnectionString => $"amqp://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}";

    /// <summary>Starts a server and returns when it takes connections.</summary>
    public static Task<RabbitMqServer> StartAsync(RabbitMqServerOptions options, CancellationToken cancellationToken = default) =>
        options.Folder is { } kept
            ? StartAsync(options, kept, throwAway: null, cancellationToken)
            : ThrowAwayFolder.UseAsync("rabbitmq", folder => StartAsync(options, folder, folder, cancellationToken));

    private static async Task<RabbitMqServer> StartAsync(RabbitMqServerOptions options, string wanted, string? throwAway, CancellationToken cancellationToken)
    {
        var sbin = FindScripts();
        var epmd = ChildProcess.Find("epmd") ?? throw new DistributedApplicationException(MissingBinaries);
        var account = Account.Unprivileged("rabbitmq", "nobody");
        var folder = await account.OwnFolderAsync(wanted, cancellationToken);
        var passwordFile = Path.Combine(folder, "password");
        var password = account.KeptSecret(passwordFile, options.Password);
        account.KeptSecret(Path.Combine(folder, ".erlang.cookie"), given: null);

        var server = new Command(Path.Combine(sbin, "rabbitmq-server"))
        {
            RunAs = account,
            WorkingDirectory = folder,
            CleanEnvironment = true,
            DeathSignal = Signal.Terminate,
            PidFile = Path.Combine(folder, "rabbitmq.pid"),
        };
        await ChildProcess.EndLeftoverAsync(server.PidFile, server.StopSignal, cancellationToken);
        var port = options.Port ?? LoopbackPort.Next();
        if (!LoopbackPort.IsFree(port))
            throw new DistributedApplicationException($"Port {port}, wanted for RabbitMQ, is already in use by another program.");
        var nameServerPort = LoopbackPort.Next();
        account.WriteSecret(
            Path.Combine(folder, "rabbitmq.conf"),
            $"""
             listeners.tcp.default = 127.0.0.1:{port}
             default_user = {options.UserName}
             default_pass = {password}
             log.file = false
             log.console = true
             log.console.level = info
             """ + "\n");
        account.WriteSecret(Path.Combine(folder, "enabled_plugins"), "[].\n");

        var nameServer = await ChildProcess.StartAsync(
            new Command(epmd, "-address", "127.0.0.1", "-port", $"{nameServerPort}") 
            {
                RunAs = account,
                CleanEnvironment = true,
                PidFile = Path.Combine(folder, "epmd.pid"),
            },
            cancellationToken);
        var log = new RecentLines(options.Output);
        var process = await ChildProcess.StartAsync(
            server with
            {
                Output = line => log.Add(WithoutColours(line)),
                Environment = new Dictionary<string, string>
                {
                    ["PATH"] = "/usr/bin:/bin",
                    ["LANG"] = "C.UTF-8",
                    ["HOME"] = folder,
                    ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                    ["ERL_EPMD_PORT"] = $"{nameServerPort}",
                    ["RABBITMQ_ALLOW_INPUT"] = "1", // The script becomes the server instead of waiting for it, so that signals reach it.
                    ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                    ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
                    ["RABBITMQ_DIST_PORT"] = $"{LoopbackPort.Next()}",
                    ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
                    ["RABBITMQ_LOG_BASE"] = folder,
                    ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
                    ["RABBITMQ_NODENAME"] = "rabbit@localhost",
                    ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = ErlangArguments,
                },
            },
            cancellationToken);
        var started = new RabbitMqServer(process, nameServer, port, options.UserName, password, throwAway);
        try
        {
            // The listener is the last thing that RabbitMQ starts.
            while (!await LoopbackPort.AnswersAsync("127.0.0.1", port, cancellationToken))
            {
                if (process.Exited.IsCompleted)
                    throw new DistributedApplicationException($"RabbitMQ (port {port}, folder {folder}) ended while starting:\n{log}\n{Advice.For(log.ToString(), folder)}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The newest version's scripts; those in /usr/sbin are wrappers that want root.</summary>
    internal static string FindScripts()
    {
        var installed = Directory.Exists("/usr/lib/rabbitmq/lib") ? Directory.GetDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*") : [];
        return installed
            .Select(folder => (Scripts: Path.Combine(folder, "sbin"), Version: Version.TryParse(folder[(folder.LastIndexOf('-') + 1)..], out var version) ? version : new()))
            .Where(found => File.Exists(Path.Combine(found.Scripts, "rabbitmq-server")))
            .OrderByDescending(found => found.Version)
            .FirstOrDefault().Scripts ?? throw new DistributedApplicationException(MissingBinaries);
    }

    /// <summary>Stops the server and its name server; a throw-away folder goes with them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _nameServer.StopAsync(TimeSpan.FromSeconds(1));
        await _nameServer.DisposeAsync();
        if (_throwAway is not null)
            ThrowAwayFolder.Delete(_throwAway);
    }

    private static string WithoutColours(string line)
    {
        for (int start; (start = line.IndexOf("\e[", StringComparison.Ordinal)) >= 0;)
        {
            var end = line.IndexOf('m', start);
            line = line.Remove(start, end < 0 ? line.Length - start : end - start + 1);
        }
        return line;
    }
}
