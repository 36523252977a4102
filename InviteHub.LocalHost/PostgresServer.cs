using System.Buffers.Binary;
using System.Net.Sockets;
using Aspire.Hosting;

namespace InviteHub.LocalHost;

/// <summary>How to run a private PostgreSQL server.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>The server's own folder; made when it isn't there. Null: a throw-away folder, deleted when the server stops.</summary>
    public string? Folder { get; init; }

    /// <summary>The loopback port; null: a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The superuser, made when the folder is new.</summary>
    public string UserName { get; init; } = "postgres";

    /// <summary>The superuser's password, set when the folder is new; null: generated, kept in the folder.</summary>
    public string? Password { get; init; }

    /// <summary>False only for tests: commits no longer wait for the disk.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Settings of the server beyond the usual ones, such as <c>log_statement</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives each line that the server logs.</summary>
    public Action<string>? Output { get; init; }
}

/// <summary>A private PostgreSQL server from this machine's binaries: loopback only, never root, gone when we are.</summary>
public sealed class PostgresServer : IServer
{
    private const string MissingBinaries =
        "PostgreSQL's binaries are missing: install postgresql and postgresql-contrib (apt-get install postgresql postgresql-contrib), "
        + "or give a connection string (ConnectionStrings__<resource>). Containers aren't used.";

