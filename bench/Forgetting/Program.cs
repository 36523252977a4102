using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Bench;

// How long it takes from the request to the certificate, until every service has forgotten a person (GDP-03): one while nothing else goes on,
// and many who are asked for at once. The budget is 5 s for one and 120 s for 1,000. Everything runs as it is and is asked through the gateway;
// everybody was imported, and invited to their account by mail.
// Usage: dotnet run -c Release [people at once, 1,000 unless given]
const int warm = 3, rounds = 9, atOnce = 32, pageSize = 200;
var many = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 1000;

await using var system = await RunningSystem.Start();
var people = await Fill(warm + rounds + many);
foreach (var person in people[..warm])
    await Forget([person]);

var one = new List<double>();
foreach (var person in people[warm..(warm + rounds)])
    one.Add(await Forget([person]));
one.Sort();
var all = await Forget(people[(warm + rounds)..]);
Print($"one person, {rounds} times, nothing else going on   median {one[rounds / 2]:0.00} s, worst {one[^1]:0.00} s   {one[rounds / 2] / 5:0.00} of the budget");
Print($"{many} people asked for at once               {all:0.0} s, {many / all:0} a second              {all / 120:0.00} of the budget for 1,000");

static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

async Task<double> Forget((Guid Id, string Email)[] some)
{
    var before = await Certificates();
    var began = Stopwatch.GetTimestamp();
    await Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (person, _) =>
        await system.Do(HttpMethod.Post, $"/users/{person.Id}/anonymization", new { email = person.Email }));
    await RunningSystem.Until(async () => await Certificates() - before >= some.Length);
    return Stopwatch.GetElapsedTime(began).TotalSeconds;
}

Task<long> Certificates() => system.Ask<long>("identitydb", "select count(*) from mt_events where type = 'anonymization.completed.v1'");

async Task<(Guid Id, string Email)[]> Fill(int count)
{
    var csv = "email,firstName,lastName\n" + string.Concat(Enumerable.Range(0, count).Select(n => $"p{n}@forget.example,Crowdy,Person\n"));
    using var file = new StringContent(csv, Encoding.UTF8, "text/csv");
    await system.Do(HttpMethod.Post, "/users/import?sendInvitation=true", file);
    // All of them, and the invitation of each.
    await RunningSystem.Until(() => Task.FromResult(system.Inbox.Taken >= count));
    var found = new List<(Guid, string)>();
    for (var page = 1; found.Count < count; page++)
    {
        var some = await system.Do(HttpMethod.Get, $"/users?search=Crowdy&pageSize={pageSize}&sort=email:asc&page={page}");
        found.AddRange(some["items"]!.AsArray().Select(user => (Id(user!), user!["email"]!.GetValue<string>())));
    }

    return [.. found];
}

static Guid Id(JsonNode user) => user["id"]!.GetValue<Guid>();
