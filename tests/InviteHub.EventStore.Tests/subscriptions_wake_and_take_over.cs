using InviteHub.EventStore.Subscriptions;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 5. The subscription's own host, and another one in which the events happen.</summary>
public sealed class events_of_another_host(SeenDatabase database) : IClassFixture<SeenDatabase>
{
    [Fact]
    public Task wake_a_subscription_that_never_polls() => database.IsWokenByAnotherHost();

    [Fact]
    public async Task wake_it_again_after_each_of_their_connections_was_lost()
    {
        using var there = await database.Store.Host();
        using var here = await database.Store.Host(services => services.AddRecorder("lost.v1", "here"), new NeverPolls());
        var appending = there.Services.GetRequiredService<PostgresEventStore>();
        await database.IsWorking("lost.v1");
        await SeenDatabase.Append(StoreDatabase.NewStream(), appending);

        foreach (var connection in new[] { "select pg_notify%", "listen %" })
        {
            await Eventually.Is(async () => await database.Source.Ask<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and query like $1", connection) >= 1, $"'{connection}' has run");
            await database.Source.Ask<bool>(
                "select bool_and(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query like $1", connection);
            var id = StoreDatabase.NewStream();
            await SeenDatabase.Append(id, appending);
            await Eventually.Is(() => database.HasSeen("lost.v1", id), $"it was woken after '{connection}' had lost its connection");
        }
    }

    [Fact]
    public async Task of_another_category_are_passed_over()
    {
        using var there = await database.Store.Host();
        using var here = await database.Store.Host(services => services.AddRecorder("one.v1", "here", category: Tally.Category), new NeverPolls());
        var appending = there.Services.GetRequiredService<PostgresEventStore>();
        await database.IsWorking("one.v1");
        for (var n = 0; n < 1_200; n += 100)
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SeenDatabase.Append(StoreDatabase.NewStream(), appending)));

        var own = Tally.NewStream();
        var session = appending.OpenSession();
        session.StartStream<Tally, TallyEvent>(own).AppendOne(new TallyEvent.Added(1));
        await session.SaveChanges();

        await Eventually.Is(() => database.HasSeen("one.v1", own), "its own are found behind all others");
        // Of others, only the last that was looked at: at most one each time.
        (await database.Source.Ask<long>("select count(*) from seen where reader = 'one.v1' and stream not like 'tally-%'"))
            .ShouldBeLessThanOrEqualTo(here.Services.GetRequiredService<Recorder>().Handled);
    }

    [Fact]
    public async Task are_found_by_polling_when_nobody_tells_of_them()
    {
        using var here = await database.Store.Host(services => services.AddRecorder("poll.v1", "here"));
        await database.IsWorking("poll.v1");
        var id = StoreDatabase.NewStream();
        await using var connection = await database.Source.Source.OpenConnectionAsync();

        await connection.Append(id, expected: 0);

        await Eventually.Is(() => database.HasSeen("poll.v1", id), "polling found it");
    }

    [Fact]
    public async Task end_a_wait_for_a_state_in_this_one()
    {
        using var there = await database.Store.Host();
        using var here = await database.Store.Host(clock: new NeverPolls());
        var waiting = here.Services.GetRequiredService<PostgresEventStore>();
        var id = await database.Store.Opened();

        var state = waiting.WaitFor<Account, AccountEvent>(id, account => account.Balance == 3, TimeSpan.FromMinutes(1));
        for (var n = 1; n <= 3; n++)
            await database.Store.Credit(id, 1, there.Services.GetRequiredService<PostgresEventStore>());

        (await state.WaitAsync(TimeSpan.FromSeconds(20))).Balance.ShouldBe(3);
    }

    [Fact]
    public async Task do_not_end_it_before_the_state_is_reached_or_the_time_is_up()
    {
        var id = await database.Store.Opened(1);
        var store = database.Store.Store;

        (await store.WaitFor<Account, AccountEvent>(id, account => account.Balance == 1, TimeSpan.Zero)).Balance.ShouldBe(1);
        (await store.WaitFor<Account, AccountEvent>(id, _ => false, TimeSpan.FromMilliseconds(50))).Balance.ShouldBe(1);
        (await store.WaitFor<Account, AccountEvent>(StoreDatabase.NewStream(), _ => true, TimeSpan.Zero)).ShouldBe(Account.Initial);
    }
}

