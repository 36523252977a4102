using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using InviteHub.EventStore.Subscriptions;
using InviteHub.Testing;

namespace InviteHub.EventStore.Tests;

[Trait("Feature", "OPS-05")]
public sealed class what_is_measured_and_traced(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task a_statement_has_a_span_where_it_belongs_to_something()
    {
        var marker = $"marked {Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
        var spans = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource("Tests.Spans");
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name is "Npgsql" or "Tests.Spans",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TagObjects.Any(tag => tag.Value is string text && text.Contains(marker)))
                    spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(listener);

        Activity.Current = null;
        await Ask();
        spans.ShouldBeEmpty();

        using var parent = source.StartActivity("something");
        await Ask();
        spans.Single().TraceId.ShouldBe(parent!.TraceId);

        async Task Ask()
        {
            await using var command = database.Store.Database.CreateCommand($"select '{marker}'");
            await command.ExecuteScalarAsync();
        }
    }

    [Fact]
    public async Task a_subscription_s_lag_grows_while_it_hangs_and_is_nothing_when_it_has_handled_all()
    {
        var hangs = new Hangs();
        using var host = await database.Host(services => services.AddSubscription(_ => hangs));
        await database.Opened();
        await hangs.Arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));

        var first = Lag();
        await Eventually.Is(() => Lag() > first + 0.2, "its lag grows");
        first!.Value.ShouldBeGreaterThanOrEqualTo(0);

        hangs.GoOn.SetResult();
        await Eventually.Is(() => Lag() == 0, "it has handled all");
    }

    [Fact]
    public async Task what_follows_saving_follows_it_once_and_only_it()
    {
        var (saved, lost) = (0, 0);
        var id = await database.Opened();
        var (winner, loser) = (database.Session(), database.FreshSession());
        (await loser.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(1));
        (await winner.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(2));
        loser.AfterSaving(() => lost++);
        winner.AfterSaving(() => saved++);

        await winner.SaveChanges();
        await Should.ThrowAsync<ConcurrencyConflictException>(() => loser.SaveChanges());
        (await winner.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(3));
        await winner.SaveChanges();

        (saved, lost).ShouldBe((1, 0));
    }

    private static double? Lag()
    {
        double? lag = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "invitehub.subscription.lag.age")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (tags[0] is { Key: "subscription", Value: "tests.hangs.v1" })
                lag = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return lag;
    }

    private sealed class Hangs : ISubscription
    {
        public string Name => "tests.hangs.v1";

        public bool TakesUnknownEvents => true;

        public TaskCompletionSource Arrived { get; } = new();

        public TaskCompletionSource GoOn { get; } = new();

        public Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
        {
            Arrived.TrySetResult();
            return GoOn.Task.WaitAsync(ct);
        }
    }
}
