using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using InviteHub.EventStore.Projections;
using InviteHub.EventStore.Subscriptions;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 9. An asynchronous projection takes every event once, whoever works.</summary>
public sealed class an_asynchronous_projection(BalancesDatabase database) : IClassFixture<BalancesDatabase>
{
    [Fact]
    public async Task takes_every_event_once_and_in_order_while_others_write_and_its_lock_is_killed()
    {
        using var first = await database.Host();
        using var second = await database.Host();
        await using (var writers = await database.Writing())
        {
            for (var n = 0; n < 3; n++)
            {
                await writers.HaveWritten(50);
                await Eventually.Is(async () => await Holder() > 0, "an instance works");
                var holder = await Holder();
                (await database.Source.Ask<bool>("select pg_terminate_backend($1)", holder)).ShouldBeTrue();
                await Eventually.Is(async () => await Holder() is > 0 and var now && now != holder, "another one takes over");
            }

            await writers.HaveWritten(50);
        }

        await database.IsRead();
        (await database.Wrong()).ShouldBeEmpty();
        (await database.Source.Ask<long>("select count(*) from parked_events")).ShouldBe(0);
    }

    [Fact]
    public async Task has_a_lag_in_events_and_in_seconds()
    {
        var measured = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "InviteHub.EventStore")
                l.EnableMeasurementEvents(instrument);
        };
        void Note(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags[0] is { Key: "projection", Value: "tests.late.v1" })
                measured[instrument] = value;
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.Start();
        await database.Opened(1, 2);
        var clock = new FakeClock(new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var lag = new ProjectionLag(
            database.Store.Store, [new Balances("tests.late.v1")], clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ProjectionLag>.Instance);

        await lag.Measure(default);

        measured["invitehub.projection.lag"].ShouldBe(await database.Source.Ask<long>("select count(*) from mt_events"));
        var oldest = await database.Source.Ask<DateTime>("select timestamp from mt_events order by transaction_id, seq_id limit 1");
        measured["invitehub.projection.lag.age"].ShouldBe((clock.GetUtcNow().UtcDateTime - oldest).TotalSeconds, tolerance: 0.01);

        await database.Source.Ask<object>(
            """
            insert into mt_event_progression (name, last_transaction_id, last_seq_id)
            select 'tests.late.v1', transaction_id, seq_id from mt_events order by transaction_id desc, seq_id desc limit 1
            """);
        await lag.Measure(default);

        measured.Values.ShouldAllBe(value => value == 0);
    }

    private Task<int> Holder() => database.Source.Ask<int>(
        """
        select pid from pg_locks
        where locktype = 'advisory' and granted and classid = 730 and objid::bigint = hashtext($1)::bigint & 4294967295
          and database = (select oid from pg_database where datname = current_database())
        """, Balances.ByDefault);
}

/// <summary>Promise 9. An event that a projection cannot take stops its own stream alone.</summary>
public sealed class an_event_that_a_projection_cannot_take(BalancesDatabase database) : IClassFixture<BalancesDatabase>
{
    [Fact]
    public async Task is_parked_with_what_follows_it_in_its_stream_and_the_rest_goes_on()
    {
        var throwing = await database.Opened(1, 13, 2);
        var breaking = await database.Opened(1000, 3);
        var healthy = await database.Opened(4, 5);

        using (var host = await database.Host())
        {
            await database.IsRead();
            // In a batch of their own, behind events that are parked already.
            await database.Store.Credit(throwing, 6);
            await database.Store.Credit(healthy, 7);
            await database.IsRead();
            await host.StopAsync();
        }

        (await database.Versions(throwing)).ShouldBe([1, 2]);
        (await database.Parked(throwing)).ShouldBe([3, 4, 5]);
        (await database.Versions(breaking)).ShouldBe([1]);
        (await database.Parked(breaking)).ShouldBe([2, 3]);
        (await database.Versions(healthy)).ShouldBe([1, 2, 3, 4]);
        (await database.Source.Ask<string[]>("select array_agg(error order by error) from parked_events where error is not null")).ShouldBe(
            ["23514 balances_limit", "InvalidOperationException in Balances.Project"]);
    }