/// <summary>Promise 5. What a subscription does, and how far it is, are one commit.</summary>
public sealed class the_checkpoint_of_a_subscription(SeenDatabase database) : IClassFixture<SeenDatabase>
{
    [Fact]
    public async Task moves_in_the_transaction_of_the_effect()
    {
        using var host = await database.Store.Host(services => services.AddRecorder("same.v1", "host"));
        var id = await database.Store.Opened();

        await Eventually.Is(() => database.HasSeen("same.v1", id), "the event is handled");
        await host.StopAsync();

        (await database.Source.Ask<bool>(
            """
            select s.xmin::text = p.xmin::text and (p.last_transaction_id, p.last_seq_id) = (e.transaction_id, e.seq_id)
            from seen s join mt_events e on e.id = s.id, mt_event_progression p
            where s.reader = 'same.v1' and p.name = 'same.v1' and s.stream = $1
            """, id.Id)).ShouldBeTrue();
    }

    [Fact]
    public async Task stays_with_a_handler_that_fails_until_it_succeeds_and_holds_the_order()
    {
        var failures = 3;
        var id = await database.Store.Opened(1, 2, 3);
        using var host = await database.Store.Host(services => services.AddRecorder("failing.v1", "host", before: events =>
        {
            if (events.Any(e => e.Stream == id) && Interlocked.Decrement(ref failures) >= 0)
                throw new InvalidOperationException("not yet");
        }));

        await Eventually.Is(async () => await database.Source.Ask<long>("select count(*) from seen where reader = 'failing.v1' and stream = $1", id.Id) == 4,
            "all four events are handled in the end");

        failures.ShouldBeLessThan(0);
        (await database.Source.Ask<long[]>("select array_agg(version order by place) from seen where reader = 'failing.v1' and stream = $1", id.Id))
            .ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task stays_in_front_of_an_event_that_no_catalogue_knows_until_one_does()
    {
        var id = await database.Store.Opened(1, 2, 3);
        await database.Source.Ask<object>("update mt_events set type = 'account.renamed.v9' where stream_id = $1 and version = 3", id.Id);
        using var host = await database.Store.Host(services => services.AddRecorder("unknown.v1", "host"));
        Task<long[]?> Seen() =>
            database.Source.Ask<long[]>("select array_agg(version order by place) from seen where reader = 'unknown.v1' and stream = $1", id.Id);
        await Eventually.Is(async () => await Seen() is { Length: > 0 }, "what is in front of it is handled");
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        (await Seen()).ShouldBe([1, 2]);

        await database.Source.Ask<object>("update mt_events set type = 'account.credited.v1' where stream_id = $1 and version = 3", id.Id);

        await Eventually.Is(async () => await Seen() is { Length: 4 }, "what it waited for is handled");
    }

    [Fact]
    public async Task stays_when_its_effect_breaks_a_rule_in_the_commit()
    {
        var id = await database.Store.Opened();
        var broken = true;
        using var host = await database.Store.Host(services => services.AddRecorder("broken.v1", "host", also: session =>
        {
            if (Volatile.Read(ref broken))
                session.Sql.Execute("select 1 / 0");
        }));

        await Eventually.Is(() => SeenDatabase.RecorderOf(host).Handled > 1, "it tried twice");
        (await database.Source.Ask<long>("select count(*) from seen where reader = 'broken.v1'")).ShouldBe(0);
        (await database.Source.Ask<long>("select count(*) from mt_event_progression where name = 'broken.v1'")).ShouldBe(0);

        Volatile.Write(ref broken, false);
        await Eventually.Is(() => database.HasSeen("broken.v1", id), "it goes on");
    }

    [Fact]
    public async Task leads_a_new_version_of_the_subscription_from_the_first_event()
    {
        var id = await database.Store.Opened();
        using (var first = await database.Store.Host(services => services.AddRecorder("again.v1", "host")))
        {
            await Eventually.Is(() => database.HasSeen("again.v1", id), "v1 is handled");
            await first.StopAsync();
        }

        using var second = await database.Store.Host(services => services.AddRecorder("again.v2", "host"));

        await Eventually.Is(() => database.HasSeen("again.v2", id), "v2 is handled");
    }

    [Fact]
    public async Task passes_events_of_streams_that_were_archived_before_they_were_read()
    {
        var id = await database.Store.Opened();
        await database.Source.Ask<object>("update mt_events set is_archived = true where stream_id = $1", id.Id);
        using var host = await database.Store.Host(services => services.AddRecorder("archived.v1", "host"));

        await Eventually.Is(() => database.HasSeen("archived.v1", id), "the archived event is handled");
    }
}

/// <summary>Promise 5. One works, the other waits for its lock.</summary>
public sealed class two_instances_of_one_subscription(SeenDatabase database) : IClassFixture<SeenDatabase>
{
    [Fact]
    public async Task work_one_at_a_time_and_the_other_takes_over_when_the_first_stops()
    {
        using var first = await database.Store.Host(services => services.AddRecorder("stop.v1", "first"));
        await database.IsWorking("stop.v1");
        using var second = await database.Store.Host(services => services.AddRecorder("stop.v1", "second"));
        for (var n = 0; n < 5; n++)
            await SeenDatabase.Append(StoreDatabase.NewStream(), database.Store.Store);
        await database.HasSeenAll("stop.v1");
        (await Instances("stop.v1")).ShouldBe(["first"]);

        await first.StopAsync();
        await SeenDatabase.Append(StoreDatabase.NewStream(), database.Store.Store);

        await database.HasSeenAll("stop.v1");
        (await Instances("stop.v1")).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task lose_nothing_and_do_nothing_twice_when_the_connection_with_the_lock_is_killed()
    {
        // The first is not to notice by itself: only events wake it, and it believes that it still has the lock.
        using var mayGoOn = new ManualResetEventSlim(initialState: true);
        using var first = await database.Store.Host(
            services => services.AddRecorder("kill.v1", "first", before: _ => mayGoOn.Wait(TimeSpan.FromSeconds(20))), new NeverPolls());
        await database.IsWorking("kill.v1");
        using var second = await database.Store.Host(services => services.AddRecorder("kill.v1", "second"));
        var appending = first.Services.GetRequiredService<PostgresEventStore>();
        await SeenDatabase.Append(StoreDatabase.NewStream(), appending);
        await database.HasSeenAll("kill.v1");
        var holder = await database.Holder("kill.v1");

        (await database.Source.Ask<bool>("select pg_terminate_backend($1)", holder)).ShouldBeTrue();
        await Eventually.Is(async () => await database.Holder("kill.v1") is > 0 and var now && now != holder, "another one has the lock");
        // Both take up the next event; the first is stopped in the middle of it until the second one is done.
        mayGoOn.Reset();
        await SeenDatabase.Append(StoreDatabase.NewStream(), appending);
        await Eventually.Is(async () => (await Instances("kill.v1")).Contains("second"), "the second one works");
        mayGoOn.Set();

        for (var n = 0; n < 20; n++)
            await SeenDatabase.Append(StoreDatabase.NewStream(), appending);
        await database.HasSeenAll("kill.v1");
        (await database.Source.Ask<long>("select count(*) from seen where reader = 'kill.v1'")).ShouldBe(
            await database.Source.Ask<long>("select count(*) from mt_events"));
    }

    [Fact]
    public async Task give_the_lock_back_when_one_of_them_fails()
    {
        using var failing = await database.Store.Host(services => services.AddRecorder("fail.v1", "failing", before: _ => throw new InvalidOperationException("always")));
        await SeenDatabase.Append(StoreDatabase.NewStream(), database.Store.Store);
        await Eventually.Is(() => SeenDatabase.RecorderOf(failing).Handled > 0, "it failed");
        using var working = await database.Store.Host(services => services.AddRecorder("fail.v1", "working"));

        await database.HasSeenAll("fail.v1");
    }

    [Fact]
    public async Task give_the_lock_back_before_they_have_stopped()
    {
        using var host = await database.Store.Host(services => services.AddRecorder("back.v1", "host"));
        await database.IsWorking("back.v1");

        await host.StopAsync();

        (await database.Holder("back.v1")).ShouldBe(0);
    }

    private async Task<string[]> Instances(string name) =>
        await database.Source.Ask<string[]>("select array_agg(distinct instance order by instance) from seen where reader = $1", name) ?? [];
}

/// <summary>Promise 5. Watchers of one stream come and go.</summary>
public sealed class watching_a_stream(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public void wakes_a_watcher_that_came_as_the_last_one_left()
    {
        var signal = database.Services!.GetRequiredService<EventSignal>();

        const int Times = 20_000;
        var leaving = signal.Watch("account-1");
        using var both = new Barrier(2);
        var leaver = new Thread(() =>
        {
            for (var n = 0; n < Times; n++)
            {
                both.SignalAndWait();
                leaving.Dispose();
                both.SignalAndWait();
            }
        });
        leaver.Start();

        var missed = 0;
        for (var n = 0; n < Times; n++)
        {
            both.SignalAndWait();
            Thread.SpinWait(n % 200); // Each time a little later.
            var coming = signal.Watch("account-1");
            both.SignalAndWait();
            var next = coming.Next();
            signal.Raise(["account-1"]);
            missed += next.IsCompleted ? 0 : 1;
            leaving = coming;
        }

        leaver.Join();
        missed.ShouldBe(0);
    }

    [Fact]
    public void does_not_wake_one_of_another_stream()
    {
        var signal = database.Services!.GetRequiredService<EventSignal>();
        using var other = signal.Watch("account-2");
        using var all = signal.WatchAll();
        var (ofOther, ofAll) = (other.Next(), all.Next());

        signal.Raise(["account-3"]);

        ofOther.IsCompleted.ShouldBeFalse();
        ofAll.IsCompleted.ShouldBeTrue();
    }
}

/// <summary>A store's database with a table for what subscriptions were handed.</summary>
public sealed class SeenDatabase : IAsyncLifetime
{
    internal StoreDatabase Store { get; init; } = new();

