using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using InviteHub.LocalHost;
using Npgsql;

// How long the list of invitations takes to answer over HTTP, by what is asked (INV-06), beside a bare query of the same page by its index, in
// the same run. The promise is p95 below 50 ms with a million invitations. Invitations and Identity, which signs in, run as they are, on a
// PostgreSQL and a RabbitMQ of their own; only the invitations are put straight into their table.
// Usage: dotnet run -c Release [invitations, 100000 unless given; 1000000 is the promise] [clients at once, 8 unless given]
const string email = "admin@invitehub.example", words = "correct staple of a horse";
var invitations = args is [var asked, ..] ? int.Parse(asked) : 100_000;
var clients = args is [_, var sessions] ? int.Parse(sessions) : 8;

await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Durable = false });
await using var broker = await RabbitMqServer.StartAsync(new RabbitMqServerOptions());
foreach (var name in new[] { "identitydb", "invitationsdb", "keyringdb" })
    await Execute("postgres", $"create database {name}");

var identityAt = new Uri($"http://127.0.0.1:{FreePort()}");
using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromMinutes(2) };
using var identity = Start("InviteHub.Identity", identityAt);
using var service = Start("InviteHub.Invitations", http.BaseAddress);
try
{
    await SignIn();
    await Fill();
    await Measure();
}
finally
{
    service.Kill();
    identity.Kill();
}

async Task Measure()
{
    Console.WriteLine($"{invitations} invitations, {clients} clients at once");
    await using var source = NpgsqlDataSource.Create(server.ConnectionString("invitationsdb") + ";Max Auto Prepare=10;Auto Prepare Min Usages=2");
    var bare = await Times(async () =>
    {
        await using var command = source.CreateCommand(
            "select * from invitation_list where status in ('requested', 'waiting', 'pending', 'expired') order by first_name_key, id limit 20");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
            rows++;
        if (rows != 20)
            throw new InvalidOperationException($"page 1 has {rows} rows");
    });
    // The code is compiled by then.
    for (var page = 1; page <= 300; page++)
    {
        (await http.GetAsync($"/api/v1/invitations?page={page}")).EnsureSuccessStatusCode();
        (await http.GetAsync($"/api/v1/invitations?search=kim{page}")).EnsureSuccessStatusCode();
    }

    Console.WriteLine($"{"what",-44} {"total",9} {"first ms",9} {"p50 ms",8} {"p95 ms",8} {"worst",8} {"p95 to bare",11}");
    Print("a bare query of page 1", 0, bare[0], bare, bare);
    await Row("page 1", "page=1", bare);
    await Row("page 500", "page=500", bare);
    foreach (var sort in new[] { "firstName", "lastName", "organization", "email", "sentOn" })
        await Row($"page 500 by {sort}, last first", $"page=500&sort={sort}:desc", bare);
    await Row("accepted, page 500", "status=accepted&page=500", bare);
    await Row("way access, page 500", "way=access&page=500", bare);
    await Row("organization of one in 200", "organizationId=019b0000-0000-7000-8000-000000000007", bare);
    await Row("organization of one in 200, by lastName", "organizationId=019b0000-0000-7000-8000-000000000007&sort=lastName:desc", bare);
    await Row("accepted by lastName, page 500", "status=accepted&sort=lastName:asc&page=500", bare);
    await Row("inviter of one in 1000", "sentBy=019d0000-0000-7000-8000-000000000007", bare);
    await Row("pending, page 500", "status=pending&page=500", bare);
    await Row("expired", "status=expired", bare);
    await Row("expired by sentOn, page 500", "status=expired&sort=sentOn:desc&page=500", bare);
    await Row("channel e-mail, page 500", "channel=email&page=500", bare);
    await Row("way customer by sentOn", "way=customer&sort=sentOn:desc", bare);
    foreach (var search in new[] { "erik lindqvist", "Åkerströmen", "lindqvist", "kim.eklund12345", "nobody at all", "Björn", "ö", "xq" })
        await Row($"search '{search}'", $"search={Uri.EscapeDataString(search)}", bare);
    await Row("search 'lindqvist', page 50", "search=lindqvist&page=50", bare);

    foreach (var (name, organizations) in new[] { ("a founder of one", 1), ("a founder of all 200", 200) })
    {
        var token = await Founder(organizations);
        await Row($"{name}", "page=1", bare, token);
        await Row($"{name}, page 10, by sentOn", "page=10&sort=sentOn:desc", bare, token);
        await Row($"{name}, pending", "status=pending", bare, token);
        await Row($"{name}, search 'lindqvist'", "search=lindqvist", bare, token);
    }

    using var enough = new CancellationTokenSource();
    var writing = Write(enough.Token);
    await Row("while somebody writes: page 1", "page=1", bare);
    await Row("while somebody writes: page 500 by sentOn", "page=500&sort=sentOn:desc", bare);
    await Row("while somebody writes: expired", "status=expired", bare);
    await Row("while somebody writes: organization", "organizationId=019b0000-0000-7000-8000-000000000007", bare);
    await Row("while somebody writes: search 'lindqvist'", "search=lindqvist", bare);
    await Row("while somebody writes: a founder of one", "page=1", bare, await Founder(1));
    await Row("while somebody writes: a founder of all 200", "page=1", bare, await Founder(200));
    await enough.CancelAsync();
    await writing;
}

