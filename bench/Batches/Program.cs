using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using InviteHub.Bench;

// How long a batch takes from its file to the last mail in the queue (INV-20), and what the processes hold of it in memory. The budget for
// 100,000 rows is 10 s until it is checked and 120 s until all seats are reserved and all mails queued, with memory flat within 50 MB.
// Beside each figure stands what this machine does at all in the same run: the same rows put in by one statement each 500, and one event-sized
// row a commit. Everything runs as it is and is asked through the gateway; mails go out meanwhile, to a server that takes them at once.
// Usage: dotnet run -c Release [rows, 100000 unless given] [how often Invitations is killed meanwhile, 0 unless given]
var rows = args is [var asked, ..] ? int.Parse(asked, CultureInfo.InvariantCulture) : 100_000;
var kills = args is [_, var often] ? int.Parse(often, CultureInfo.InvariantCulture) : 0;

await using var system = await RunningSystem.Start();
var business = await system.Business();
// What is compiled on first use, and again once it is hot, shall not count: that takes about ten seconds.
const int first = 5000;
await Run(first, kills: 0);
// Its mails go out first: what is measured has the machine to itself, but for its own.
await RunningSystem.Until(async () => await system.Ask<long>("notificationsdb", "select count(*) from due_deliveries") == 0);
var (inserts, commits) = (await Inserts(), await system.Commits());
var before = RunningSystem.Services.ToDictionary(name => name, system.Memory);
var most = new Dictionary<string, long>(before);
using var stop = new CancellationTokenSource();
var watching = kills == 0 ? Watch(stop.Token) : Task.CompletedTask;
var (checkedIn, queuedIn) = await Run(rows, kills);
await stop.CancelAsync();
await watching;

Print($"{rows} rows");
Print($"checked                                 {checkedIn,7:0.0} s {rows / checkedIn,8:0}/s   {rows / checkedIn / inserts:0.00} of rows put in 500 at once ({inserts:0}/s)");
Print($"committed: seats reserved, mails queued {queuedIn,7:0.0} s {rows / queuedIn,8:0}/s   {rows / queuedIn / commits:0.00} of one row a commit, 32 at once ({commits:0}/s)");
if (kills == 0)
{
    foreach (var name in RunningSystem.Services)
        Print($"{name,-16} {before[name],5} MB before, {most[name],5} MB at most: {most[name] - before[name],4} MB more");
}

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

// From the upload to what would happen; from the commit to the last mail in the queue.
async Task<(double Checked, double Queued)> Run(int count, int kills)
{
    var file = new StringBuilder("email,username,firstName,lastName\n");
    var run = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
    for (var n = 0; n < count; n++)
        file.Append(CultureInfo.InvariantCulture, $"kim.eklund{n}@{run}.example,,Kim,Eklund\n");
    using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(file.ToString()));
    body.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
    var mails = await Queued();

    var began = Stopwatch.GetTimestamp();
    var batch = await system.Do(
        HttpMethod.Post,
        $"/invitations/batches?organizationId={business.Organization}&way=access&appId={business.App}&subscriptionId={business.Subscription}&role=editor&dryRun=true",
        body);
    var path = $"/invitations/batches/{batch["id"]!.GetValue<Guid>()}";
    await RunningSystem.Until(async () => await Status(path) is "ready");
    var untilChecked = Stopwatch.GetElapsedTime(began).TotalSeconds;

    began = Stopwatch.GetTimestamp();
    await system.Do(HttpMethod.Post, $"{path}/commit");
    for (var n = 0; n < kills; n++)
    {
        // Whatever it is in the middle of then: each time a little later than the time before, from the start of its work on.
        await Task.Delay(500 + (n * 37 % 3500));
        await system.Kill("invitations");
    }

    await RunningSystem.Until(async () => await Queued() - mails >= count);
    var untilQueued = Stopwatch.GetElapsedTime(began).TotalSeconds;
    var sent = await system.Ask<long>("notificationsdb", "select count(*) from mt_events where type = 'delivery.sent.v1'") - (count == rows ? first : 0);
    await RunningSystem.Until(async () => await Status(path) is "finished");
    if (count == rows)
    {
        var done = await system.Do(HttpMethod.Get, path);
        var twice = await system.Ask<long>("notificationsdb", "select count(*) from (select stream_id from mt_events where type = 'delivery.queued.v1' group by 1 having count(*) > 1) t");
        var seats = (await system.Do(HttpMethod.Get, $"/subscriptions/{business.Subscription}"))["seats"]!;
        var queued = await system.Ask<long>("notificationsdb", "select count(*) from mt_events where type = 'delivery.queued.v1' and data ->> 'bulk' = 'true'") - first;
        // Figures of something else than what was asked for would be none.
        if (done["done"]!.GetValue<int>() != count || twice != 0 || queued != count || seats["reserved"]!.GetValue<int>() != first + count)
            throw new InvalidOperationException($"not each row once: {done}; {queued} mails, {twice} of them twice; {seats}");
        Print($"done {done["done"]}, failed {done["failed"]}; mails queued {queued}, {twice} of them twice, {sent} of them sent by then; seats reserved {seats["reserved"]}, {first} of them before");
    }

    return (untilChecked, untilQueued);
}

// While Invitations is down, nobody says.
async Task<string?> Status(string path)
{
    var (status, batch) = await system.Send(HttpMethod.Get, path, body: null, system.Admin);
    return (int)status < 300 ? batch["status"]!.GetValue<string>() : null;
}

// One row each, in the commit that queues it.
Task<long> Queued() => system.Ask<long>("notificationsdb", "select count(*) from deliveries");

// What PostgreSQL takes on this machine, now, of rows as large.
async Task<double> Inserts()
{
    await system.Execute("postgres", "create table rows_at_once (id uuid primary key, line int, box bytea)");
    await using var pool = system.Pool(1);
    const int some = 50_000, atOnce = 500;
    var began = Stopwatch.GetTimestamp();
    for (var n = 0; n < some; n += atOnce)
    {
        await using var insert = pool.CreateCommand("insert into rows_at_once select gen_random_uuid(), line, $2 from unnest($1) line");
        insert.Parameters.AddWithValue(Enumerable.Range(n, atOnce).ToArray());
        insert.Parameters.AddWithValue(new byte[180]);
        await insert.ExecuteNonQueryAsync();
    }

    return some / Stopwatch.GetElapsedTime(began).TotalSeconds;
}

async Task Watch(CancellationToken ct)
{
    while (!ct.IsCancellationRequested)
    {
        foreach (var name in RunningSystem.Services)
            most[name] = Math.Max(most[name], system.Memory(name));
        await Task.Delay(500, CancellationToken.None);
    }
}
