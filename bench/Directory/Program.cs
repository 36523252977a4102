using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using InviteHub.LocalHost;
using Npgsql;

// How long the directory of users takes to answer over HTTP, by what is asked (USR-01). The promise is p95 below 50 ms with a million people.
// Identity runs as it is, on a PostgreSQL and a RabbitMQ of its own; only the people are put straight into its tables.
// Usage: dotnet run -c Release [people, 100000 unless given; 1000000 is the promise] [clients at once, 16 unless given]
const string email = "admin@invitehub.example", words = "correct staple of a horse";
var people = args is [var asked, ..] ? int.Parse(asked) : 100_000;
var clients = args is [_, var sessions] ? int.Parse(sessions) : 16;

await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = false });
await using var broker = await RabbitMqServer.StartAsync(new RabbitMqServerOptions());
foreach (var name in new[] { "identitydb", "keyringdb" })
    await Execute("postgres", $"create database {name}");

using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromMinutes(2) };
using var service = Start();
try
{
    await SignIn();
    await Fill();
    await Measure();
}
finally
{
    service.Kill();
}

async Task Measure()
{
    Console.WriteLine($"{people} people, {clients} clients at once");
    // The code is compiled by then.
    for (var page = 1; page <= 300; page++)
    {
        (await http.GetAsync($"/api/v1/users?page={page}")).EnsureSuccessStatusCode();
        (await http.GetAsync($"/api/v1/users?search=kim{page}")).EnsureSuccessStatusCode();
    }

    Console.WriteLine($"{"what",-44} {"total",9} {"first ms",9} {"p50 ms",8} {"p95 ms",8} {"worst",8}");
    await Row("page 1", "page=1");
    await Row("page 500", "page=500");
    foreach (var sort in new[] { "firstName", "lastName", "email", "createdAt", "lastActivityAt" })
        await Row($"page 500 by {sort}, last first", $"page=500&sort={sort}:desc");
    await Row("role guest, page 500", "role=guest&page=500");
    await Row("role systemAdmin", "role=systemAdmin");
    await Row("invitation status invited, page 500", "invitationStatus=invited&page=500");
    await Row("organization of one in 200", "organizationId=019b0000-0000-7000-8000-000000000007");
    foreach (var search in new[] { "erik lindqvist", "Åkerströmen", "lindqvist", "bjorn.ost", "kim.eklund12345", "nobody at all", "Björn", "lu", "zo", "ö", "xq" })
        await Row($"search '{search}'", $"search={Uri.EscapeDataString(search)}");
    await Row("search 'lindqvist' by lastName, last first", "search=lindqvist&sort=lastName:desc");
}

async Task Row(string what, string query)
{
    const int times = 20;
    var start = Stopwatch.GetTimestamp();
    var total = (await http.GetFromJsonAsync<JsonNode>($"/api/v1/users?{query}"))!["total"]!.GetValue<long>();
    var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    var took = (await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Ask()))).SelectMany(each => each).Order().ToArray();
    Console.WriteLine($"{what,-44} {total,9} {first,9:0.0} {took[took.Length / 2],8:0.0} {took[took.Length * 95 / 100],8:0.0} {took[^1],8:0.0}");

    async Task<List<double>> Ask()
    {
        var each = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync($"/api/v1/users?{query}");
            answer.EnsureSuccessStatusCode();
            each.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return each;
    }
}

// Beside this program, in the same configuration: artifacts/bin/<project>/<configuration>/<project>.
Process Start()
{
    const string project = "InviteHub.Identity";
    var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
    return Process.Start(new ProcessStartInfo(Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project))
    {
        Environment =
        {
            ["ASPNETCORE_URLS"] = http.BaseAddress.ToString(),
            ["Logging__LogLevel__Default"] = "None",
            ["ConnectionStrings__identitydb"] = server.ConnectionString("identitydb"),
            ["ConnectionStrings__keyringdb"] = server.ConnectionString("keyringdb"),
            ["ConnectionStrings__messaging"] = broker.ConnectionString,
            ["MasterKey"] = "a master key for benchmarks, long enough",
            ["PublicUrl"] = "http://localhost:8080",
            ["INVITEHUB_ADMIN_EMAIL"] = email,
            ["INVITEHUB_ADMIN_PASSWORD"] = words,
        },
    })!;
}

async Task SignIn()
{
    var patience = Stopwatch.StartNew();
    while (true)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync("/api/v1/session", new { email, password = words });
            answer.EnsureSuccessStatusCode();
            var token = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["accessToken"]!.GetValue<string>();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return;
        }
        catch (HttpRequestException) when (!service.HasExited && patience.Elapsed < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(100);
        }
    }
}

async Task Fill()
{
    using var script = new StreamReader(typeof(Program).Assembly.GetManifestResourceStream("people.sql")!);
    // One count for all of them is faster than a count with each, and the same.
    await Execute("identitydb", "alter table users disable trigger users_count");
    await Execute("identitydb", await script.ReadToEndAsync(), people);
    await Execute(
        "identitydb",
        """
        alter table users enable trigger users_count;
        delete from user_counts;
        insert into user_counts select system_role, invitation_status, get_byte(uuid_send(id), 15) & 15, count(*) from users group by 1, 2, 3;
        insert into user_organizations select id, ('019b0000-0000-7000-8000-' || lpad(to_hex(get_byte(uuid_send(id), 14) % 200), 12, '0'))::uuid from users
        """);
    foreach (var table in new[] { "users", "user_organizations", "user_counts" })
        await Execute("identitydb", $"vacuum analyze {table}");
}

async Task Execute(string database, string sql, params object[] values)
{
    await using var source = NpgsqlDataSource.Create(server.ConnectionString(database) + ";Command Timeout=1800");
    await using var command = source.CreateCommand(sql);
    foreach (var value in values)
        command.Parameters.AddWithValue(value);
    await command.ExecuteNonQueryAsync();
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
