using FsCheck;
using FsCheck.Fluent;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 10. Every fifth event of a tally leaves a snapshot.</summary>
public sealed class snapshots_of_a_long_stream(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task are_written_with_the_events_and_save_reading_what_is_before_them()
    {
        var id = Tally.NewStream();
        await Add(id, 1, 2, 3);
        (await SnapshotsOf(id)).ShouldBe("");
        await Add(id, 4, 5, 6);
        (await SnapshotsOf(id)).ShouldBe("6");

        // Only who reads the first event sees that nobody can read it any more.
        await database.Ask<object>("update mt_events set type = 'tally.unknown.v1' where stream_id = $1 and version = 1", id.Id);

        (await Now(id)).ShouldBe(new Tally(6, "123456"));
        await Add(id, 7);
        (await Now(id)).ShouldBe(new Tally(7, "1234567"));
        await Should.ThrowAsync<UnknownEventTypeException>(database.FreshSession().AggregateStream<Tally, TallyEvent>(id, version: 7));
    }

    [Fact]
    public async Task come_further_apart_the_longer_the_stream_is()
    {
        var id = Tally.NewStream();
        var written = new List<string?>();
        for (var n = 1; n <= 180; n++)
        {
            await Add(id, 1);
            written.Add(await SnapshotsOf(id));
        }

        // Every fifth; from 80 on every tenth, and from 160 on every twentieth.
        written.Where(at => at?.Length > 0).Distinct().Select(at => int.Parse(at!, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe([.. Enumerable.Range(1, 15).Select(n => n * 5), .. Enumerable.Range(8, 8).Select(n => n * 10), 160, 180]);
        (await Now(id))!.Count.ShouldBe(180);
    }

    [Fact]
    public async Task are_undone_with_a_commit_that_fails()
    {
        var id = Tally.NewStream();
        await Add(id, 1);
        var session = database.FreshSession();
        (await session.FetchForWriting<Tally, TallyEvent>(id)).AppendMany(Enumerable.Repeat(new TallyEvent.Added(2), 9));
        await Add(id, 3);

        await Should.ThrowAsync<ConcurrencyConflictException>(session.SaveChanges());

        (await SnapshotsOf(id)).ShouldBe("");
    }

    [Fact]
    public async Task are_not_used_for_the_past()
    {
        var id = Tally.NewStream();
        await Add(id, [.. Enumerable.Range(1, 12)]);

        (await database.FreshSession().AggregateStream<Tally, TallyEvent>(id, version: 3)).ShouldBe(new Tally(3, "123"));
    }

    [Fact]
    public void change_nothing_whatever_becomes_of_them() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(Step.All.ListOf().ToArbitrary(), steps => IsUnchangedBy(steps).GetAwaiter().GetResult()));

    private async Task IsUnchangedBy(IEnumerable<Step> steps)
    {
        var (id, another) = (Tally.NewStream(), Tally.NewStream());
        await Add(another, 9, 9, 9, 9, 9);
        var (expected, older) = (Tally.Initial, 0L);
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Append(var amounts):
                    await Add(id, amounts);
                    expected = amounts.Aggregate(expected, (state, amount) => state.Apply(new TallyEvent.Added(amount)));
                    break;
                case Step.Blow(var sql):
                    await database.Ask<object>(sql, id.Id, another.Id);
                    break;
                case Step.Keep:
                    // As a backup of the cache that is put back later.
                    await database.Ask<object>("delete from kept where stream_id = $1", id.Id);
                    await database.Ask<object>("insert into kept select * from snapshots where stream_id = $1", id.Id);
                    older = 1;
                    break;
                case Step.PutBack when older == 1:
                    await database.Ask<object>("delete from snapshots where stream_id = $1", id.Id);
                    await database.Ask<object>("insert into snapshots select * from kept where stream_id = $1", id.Id);
                    break;
            }

            (await Now(id) ?? Tally.Initial).ShouldBe(expected);
            var stream = await database.FreshSession().FetchForWriting<Tally, TallyEvent>(id);
            (stream.Aggregate, stream.CurrentVersion).ShouldBe((expected, expected.Count));
        }
    }

    private abstract record Step
    {
        public static Gen<Step> All => Gen.Frequency(
            (6, Gen.Choose(0, 99).NonEmptyListOf().Select(Step (amounts) => new Append([.. amounts]))),
            (5, Gen.Elements(Blows).Select(Step (sql) => new Blow(sql))),
            (1, Gen.Constant<Step>(new Keep())),
            (2, Gen.Constant<Step>(new PutBack())));

        private static string[] Blows =>
        [
            "delete from snapshots where stream_id = $1 or stream_id = $2 and false",
            """update snapshots set state = '{"count": 1, "digits": "wrong"}' where stream_id = $1 or stream_id = $2 and false""",
            "update snapshots set state = left(state, length(state) / 2) where stream_id = $1 or stream_id = $2 and false",
            "update snapshots set seal = sha256(seal) where stream_id = $1 or stream_id = $2 and false",
            "update snapshots set version = version + 1 where stream_id = $1 or stream_id = $2 and false",
            "update snapshots set version = version - 1 where stream_id = $1 or stream_id = $2 and false",
            "update snapshots s set (version, state, seal) = (select o.version, o.state, o.seal from snapshots o where o.stream_id = $2) where s.stream_id = $1",
            // The right seal on what cannot be read, is nothing, or is refused.
            .. new[] { """{"count": "one"}""", "null", "{", """{"count": -1}""" }.Select(bad =>
                $"""
                update snapshots s set state = '{bad}', seal = ih_snapshot_seal(e.hash, s.state_type, s.schema_version, '{bad}')
                from mt_events e where s.stream_id = $1 and e.stream_id = s.stream_id and e.version = s.version and $2 <> ''
                """),
            // A former schema's, sealed as such, under its own number and under that of today.
            """
            insert into snapshots select s.tenant_id, s.stream_id, s.state_type, 1, s.version, '{"total": 7}', ih_snapshot_seal(e.hash, s.state_type, 1, '{"total": 7}')
            from snapshots s join mt_events e on e.stream_id = s.stream_id and e.version = s.version
            where s.stream_id = $1 and s.schema_version = 2 and $2 <> '' on conflict do nothing
            """,
            "update snapshots s set state = '{\"total\": 7}', seal = o.seal from snapshots o where s.stream_id = $1 and o.stream_id = $1 and o.schema_version = 1 and s.schema_version = 2 and $2 <> ''",
        ];

        public sealed record Append(int[] Amounts) : Step;

        public sealed record Blow(string Sql) : Step;

        public sealed record Keep : Step;

        public sealed record PutBack : Step;
    }

    private Task<Tally?> Now(StreamId id) => database.FreshSession().AggregateStream<Tally, TallyEvent>(id);

    private async Task Add(StreamId id, params int[] amounts)
    {
        await database.Ask<object>("create table if not exists kept (like snapshots)");
        var session = database.FreshSession();
        (await session.FetchForWriting<Tally, TallyEvent>(id)).AppendMany(amounts.Select(amount => new TallyEvent.Added(amount)));
        await session.SaveChanges();
    }

    private Task<string?> SnapshotsOf(StreamId id) =>
        database.Ask<string>("select coalesce(string_agg(version::text, ' '), '') from snapshots where stream_id = $1", id.Id);
}