    [Fact]
    public async Task is_also_one_that_no_catalogue_knows_and_it_is_named()
    {
        var (unknown, healthy) = (await database.Opened(1, 2, 3), await database.Opened(4));
        await database.Source.Ask<object>("update mt_events set type = 'account.renamed.v9' where stream_id = $1 and version = 3", unknown.Id);

        using (var host = await database.Host())
        {
            await database.IsRead();
            await host.StopAsync();
        }

        (await database.Versions(unknown)).ShouldBe([1, 2]);
        (await database.Parked(unknown)).ShouldBe([3, 4]);
        (await database.Versions(healthy)).ShouldBe([1, 2]);
        (await database.Source.Ask<string>("select error from parked_events where stream_id = $1 and error is not null", unknown.Id))!
            .ShouldContain("account.renamed.v9");
    }

    [Fact]
    public async Task is_parked_in_the_commit_of_the_checkpoint()
    {
        var id = await database.Opened(13);
        using var host = await database.Host();
        await database.IsRead();
        await host.StopAsync();

        (await database.Source.Ask<bool>(
            "select p.xmin::text = g.xmin::text from parked_events p, mt_event_progression g where p.stream_id = $1 and g.name = p.projection", id.Id))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task is_taken_in_order_when_it_is_tried_again_and_can_be_taken_by_then()
    {
        var (healed, not) = (await database.Opened(1, 13, 2, 3), await database.Opened(1000, 4));
        using var host = await database.Host();
        await database.IsRead();
        (await database.Parked(healed)).ShouldBe([3, 4, 5]);

        (await BalancesDatabase.DaemonOf(host).Retry(Balances.ByDefault)).ShouldBeGreaterThanOrEqualTo(5);
        (await database.Parked(healed)).ShouldBe([3, 4, 5]);
        host.Services.GetRequiredService<Balances>().IsAfraid = false;
        await BalancesDatabase.DaemonOf(host).Retry(Balances.ByDefault);

        (await database.Versions(healed)).ShouldBe([1, 2, 3, 4, 5]);
        (await database.Parked(healed)).ShouldBeEmpty();
        (await database.Parked(not)).ShouldBe([2, 3]);
        (await database.Source.Ask<int>("select attempts from parked_events where stream_id = $1 and error is not null", not.Id)).ShouldBe(3);
        (await database.Source.Ask<int>("select attempts from parked_events where stream_id = $1 and error is null", not.Id)).ShouldBe(0);

        await database.Store.Credit(healed, 5);
        await database.IsRead();
        (await database.Versions(healed)).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task is_not_parked_behind_one_that_was_taken_meanwhile()
    {
        var refused = await Should.ThrowAsync<PostgresException>(() => database.Source.Ask<object>(
            "select ih_park('nobody.v1', '1', 1, gen_random_uuid(), '*DEFAULT*', 'account-1', null, now())"));

        refused.SqlState.ShouldBe("IH003");
    }

    [Fact]
    public async Task waits_for_the_commit_that_tries_it_again()
    {
        var id = await database.Opened(13);
        using var host = await database.Host(new NeverPolls());
        await database.IsRead();
        await database.Store.Credit(id, 1);
        await using var retrying = await database.Source.Source.OpenConnectionAsync();
        await using var transaction = await retrying.BeginTransactionAsync();
        // What Retry does first, and then, and as its last.
        await new NpgsqlCommand($"select from mt_event_progression where name = '{Balances.ByDefault}' for update", retrying).ExecuteNonQueryAsync();
        host.Services.GetRequiredService<EventSignal>().Raise([id.Id]);
        await retrying.IsWaitedFor(database.Store);
        await new NpgsqlCommand($"update balances set versions = versions || 2::bigint where id = '{id}'", retrying).ExecuteNonQueryAsync();
        await new NpgsqlCommand($"delete from parked_events where stream_id = '{id}'", retrying).ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await database.IsRead();

        (await database.Versions(id)).ShouldBe([1, 2, 3]);
        (await database.Parked(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task is_none_while_the_database_is_to_blame()
    {
        await database.Source.Ask<object>("alter table balances rename to balances_away");
        var id = await database.Opened(1, 2);
        var before = await database.Source.Ask<long>("select count(*) from parked_events");
        using var host = await database.Host();
        var projection = host.Services.GetRequiredService<Balances>();

        // Tried once, tried apart, and a third time.
        await Eventually.Is(() => projection.Projected >= 9, "three attempts at three events");
        (await database.Source.Ask<long>("select count(*) from parked_events")).ShouldBe(before);
        await database.Source.Ask<object>("alter table balances_away rename to balances");
        await database.IsRead();

        (await database.Versions(id)).ShouldBe([1, 2, 3]);
    }
}
