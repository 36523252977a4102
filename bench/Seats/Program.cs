using System.Collections.Concurrent;
using System.Diagnostics;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.LocalHost;
using InviteHub.Subscriptions;
using InviteHub.Subscriptions.Features;
using Microsoft.Extensions.DependencyInjection;
using Hot = (System.Guid Organization, System.Guid App, System.Guid Subscription, InviteHub.EventStore.StreamId Stream);

// One hot subscription: workers that take its seats one by one, then by hundreds, as consumers and bulk runs do. The other side, in turn: the
// same on a subscription for each worker, where nobody is in anybody's way. PostgreSQL keeps fsync and synchronous commit.
// Usage: dotnet run -c Release [seconds a side, 10 unless given]
var seconds = args is [var given] ? int.Parse(given) : 10;
await using var server = await PostgresServer.StartAsync(new PostgresServerOptions());
await using var services = new ServiceCollection().AddLogging()
    .AddEventStore($"{server.ConnectionString()};Maximum Pool Size=64", Catalogue.Events, new MasterKey("a master key for benchmarks, long enough"))
    .AddReadModels().BuildServiceProvider();
var store = services.GetRequiredService<PostgresEventStore>();
await store.ApplySchema(PostgresEventStore.EmbeddedSql(typeof(Subscription).Assembly));
var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

Console.WriteLine($"{"what",-28} {"seats/min",10} {"p50 ms",8} {"p99 ms",8} {"on their own",13} {"ratio",6}");
foreach (var (workers, batch) in new[] { (1, 1), (32, 1), (32, 20), (32, 100) })
{
    var hot = await Side([.. Enumerable.Repeat(await NewSubscription(), workers)], batch);
    var apart = await Side([.. await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => NewSubscription()))], batch);
    Console.WriteLine(
        $"{$"{workers} workers, {batch} a commit",-28} {hot.SeatsAMinute,10:0} {hot.P50,8:0.0} {hot.P99,8:0.0} {apart.SeatsAMinute,13:0} "
        + $"{hot.SeatsAMinute / apart.SeatsAMinute,6:0.00}");
}

async Task<Hot> NewSubscription()
{
    var (organization, subscription) = (NewId(), NewId());
    Hot hot = (organization, NewId(), subscription, Subscription.StreamOf(subscription, organization));
    var setup = store.OpenSession();
    setup.StartStream<App, AppEvent>(App.StreamOf(hot.App)).AppendOne(new AppEvent.Created(hot.App, "CRM", [new("reader", "Reader")]));
    setup.StartStream<Organization, OrganizationEvent>(Organization.StreamOf(hot.Organization)).AppendMany(
        [new OrganizationEvent.Created(hot.Organization, "Acme", ["business"]), new OrganizationEvent.AppEntitled(hot.Organization, hot.App)]);
    setup.StartStream<Subscription, SubscriptionEvent>(hot.Stream).AppendOne(
        new SubscriptionEvent.Created(hot.Subscription, hot.Organization, hot.App, "gold", 1_000_000, today, null));
    await setup.SaveChanges();
    return hot;
}

// A worker for each of them; one that is there several times is shared.
async Task<(double SeatsAMinute, double P50, double P99)> Side(IReadOnlyList<Hot> subscriptions, int batch)
{
    var times = new ConcurrentBag<double>();
    var watch = Stopwatch.StartNew();
    await Task.WhenAll(subscriptions.Select(hot => Task.Run(async () =>
    {
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            var began = Stopwatch.GetTimestamp();
            AdmitInvitation.Command[] asked = [.. Enumerable.Range(0, batch).Select(_ => new AdmitInvitation.Command(
                NewId(), hot.Organization, "access", hot.Organization, "systemAdmin", NewId(), hot.App, hot.Subscription, "reader", today))];
            var chunk = new AdmitInvitations.Command(NewId(), NewId(), hot.Organization, Waits: false, asked);
            await store.Transact(new EventMetadata(), async session =>
            {
                await AdmitInvitations.Handle(chunk, session, store, default);
                return true;
            });
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    })));
    var (sorted, elapsed) = (times.Order().ToArray(), watch.Elapsed);
    var taken = 0;
    foreach (var hot in subscriptions.Distinct())
        taken += (await store.OpenSession().AggregateStream<Subscription, SubscriptionEvent>(hot.Stream))!.Used;
    if (taken != sorted.Length * batch)
        throw new InvalidOperationException($"{taken} seats were taken by {sorted.Length} commits of {batch}");
    return (taken / elapsed.TotalMinutes, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)]);
}

static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
