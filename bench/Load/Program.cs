using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using InviteHub.Bench;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using static InviteHub.Bench.Load;

// What the whole system takes through its gateway, with real PostgreSQL, RabbitMQ and SMTP on this one machine, which the driver shares:
// people are invited to an app with a seat reserved and a mail sent, register by the link in that mail, sign in, and accept further
// invitations. Each row stands beside what the machine does at all, measured in turn in the same run; medians of three rounds.
// Usage: dotnet run -c Release [people who register, 200 unless given]
var people = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 200;
const int clients = 32, rounds = 3, invitesInRound = 600, further = 5;
const string words = "correct horse battery staple";
var steady = TimeSpan.FromSeconds(20);

await using var system = await RunningSystem.Start();
var business = await system.Business();
var serial = 0;

// About ten seconds, until everything is compiled as it stays.
for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10);)
    await Saturate(clients, 100, _ => Invite());

var (invites, commits) = (new List<double>(), new List<double>());
for (var round = 0; round < rounds; round++)
{
    commits.Add(await system.Commits());
    invites.Add(await Saturate(clients, invitesInRound, _ => Invite()));
}

var saturation = Median(invites);
Row("invite: seat reserved, mail queued", saturation, Median(commits), "one event-sized row a commit");

// What waits from before is no latency of what follows.
await RunningSystem.Until(async () => await system.Ask<long>("notificationsdb", "select count(*) from due_deliveries") == 0);
var mails = new ConcurrentBag<double>();
await At(saturation / 2, steady, async _ =>
{
    var began = Stopwatch.GetTimestamp();
    var mail = await (await Invite());
    mails.Add(Stopwatch.GetElapsedTime(began, mail.At).TotalMilliseconds);
});
// The request itself is measured without waiting for its mail.
var answered = await At(saturation / 2, steady, _ => Invite());
Latencies("invite at half of that, answered", answered);
Latencies("invite at half of that, mail in the inbox", [.. mails]);

// People who come by the links of their mails.
var addresses = Enumerable.Range(0, people).Select(n => $"kim{n}@people.example").ToArray();
var tokens = new string[people];
await Saturate(8, people, async n => tokens[n] = (await (await Invite(addresses[n]))).Token);
var sessions = new string[people];
var hashes = Hashes();
var registered = await Saturate(16, people, async n =>
    sessions[n] = (await Post($"/registrations/{tokens[n]}", new { password = words, language = "en", acceptPrivacyPolicy = true }))["accessToken"]!.GetValue<string>());
Row("register by link", registered, hashes, "the password hasher on all cores");

var (signedIn, hashed) = (new List<double>(), new List<double>());
for (var round = 0; round < rounds; round++)
{
    hashed.Add(Hashes());
    signedIn.Add(await Saturate(16, people / 2, n => Post("/session", new { email = addresses[n], password = words })));
}

Row("sign in", Median(signedIn), Median(hashed), "the password hasher on all cores");

var accepted = new List<double>();
for (var round = 0; round < further; round++)
{
    var subscription = await system.Subscription(business.Organization, business.App);
    await Saturate(8, people, async n => tokens[n] = (await (await Invite(addresses[n], subscription))).Token);
    accepted.Add(await Saturate(clients, people, n => system.Do(HttpMethod.Post, "/invitations/acceptances", new { token = tokens[n] }, sessions[n])));
}

Row("accept as an existing user", Median(accepted), Median(commits), "one event-sized row a commit");

await using var pool = system.Pool(clients);
await using var bare = new BareMe(pool);
using var beside = new HttpClient { BaseAddress = await bare.Start() };
var (me, bareMe) = (new List<double>(), new List<double>());
for (var round = 0; round <= rounds; round++)
{
    bareMe.Add(await Saturate(clients, 5000, async _ => await beside.GetStringAsync(new Uri("/me", UriKind.Relative))));
    me.Add(await Saturate(clients, 5000, n => system.Do(HttpMethod.Get, "/me", token: sessions[n % people])));
}

Row("GET /me", Median(me.Skip(1)), Median(bareMe.Skip(1)), "Kestrel with one SELECT behind a bare YARP");

// The invitation of somebody new, or of somebody else; ends with the answer, and brings what will be the mail.
async Task<Task<Mail>> Invite(string? email = null, Guid? subscription = null)
{
    email ??= $"n{Interlocked.Increment(ref serial)}@load.example";
    var mail = system.Inbox.Next(email);
    var invitation = await system.Do(HttpMethod.Post, "/invitations", new
    {
        way = "access", organizationId = business.Organization, appId = business.App, subscriptionId = subscription ?? business.Subscription, role = "editor",
        invitee = new { firstName = "Kim", lastName = "Eklund", email },
    });
    return invitation["status"]!.GetValue<string>() is "pending" ? mail : throw new InvalidOperationException($"no seat in time: {invitation}");
}

async Task<System.Text.Json.Nodes.JsonNode> Post(string path, object body)
{
    var (status, answer) = await system.Send(HttpMethod.Post, path, body, token: null);
    return (int)status is 200 or 201 ? answer : throw new InvalidOperationException($"POST {path}: {(int)status} {answer}");
}

// As the services hash, on all cores: hashes a second.
static double Hashes()
{
    const int each = 20;
    var hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    var began = Stopwatch.GetTimestamp();
    Parallel.For(0, Environment.ProcessorCount, _ =>
    {
        for (var n = 0; n < each; n++)
            hasher.HashPassword(new object(), words);
    });
    return Environment.ProcessorCount * each / Stopwatch.GetElapsedTime(began).TotalSeconds;
}

static void Row(string what, double rate, double ceiling, string of) => Console.WriteLine(
    string.Create(CultureInfo.InvariantCulture, $"{what,-44}{rate,8:0}/s   {rate / ceiling,6:0.000} of {of} ({ceiling:0}/s)"));

static void Latencies(string what, IReadOnlyCollection<double> all) => Console.WriteLine(
    string.Create(CultureInfo.InvariantCulture, $"{what,-44}p50 {Percentile(all, 50),6:0} ms   p95 {Percentile(all, 95),6:0} ms"));
