using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using InviteHub.Bench;
using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.LocalHost;
using MassTransit;
using Npgsql;

// What a long queue does to a password reset and to the process's memory: the real service on a real PostgreSQL and RabbitMQ, before a mail
// server that takes each mail after 20 ms. What counts are the ratios, not the figures of one machine.
// Usage: dotnet run -c Release [mails in the queue, 100,000 unless given]
var many = args is [var given, ..] ? int.Parse(given) : 100_000;
const int people = 1000;
const int resets = 15;
var somebody = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
const string address = "somebody@reset.example";

await using var server = await PostgresServer.StartAsync(new PostgresServerOptions());
await using var broker = await RabbitMqServer.StartAsync(new RabbitMqServerOptions());
foreach (var name in new[] { "notificationsdb", "keyringdb" })
    await Execute("postgres", $"create database {name}");
using var sink = new SmtpSink(TimeSpan.FromMilliseconds(20));
sink.Start();
using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{FreePort()}") };
using var service = Start();
var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(new Uri(broker.ConnectionString)));
try
{
    await Up();
    await bus.StartAsync();
    await Execute(
        "notificationsdb",
        """
        insert into people (user_id, email, first_name, language, told_by)
        select ('019b0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'p' || n || '@d' || n % 50 || '.example', 'Kim', 'en', gen_random_uuid()
        from generate_series(1, $1) n
        """, people);
    await Execute("notificationsdb", "insert into people (user_id, email, first_name, language, told_by) values ($1, $2, 'Kim', 'en', gen_random_uuid())", somebody, address);

    // Warm: whatever is made once is made.
    await Queue(2000);
    await Until(async () => await Waiting() == 0);
    await Reset();
    var quiet = await Resets();
    var memoryBefore = Memory();

    var queued = Queue(many);
    var (most, memoryMost) = (0L, 0L);
    await Until(async () =>
    {
        (most, memoryMost) = (Math.Max(most, await Waiting()), Math.Max(memoryMost, Memory()));
        return queued.IsCompleted && await Handled() >= many + 2000;
    });
    await queued;
    most = Math.Max(most, await Waiting());
    var busy = await Resets();
    var taken = sink.Taken;
    await Task.Delay(TimeSpan.FromSeconds(10));
    memoryMost = Math.Max(memoryMost, Memory());

    Console.WriteLine($"mails that waited at once, at most: {most:N0}; the others went out meanwhile");
    Console.WriteLine($"a password reset behind them takes {Median(busy) / Median(quiet):0.00} times as long as alone ({Median(busy):0} ms, {Median(quiet):0} ms)");
    Console.WriteLine($"the process has at most {(double)memoryMost / memoryBefore:0.00} times the memory that it had before ({memoryMost >> 20} MB, {memoryBefore >> 20} MB)");
    Console.WriteLine($"mails taken in ten seconds meanwhile: {sink.Taken - taken:N0}");
}
finally
{
    await bus.StopAsync(TimeSpan.FromSeconds(10));
    service.Kill();
    await service.WaitForExitAsync();
}

Task Queue(int count) => Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, ct) =>
    await Tell(NoticeKind.RoleChanged, new Guid($"019b0000-0000-7000-8000-{(n % people) + 1:x12}"), expires: null));

async Task<double[]> Resets()
{
    var each = new double[resets];
    for (var n = 0; n < resets; n++)
        each[n] = await Reset();
    return each;
}

async Task<double> Reset()
{
    var began = Stopwatch.GetTimestamp();
    var arrived = sink.Next(address);
    await Tell(NoticeKind.PasswordReset, somebody, TimeProvider.System.GetUtcNow().AddHours(1));
    await arrived;
    return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
}

Task Tell(string kind, Guid person, DateTimeOffset? expires)
{
    var now = TimeProvider.System.GetUtcNow();
    return bus.Publish(new NoticeDue(
        Guid.CreateVersion7(now), kind, person, OrganizationId: null,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["from"] = "guest", ["to"] = "applicant" }, now, expires));
}

static double Median(double[] each) => each.Order().ElementAt(each.Length / 2);

long Memory()
{
    service.Refresh();
    return service.WorkingSet64;
}

async Task<long> Waiting() => (long)(await Ask("select count(*) from due_deliveries"))!;

async Task<long> Handled() => (long)(await Ask("select count(*) from inbox"))!;

async Task<object?> Ask(string sql)
{
    await using var source = NpgsqlDataSource.Create(server.ConnectionString("notificationsdb"));
    await using var command = source.CreateCommand(sql);
    return await command.ExecuteScalarAsync();
}

async Task Execute(string database, string sql, params object[] values)
{
    await using var source = NpgsqlDataSource.Create(server.ConnectionString(database));
    await using var command = source.CreateCommand(sql);
    foreach (var value in values)
        command.Parameters.AddWithValue(value);
    await command.ExecuteNonQueryAsync();
}

async Task Until(Func<Task<bool>> so)
{
    while (!await so())
    {
        if (service.HasExited)
            throw new InvalidOperationException("the service ended");
        await Task.Delay(200);
    }
}

async Task Up() => await Until(async () =>
{
    try
    {
        return (await http.GetAsync("/health")).IsSuccessStatusCode;
    }
    catch (HttpRequestException)
    {
        return false;
    }
});

// Beside this program, in the same configuration: artifacts/bin/<project>/<configuration>/<project>.
Process Start()
{
    const string project = "InviteHub.Notifications";
    var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
    return Process.Start(new ProcessStartInfo(Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project))
    {
        Environment =
        {
            ["ASPNETCORE_URLS"] = http.BaseAddress.ToString(),
            ["Logging__LogLevel__Default"] = "None",
            ["ConnectionStrings__notificationsdb"] = server.ConnectionString("notificationsdb"),
            ["ConnectionStrings__keyringdb"] = server.ConnectionString("keyringdb"),
            ["ConnectionStrings__messaging"] = broker.ConnectionString,
            ["MasterKey"] = "a master key for benchmarks, long enough",
            ["PublicUrl"] = "http://localhost:8080",
            ["Smtp__Url"] = $"smtp://127.0.0.1:{sink.Port}",
        },
    })!;
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