// As appending does, fifty times a second: what was found before is of a former version of the list.
async Task Write(CancellationToken ct)
{
    while (!ct.IsCancellationRequested)
    {
        await Execute("invitationsdb", "select nextval('mt_events_sequence')");
        await Task.Delay(20, CancellationToken.None);
    }
}

// Somebody who founded so many of the organizations: their token.
async Task<string> Founder(int organizations)
{
    var address = $"founder{organizations}.{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}@invitehub.example";
    const string first = "former horse of a staple", chosen = "chosen horse of a staple";
    using var made = await http.PostAsJsonAsync(new Uri(identityAt, "/api/v1/users"), new
    {
        firstName = "Kim", lastName = "Eklund", email = address, emailConfirmation = address, password = first, passwordConfirmation = first, language = "en",
    });
    made.EnsureSuccessStatusCode();
    using (var change = new HttpRequestMessage(HttpMethod.Put, new Uri(identityAt, "/api/v1/me/password")))
    {
        change.Headers.Authorization = new("Bearer", await Token(address, first));
        change.Content = JsonContent.Create(new Dictionary<string, string> { ["current"] = first, ["new"] = chosen });
        using var changed = await http.SendAsync(change);
        changed.EnsureSuccessStatusCode();
    }

    await Execute(
        "invitationsdb",
        """
        insert into organization_access (user_id, organization_id, permissions, told_by)
        select $1, ('019b0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{founder}', gen_random_uuid() from (select (n + 7) % 200 as n from generate_series(0, $2 - 1) n) organizations
        """,
        (await made.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>(), organizations);
    return await Token(address, chosen);
}

async Task<string> Token(string address, string password)
{
    using var answer = await http.PostAsJsonAsync(new Uri(identityAt, "/api/v1/session"), new { email = address, password });
    answer.EnsureSuccessStatusCode();
    return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["accessToken"]!.GetValue<string>();
}

async Task Row(string what, string query, double[] bare, string? token = null)
{
    var began = Stopwatch.GetTimestamp();
    using var answered = await Get();
    var total = (await answered.Content.ReadFromJsonAsync<JsonNode>())!["total"]!.GetValue<long>();
    var first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    Print(what, total, first, await Times(async () => (await Get()).Dispose()), bare);

    async Task<HttpResponseMessage> Get()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/invitations?{query}");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return (await http.SendAsync(request)).EnsureSuccessStatusCode();
    }
}

static void Print(string what, long total, double first, double[] took, double[] bare) => Console.WriteLine(
    $"{what,-44} {total,9} {first,9:0.0} {took[took.Length / 2],8:0.0} {P95(took),8:0.0} {took[^1],8:0.0} {P95(took) / P95(bare),11:0.0}");

static double P95(double[] took) => took[took.Length * 95 / 100];

async Task<double[]> Times(Func<Task> ask)
{
    const int times = 20;
    return [.. (await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
    {
        var each = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await ask();
            each.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return each;
    }))).SelectMany(each => each).Order()];
}

// Beside this program, in the same configuration: artifacts/bin/<project>/<configuration>/<project>.
Process Start(string project, Uri at)
{
    var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
    return Process.Start(new ProcessStartInfo(Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project))
    {
        Environment =
        {
            ["ASPNETCORE_URLS"] = at.ToString(),
            ["Logging__LogLevel__Default"] = "None",
            ["ConnectionStrings__identitydb"] = server.ConnectionString("identitydb"),
            ["ConnectionStrings__invitationsdb"] = server.ConnectionString("invitationsdb"),
            ["ConnectionStrings__keyringdb"] = server.ConnectionString("keyringdb"),
            ["ConnectionStrings__messaging"] = broker.ConnectionString,
            ["services__identity__http__0"] = identityAt.ToString(),
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
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Token(email, words));
            (await http.GetAsync("/api/v1/invitations")).EnsureSuccessStatusCode();
            return;
        }
        catch (HttpRequestException) when (!service.HasExited && !identity.HasExited && patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            await Task.Delay(100);
        }
    }
}

async Task Fill()
{
    using var script = new StreamReader(typeof(Program).Assembly.GetManifestResourceStream("invitations.sql")!);
    await Execute("invitationsdb", await script.ReadToEndAsync(), invitations);
    await Execute(
        "invitationsdb",
        "insert into invitation_counts select organization_id, way, status, count(*) from invitation_list group by 1, 2, 3");
    await Execute("invitationsdb", "vacuum analyze invitation_counts");
    // A table that has stood for a while: autovacuum has been by, and has found no transaction that is older than the rows.
    await using var source = NpgsqlDataSource.Create(server.ConnectionString("invitationsdb"));
    await using var seen = source.CreateCommand("select relallvisible >= relpages * 0.99 from pg_class where relname = 'invitation_list'");
    var patience = Stopwatch.StartNew();
    for (var isSeen = false; !isSeen && patience.Elapsed < TimeSpan.FromMinutes(1); isSeen = (bool)(await seen.ExecuteScalarAsync())!)
        await Execute("invitationsdb", "vacuum analyze invitation_list");
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
