using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using InviteHub.Bench;

// What a new invitation costs while a million timers of old ones are due at once, as after a standstill (INV-22), beside what it costs with none,
// in the same run. Some of the old invitations are real, with a seat and a mail: they end, and their seats come back. Of the rest there are only
// the timers, which turn out not to matter: each is taken, looked at and done all the same.
// Usage: dotnet run -c Release [timers, 1000000 unless given]
var timers = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 1_000_000;
const int real = 3000, clients = 4, asked = 400;

await using var system = await RunningSystem.Start();
var business = await system.Business();
await Batch();
var serial = 0;
await Invite(1000);
var alone = await Invite(asked);

// Their time is up: as if they had been sent long ago. That breaks the chains of their streams, which nobody looks at here.
await system.Execute(
    "invitationsdb",
    "update mt_events set data = jsonb_set(data, '{expiresAt}', '\"2026-01-01T00:00:00+00:00\"') where type = 'invitation.opened.v1' and data ? 'chunkId'");
await system.Execute(
    "invitationsdb",
    $"""
    insert into invitation_timers (invitation_id, organization_id, days_before, due_at, useful_until)
    select gen_random_uuid(), '{business.Organization}', 0, now() - interval '1 hour' + n * interval '1 millisecond', 'infinity'
    from generate_series(1, {timers - real}) n
    """);
await system.Execute(
    "invitationsdb", "update invitation_timers set due_at = now() - interval '2 hours' where invitation_id in (select invitation_id from invitation_batch_rows)");
var began = Stopwatch.GetTimestamp();
await RunningSystem.Until(async () => await Ended() > 0);
var (left, ended) = (await Left(), await Ended());
var during = await Invite(asked);
await RunningSystem.Until(async () => await Ended() == real);
var all = Stopwatch.GetElapsedTime(began).TotalSeconds;
var seats = (await system.Do(HttpMethod.Get, $"/subscriptions/{business.Subscription}"))["seats"]!["reserved"]!.GetValue<int>();

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{timers} timers due, {real} of them of real invitations; {clients} clients invite"));
Print("with none due", alone, alone);
Print($"with {left} due", during, alone);
var still = await Left();
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{real - ended} ended within {all:0} s; {still} timers left; {seats} seats reserved, {1000 + (2 * asked)} of them by new invitations"));

static void Print(string what, double[] took, double[] beside) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{what,-28} p50 {At(took, 50),6:0} ms   p95 {At(took, 95),6:0} ms   {At(took, 95) / At(beside, 95):0.00} of none"));

static double At(double[] took, int percent) => took[(took.Length - 1) * percent / 100];

Task<long> Ended() => system.Ask<long>("invitationsdb", "select count(*) from mt_events where type = 'invitation.expired.v1'");

Task<long> Left() => system.Ask<long>("invitationsdb", "select count(*) from invitation_timers where due_at <= now() + interval '2 minutes'");

// Those that are to end.
async Task Batch()
{
    var file = new StringBuilder("email,username,firstName,lastName\n");
    for (var n = 0; n < real; n++)
        file.Append(CultureInfo.InvariantCulture, $"old{n}@d{n}.example,,Kim,Eklund\n");
    using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(file.ToString()));
    body.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
    await system.Do(
        HttpMethod.Post,
        $"/invitations/batches?organizationId={business.Organization}&way=access&appId={business.App}&subscriptionId={business.Subscription}&role=editor",
        body);
    await RunningSystem.Until(async () => await system.Ask<long>("notificationsdb", "select count(*) from deliveries") >= real);
    await RunningSystem.Until(async () => await system.Ask<long>("notificationsdb", "select count(*) from due_deliveries") == 0);
}

// So many, by some clients who each ask again when they are answered: how long each took, in ms, the shortest first.
async Task<double[]> Invite(int many)
{
    var took = new double[many];
    await Parallel.ForAsync(0, many, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (n, _) =>
    {
        var since = Stopwatch.GetTimestamp();
        var made = await system.Do(HttpMethod.Post, "/invitations", new
        {
            way = "access", organizationId = business.Organization, appId = business.App, subscriptionId = business.Subscription, role = "editor",
            invitee = new { firstName = "Kim", lastName = "Eklund", email = $"new{Interlocked.Increment(ref serial)}@new.example" },
        });
        took[n] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        if (made["status"]!.GetValue<string>() is not "pending")
            throw new InvalidOperationException($"no seat in time: {made}");
    });
    Array.Sort(took);
    return took;
}
