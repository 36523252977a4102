using System.Collections.Concurrent;
using System.Diagnostics;
using InviteHub.EventStore.Audit;
using InviteHub.EventStore.PersonalData;
using InviteHub.EventStore.Subscriptions;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary><c>deploy/backup.sh</c> and <c>deploy/restore.sh</c>, from a database that others write to meanwhile into a new server.</summary>
[Trait("Feature", "OPS-04")]
public sealed class restoring_a_backup(BackedUpDatabase backup) : IClassFixture<BackedUpDatabase>
{
    [Fact]
    public async Task brings_all_of_it_back_and_it_goes_on()
    {
        var (exitCode, said) = await backup.Restore("whole");
        exitCode.ShouldBe(0, said);

        var told = new ConcurrentQueue<RecordedEvent>();
        using var host = await backup.Store.Host(
            services => services.AddSingleton(new Listener(told)).AddSubscription<Listener>(), connectionString: backup.At("whole"));
        var restored = host.Services.GetRequiredService<PostgresEventStore>();
        (await backup.Store.OwnerOf(backup.Named, restored)).ShouldBe("Ada Lovelace");
        var streams = 0;
        await foreach (var progress in restored.VerifyAll())
        {
            progress.Broken.ShouldBeEmpty();
            streams += progress.Streams;
        }

        streams.ShouldBeGreaterThan(2);
        var findings = new List<HeadFinding>();
        await foreach (var finding in host.Services.GetRequiredService<SignedHeads>().Verify(backup.PublicKey))
            findings.Add(finding);
        findings.ShouldBeEmpty();

        await backup.Store.Credit(backup.Opened, 7, restored);
        (await restored.OpenSession().AggregateStream<Account, AccountEvent>(backup.Opened))!.Balance.ShouldBe(13);
        (await restored.Verify(backup.Opened)).ShouldBeNull();
        await Eventually.Is(() => told.Any(e => e.Stream == backup.Opened && e.Version == 5), "its subscription goes on");
        // It had told of them before the backup; others may not have heard yet.
        told.Where(e => e.Stream == backup.Opened).Select(e => e.Version).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task refuses_what_is_not_what_was_backed_up()
    {
        var state = await File.ReadAllTextAsync(backup.State);
        var fields = state.Split(' ');
        fields[3] = $"{int.Parse(fields[3]) + 1}";
        await File.WriteAllTextAsync(backup.State, string.Join(' ', fields));

        var (exitCode, said) = await backup.Restore("one_less");
        await File.WriteAllTextAsync(backup.State, state);

        exitCode.ShouldNotBe(0);
        said.ShouldContain("it is not what was backed up");
    }

    [Fact]
    public async Task without_the_keys_leaves_nobody_s_data_to_be_read()
    {
        var (exitCode, said) = await backup.Restore("no_keys", withKeys: false);
        exitCode.ShouldBe(0, said);

        await using var process = backup.Store.AnotherProcess(connectionString: backup.At("no_keys"));
        var restored = process.GetRequiredService<PostgresEventStore>();
        (await backup.Store.OwnerOf(backup.Named, restored)).ShouldBe(PersonalDataAttribute.Erased);
        (await restored.Verify(backup.Named)).ShouldBeNull("the chain holds");
    }

    [Fact]
    public async Task refuses_a_server_that_has_not_come_as_far()
    {
        await using var server = await SpareServer.Start();

        var (exitCode, said) = await backup.Restore("young", server);

        exitCode.ShouldBe(1);
        said.ShouldContain("pg_resetwal --epoch=1 ");
    }

    private sealed class Listener(ConcurrentQueue<RecordedEvent> told) : ISubscription
    {
        public string Name => BackedUpDatabase.Subscription;

        public Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
        {
            foreach (var e in events)
                told.Enqueue(e);
            return Task.CompletedTask;
        }
    }
}

/// <summary>A database that was backed up while others wrote to it, and a later server for what is restored.</summary>
public sealed class BackedUpDatabase : IAsyncLifetime
{
    internal const string Subscription = "backed-up.v1";

    private readonly SeenDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("invitehub-backup-").FullName;
    private SpareServer? _server;

    internal StoreDatabase Store => _database.Store;

    internal string PublicKey { get; private set; } = "";

    /// <summary>An account with three credits, together 6.</summary>
    internal StreamId Opened { get; private set; }

    /// <summary>One with somebody's name.</summary>
    internal StreamId Named { get; private set; }

    internal string State => Path.Combine(_folder, $"{Name}.state");

    private string Name => new NpgsqlConnectionStringBuilder(Store.ConnectionString).Database!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Opened = await Store.Opened(1, 2, 3);
        Named = await Store.Named("person-restored", "Ada Lovelace");
        var heads = Store.Services!.GetRequiredService<SignedHeads>();
        await heads.SignToday();
        PublicKey = await heads.PublicKey();
        using (var host = await Store.Host(services => services.AddRecorder(Subscription, "host")))
        {
            await _database.HasSeenAll(Subscription);
            await host.StopAsync();
        }

        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await Store.Opened(1, 1);
        });
        var (exitCode, said) = await Run("backup.sh", Store.ConnectionString, _folder, Name);
        await enough.CancelAsync();
        await writing;
        exitCode.ShouldBe(0, said);
        _server = await SpareServer.Start();
        await _server.RaiseEpoch(1);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Where a restored database is.</summary>
    internal string At(string database) => _server!.ConnectionString(database);

    /// <summary>Restores into a new database of the later server, or of another one.</summary>
    internal async Task<(int ExitCode, string Said)> Restore(string database, SpareServer? server = null, bool withKeys = true)
    {
        var at = server ?? _server!;
        await using (var source = NpgsqlDataSource.Create(at.ConnectionString()))
        await using (var create = source.CreateCommand($"create database {database}"))
            await create.ExecuteNonQueryAsync();
        // The script finds a database by its name.
        var folder = Directory.CreateTempSubdirectory("invitehub-backup-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        File.Copy(State, Path.Combine(folder, $"{database}.state"));
        File.Copy(Path.Combine(_folder, $"{Name}.dump"), Path.Combine(folder, $"{database}.dump"));
        if (withKeys)
            File.Copy(Path.Combine(_folder, "keys", $"{Name}.dump"), Path.Combine(folder, "keys", $"{database}.dump"));
        try
        {
            return await Run("restore.sh", at.ConnectionString(), folder, database);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Said)> Run(string script, string server, params string[] arguments)
    {
        var at = new NpgsqlConnectionStringBuilder(server);
        var start = new ProcessStartInfo("bash", [Path.Combine(Root(), "deploy", script), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGHOST"] = at.Host;
        start.Environment["PGPORT"] = $"{at.Port}";
        start.Environment["PGUSER"] = at.Username;
        start.Environment["PGPASSWORD"] = at.Password;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "InviteHub.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