    internal TestDatabase Source => Store;

    /// <summary>Sees that a subscription which never polls is woken by each append of another host, whichever way leads to the database.</summary>
    internal async Task IsWokenByAnotherHost()
    {
        using var there = await Store.Host();
        using var here = await Store.Host(services => services.AddRecorder("wake.v1", "here"), new NeverPolls());
        var appending = there.Services.GetRequiredService<PostgresEventStore>();
        await IsWorking("wake.v1");

        for (var n = 0; n < 5; n++)
        {
            var id = StoreDatabase.NewStream();
            await Append(id, appending);
            await Eventually.Is(() => HasSeen("wake.v1", id), "the subscription was woken");
        }
    }

    public async Task InitializeAsync()
    {
        await Store.InitializeAsync();
        await Source.Ask<object>(
            """
            create table seen (
                reader varchar, id uuid, place bigserial, stream varchar, version bigint, instance varchar, primary key (reader, id))
            """);
    }

    public Task DisposeAsync() => Store.DisposeAsync();

    internal static async Task Append(StreamId id, PostgresEventStore through)
    {
        var session = through.OpenSession();
        session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Credited(1));
        await session.SaveChanges();
    }

    internal async Task<bool> HasSeen(string reader, StreamId id) =>
        await Source.Ask<long>("select count(*) from seen where reader = $1 and stream = $2", reader, id.Id) > 0;

