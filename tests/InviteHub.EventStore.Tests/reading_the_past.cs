using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.EventStore.Tests;

/// <summary>Any stream at any version or instant.</summary>
public sealed class reading_a_stream_as_it_was(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact, Trait("Feature", "LOG-02")]
    public async Task gives_the_state_at_each_version_and_each_instant()
    {
        var clock = new FakeClock();
        await using var process = database.AnotherProcess(clock);
        var store = process.GetRequiredService<PostgresEventStore>();
        var id = StoreDatabase.NewStream();
        for (var n = 0; n < 4; n++)
        {
            await database.Credit(id, 1, store);
            clock.Advance(TimeSpan.FromHours(1));
        }

        var (session, start) = (store.OpenSession(), new FakeClock().GetUtcNow());
        for (var n = 1; n <= 4; n++)
        {
            (await session.AggregateStream<Account, AccountEvent>(id, version: n))!.Balance.ShouldBe(n);
            (await session.AggregateStream<Account, AccountEvent>(id, timestamp: start.AddHours(n - 1)))!.Balance.ShouldBe(n);
            (await session.AggregateStream<Account, AccountEvent>(id, timestamp: start.AddHours(n).AddMicroseconds(-1)))!.Balance.ShouldBe(n);
        }

        (await session.AggregateStream<Account, AccountEvent>(id, timestamp: start.AddMicroseconds(-1))).ShouldBeNull();
        (await session.AggregateStream<Account, AccountEvent>(id, version: 0)).ShouldBeNull();
        (await session.AggregateStream<Account, AccountEvent>(StoreDatabase.NewStream())).ShouldBeNull();
    }

    [Fact, Trait("Feature", "LOG-02")]
    public async Task takes_the_instant_in_any_offset()
    {
        var id = await database.Opened(1);
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToOffset(TimeSpan.FromHours(5));

        (await database.Session().AggregateStream<Account, AccountEvent>(id, timestamp: tomorrow))!.Balance.ShouldBe(1);
        (await database.Session().AggregateStream<Account, AccountEvent>(id, timestamp: tomorrow.AddDays(-2))).ShouldBeNull();
    }

    [Fact, Trait("Feature", "LOG-02")]
    public async Task gives_a_state_that_once_was_although_a_later_writers_clock_was_behind()
    {
        var (ahead, behind) = (new FakeClock(), new FakeClock(new FakeClock().GetUtcNow().AddMinutes(-1)));
        await using var first = database.AnotherProcess(ahead);
        await using var second = database.AnotherProcess(behind);
        var id = StoreDatabase.NewStream();
        var session = first.GetRequiredService<PostgresEventStore>().OpenSession();
        session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        await session.SaveChanges();
        await database.Credit(id, 1, second.GetRequiredService<PostgresEventStore>());

        // At this instant the second event says that it was there, and the first one that it was not.
        (await database.Session().AggregateStream<Account, AccountEvent>(id, timestamp: behind.GetUtcNow())).ShouldBeNull();
        (await database.Session().AggregateStream<Account, AccountEvent>(id, timestamp: ahead.GetUtcNow()))!.Balance.ShouldBe(1);
    }

    [Fact]
    public async Task gives_instants_in_utc_with_microseconds()
    {
        var id = await database.Opened();

        var stored = (await database.Session().FetchStream(id)).Single().Timestamp;

        (stored.Ticks % TimeSpan.TicksPerMicrosecond).ShouldBe(0);
        stored.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task gives_back_who_caused_an_event_and_through_what()
    {
        var id = StoreDatabase.NewStream();
        var session = database.Store.OpenSession(new("the invitation", "the request",
            new Dictionary<string, string>(StringComparer.Ordinal) { [EventMetadata.UserId] = "user-1" }));
        session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.Opened(database.NextNumber()));
        await session.SaveChanges();

        var metadata = (await database.Session().FetchStream(id)).Single().Metadata;

        metadata.CorrelationId.ShouldBe("the invitation");
        metadata.CausationId.ShouldBe("the request");
        metadata.Header(EventMetadata.UserId).ShouldBe("user-1");
    }
}