public sealed class asking_for_snapshots
{
    [Fact, Trait("Feature", "GDP-03")]
    public void of_a_state_with_personal_data_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new EventTypes().Add<AccountEvent>().Snapshot<Account, AccountEvent>(100, 1))
            .Message.ShouldContain("personal data");

    [Fact]
    public void before_the_catalogue_is_added_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new EventTypes().Snapshot<Tally, TallyEvent>(100, 1));

    [Fact]
    public void twice_for_one_category_is_refused() =>
        Should.Throw<InvalidOperationException>(
            () => new EventTypes().Add<TallyEvent>().Snapshot<Tally, TallyEvent>(100, 1).Snapshot<Tally, TallyEvent>(100, 1));
}

internal abstract record TallyEvent
{
    [EventType("tally.added.v1")]
    internal sealed record Added(int Amount) : TallyEvent;
}

/// <summary>How many were added, and each of them in their order.</summary>
internal sealed record Tally(int Count, string Digits) : IAggregate<Tally, TallyEvent>
{
    public int Count { get; } = Count >= 0 ? Count : throw new ArgumentOutOfRangeException(nameof(Count));

    public static string Category => "tally";

    public static Tally Initial { get; } = new(0, "");

    public static StreamId NewStream() => StreamId.Of(Category, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    public Tally Apply(TallyEvent happened) => happened is TallyEvent.Added(var amount)
        ? new(Count + 1, Digits + amount)
        : throw new InvalidOperationException($"unknown event {happened}");
}