    internal Task HasSeenAll(string reader) => Eventually.Is(
        async () => await Source.Ask<long>("select count(*) from mt_events where id not in (select id from seen where reader = $1)", reader) == 0,
        $"{reader} has seen everything");

    /// <summary>The connection that holds a subscription's lock; 0 when none does.</summary>
    internal Task<int> Holder(string reader) => Source.Ask<int>(
        """
        select pid from pg_locks
        where locktype = 'advisory' and granted and classid = 730 and objid::bigint = hashtext($1)::bigint & 4294967295
          and database = (select oid from pg_database where datname = current_database())
        """, reader);

    /// <summary>Until an instance has the lock and waits for events.</summary>
    internal async Task IsWorking(string reader)
    {
        await Eventually.Is(async () => await Holder(reader) > 0, $"an instance of {reader} works");
        await HasSeenAll(reader);
    }

    internal static Recorder RecorderOf(IHost host) => host.Services.GetRequiredService<Recorder>();
}

/// <summary>Writes down which instance was handed which event, with the checkpoint; a second time breaks the key.</summary>
internal sealed class Recorder(
    string name, string instance, Action<IReadOnlyList<RecordedEvent>>? before, Action<EventSession>? also, string? category) : ISubscription
{
    private int _handled;

    public int Handled => Volatile.Read(ref _handled);

    public string Name => name;

    public string? Category => category;

    public Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
    {
        Interlocked.Increment(ref _handled);
        before?.Invoke(events);
        foreach (var e in events)
        {
            session.Sql.Execute("insert into seen (reader, id, stream, version, instance) values ($1, $2, $3, $4, $5)",
                name, e.Id, e.Stream.Id, e.Version, instance);
        }

        also?.Invoke(session);
        return Task.CompletedTask;
    }
}

internal static class Recording
{
    public static IServiceCollection AddRecorder(this IServiceCollection services, string name, string instance,
        Action<IReadOnlyList<RecordedEvent>>? before = null, Action<EventSession>? also = null, string? category = null) => services
        .AddSingleton(new Recorder(name, instance, before, also, category))
        .AddSubscription<Recorder>();
}

/// <summary>The time as it is, but what waits for a second or more waits for ever: only a wake-up leads on.</summary>
internal sealed class NeverPolls : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(1) ? dueTime : Timeout.InfiniteTimeSpan, period);
}