    // Which statement failed and the row it failed on would put what people wrote into a log file.
    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300", "shared_buffers=128MB", "jit=off",
        "password_encryption=scram-sha-256", "lc_messages=C", "recovery_init_sync_method=syncfs", "log_min_error_statement=panic", "log_error_verbosity=terse",
    ];

    private static readonly string[] ThrowAwaySettings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

    private readonly ChildProcess _process;
    private readonly string? _throwAway;

    private PostgresServer(ChildProcess process, int port, string userName, string password, string? throwAway)
    {
        UserName = userName;
        _process = process;
        _throwAway = throwAway;
        Port = port;
        Password = password;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The superuser.</summary>
    public string UserName { get; }

    /// <summary>The superuser's password.</summary>
    public string Password { get; }

    /// <summary>The postmaster.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>Completes with the exit code when the server is gone, for whatever reason.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>The superuser's connection string for a database (that need not exist yet).</summary>
    public string ConnectionString(string database = "postgres") =>
        $"Host=127.0.0.1;Port={Port};Username={UserName};Password={Password};Database={database}";

    /// <summary>Starts a server and returns when it takes connections; a new folder becomes a new cluster first.</summary>
    public static Task<PostgresServer> StartAsync(PostgresServerOptions options, CancellationToken cancellationToken = default) =>
        options.Folder is { } kept
            ? StartAsync(options, kept, throwAway: null, cancellationToken)
            : ThrowAwayFolder.UseAsync("postgres", folder => StartAsync(options, folder, folder, cancellationToken));

    private static async Task<PostgresServer> StartAsync(PostgresServerOptions options, string wanted, string? throwAway, CancellationToken cancellationToken)
    {
        var account = Account.Unprivileged("postgres");
        var folder = await account.OwnFolderAsync(wanted, cancellationToken);
        var cluster = Path.Combine(folder, "data");
        var passwordFile = Path.Combine(folder, "password");
        var password = account.KeptSecret(passwordFile, options.Password);

        var binaries = FindBinaries(ClusterVersion(cluster));
        var command = new Command(Path.Combine(binaries, "postgres"))
        {
            RunAs = account,
            WorkingDirectory = folder,
            CleanEnvironment = true,
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["LANG"] = "C.UTF-8", ["HOME"] = folder },
            StopSignal = Signal.Interrupt, // "Fast shutdown": open transactions are rolled back, everything is written, then exit.
            DeathSignal = Signal.Interrupt,
            PidFile = Path.Combine(folder, "postgres.pid"),
        };
        await ChildProcess.EndLeftoverAsync(command.PidFile, command.StopSignal, cancellationToken);
        if (options.Port is { } taken && !LoopbackPort.IsFree(taken))
            throw new DistributedApplicationException($"Port {taken}, wanted for PostgreSQL, is already in use by another program.");
        if (!Directory.Exists(cluster))
            await CreateClusterAsync(command with { FileName = Path.Combine(binaries, "initdb") }, cluster, passwordFile, options, cancellationToken);

        var failure = "";
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var port = options.Port ?? LoopbackPort.Next();
            var log = new RecentLines(options.Output);
            var process = await ChildProcess.StartAsync(
                command with { Arguments = ["-D", cluster, "-p", $"{port}", .. Flags(options)], Output = log.Add }, cancellationToken);
            try
            {
                while (!process.Exited.IsCompleted)
                {
                    if (await AcceptsAsync("127.0.0.1", port, cancellationToken))
                        return new PostgresServer(process, port, options.UserName, password, throwAway);
                    await Task.WhenAny(process.Exited, Task.Delay(TimeSpan.FromMilliseconds(25), cancellationToken));
                }
            }
            catch
            {
                await process.DisposeAsync();
                throw;
            }
            failure = $"PostgreSQL (port {port}, folder {folder}) ended while starting:\n{log}\n{Advice.For(log.ToString(), folder)}";
            if (options.Port is not null || LoopbackPort.IsFree(port))
                break;
        }
        throw new DistributedApplicationException(failure);
    }

    /// <summary>Runs SQL as the superuser, each statement for itself; returns what was printed. Throws on an error that <paramref name="isHarmless"/> doesn't excuse.</summary>
    internal static async Task<string> ExecuteAsync(
        string host, int port, string user, string password, string sql, Func<string, bool>? isHarmless = null, CancellationToken cancellationToken = default)
    {
        var psql = Path.Combine(FindBinaries(version: null), "psql");
        var command = new Command(psql, "-X", "-q", "-A", "-t", "-d", "postgres", "-f", "-")
        {
            Environment = new Dictionary<string, string>
            {
                ["PGHOST"] = host, ["PGPORT"] = $"{port}", ["PGUSER"] = user, ["PGPASSWORD"] = password, ["PGCLIENTENCODING"] = "UTF8",
            },
        };
        // Terse: an error never repeats the statement, which may hold a password.
        var (exitCode, output) = await ChildProcess.RunAsync(command, "\\set VERBOSITY terse\n" + sql + "\n", cancellationToken);
        var errors = output.Split('\n').Where(line => line.Contains("ERROR:") && isHarmless?.Invoke(line) != true).ToList();
        return exitCode == 0 && errors.Count == 0
            ? output
            : throw new DistributedApplicationException($"PostgreSQL refused a script: {(errors.Count > 0 ? string.Join("; ", errors) : output.Trim())}");
    }

    /// <summary>Whether a PostgreSQL server there would now take a log-in: it answers a start-up message by asking for a password.</summary>
    internal static async Task<bool> AcceptsAsync(string host, int port, CancellationToken cancellationToken)
    {
        var parameters = "user\0postgres\0\0"u8;
        var message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), 0x0003_0000);
        parameters.CopyTo(message.AsSpan(8));
        var reply = new byte[1];
        using var client = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(2)); // What listens there need not be PostgreSQL, and then says nothing.
        try
        {
            await client.ConnectAsync(host, port, patience.Token);
            await client.GetStream().WriteAsync(message, patience.Token);
            return await client.GetStream().ReadAsync(reply, patience.Token) == 1 && reply[0] == (byte)'R';
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The folder of the newest binaries, or of those that an existing cluster needs.</summary>
    internal static string FindBinaries(int? version)
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var newest = installed
            .Select(folder => (Folder: Path.Combine(folder, "bin"), Version: int.TryParse(Path.GetFileName(folder), out var number) ? number : 0))
            .Where(found => File.Exists(Path.Combine(found.Folder, "initdb")) && (version is null || found.Version == version))
            .OrderByDescending(found => found.Version)
            .FirstOrDefault();
        return newest.Folder ?? throw new DistributedApplicationException(
            version is null || installed.Length == 0
                ? MissingBinaries
                : $"The data was written by PostgreSQL {version}, whose binaries are not installed: install postgresql-{version}, or move the data with pg_upgrade.");
    }

    /// <summary>Stops the server; a throw-away folder goes with it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (_throwAway is not null)
            ThrowAwayFolder.Delete(_throwAway);
    }

    private static int? ClusterVersion(string cluster) =>
        Path.Combine(cluster, "PG_VERSION") is var file && File.Exists(file) && int.TryParse(File.ReadAllText(file), out var version) ? version : null;

    private static IEnumerable<string> Flags(PostgresServerOptions options) =>
        Settings.Concat(options.Durable ? [] : ThrowAwaySettings)
            .Concat(options.Settings.Select(setting => $"{setting.Key}={setting.Value}"))
            .SelectMany(setting => new[] { "-c", setting });

    private static async Task CreateClusterAsync(Command initdb, string cluster, string passwordFile, PostgresServerOptions options, CancellationToken cancellationToken)
    {
        // Beside its place first, so that an interrupted start doesn't leave half a cluster there.
        var unfinished = cluster + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        var (exitCode, output) = await ChildProcess.RunAsync(
            initdb with
            {
                DeathSignal = Signal.Kill,
                Arguments =
                [
                    "-D", unfinished, "-U", options.UserName, $"--pwfile={passwordFile}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
                    "--no-instructions", .. options.Durable ? (string[])["--data-checksums"] : ["--no-sync"],
                ],
            },
            null,
            cancellationToken);
        if (exitCode != 0)
            throw new DistributedApplicationException($"PostgreSQL can't make its data (initdb):\n{output.Trim()}\n{Advice.For(output, cluster)}");
        Directory.Move(unfinished, cluster);
    }
}

/// <summary>The last lines of an output, for the message when a start fails.</summary>
internal sealed class RecentLines(Action<string>? next, int count = 15)
{
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > count)
                _lines.Dequeue();
        }
        next?.Invoke(line);
    }

    public override string ToString()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }
}
