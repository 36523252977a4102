using Npgsql;

namespace InviteHub.EventStore.Tests;

public sealed class archiving_a_stream(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task commits_with_what_is_appended_before_it_and_refuses_what_comes_later()
    {
        var id = await database.Opened(1);
        var session = database.Session();
        (await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(2));
        session.ArchiveStream(id);
        await session.SaveChanges();

        (await Archived(id)).ShouldBe("stream true, events true true true");
        await Should.ThrowAsync<StreamArchivedException>(database.Credit(id, 3));
        (await database.Store.Verify(id)).ShouldBeNull();
    }

    [Fact]
    public async Task leaves_its_events_to_those_who_ask_for_the_stream_or_tell_others()
    {
        var start = await database.End();
        var id = await database.Opened(1, 2);
        var session = database.Session();
        session.ArchiveStream(id);
        await session.SaveChanges();

        (await database.Settled(start)).Where(e => e.Stream == id).Select(e => e.Version).ShouldBe([1, 2, 3]);
        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(3);
    }

    [Fact]
    public async Task is_undone_with_the_rest_of_its_commit()
    {
        var id = await database.Opened(1);
        var session = database.Session();
        (await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(2));
        session.ArchiveStream(id);
        await database.Credit(id, 5);

        await Should.ThrowAsync<ConcurrencyConflictException>(session.SaveChanges());

        (await Archived(id)).ShouldBe("stream false, events false false false");
    }

    [Fact]
    public async Task refuses_an_append_that_waited_for_it()
    {
        var id = await database.Opened(1);
        await using var archiving = await database.Source.OpenConnectionAsync();
        await using var open = await archiving.BeginTransactionAsync();
        await using (var archive = new NpgsqlCommand($"select mt_archive_stream('{id.Id}', '{id.TenantId}')", archiving))
            await archive.ExecuteNonQueryAsync();

        var credit = database.Credit(id, 2);
        await archiving.IsWaitedFor(database);
        await open.CommitAsync();

        await Should.ThrowAsync<StreamArchivedException>(credit);
    }

    [Fact]
    public async Task takes_in_an_append_that_it_waited_for()
    {
        var id = await database.Opened(1);
        await using var appending = await database.Source.OpenConnectionAsync();
        await using var open = await appending.BeginTransactionAsync();
        await appending.Append(id, expected: 2);

        var session = database.Session();
        session.ArchiveStream(id);
        var archiving = session.SaveChanges();
        await appending.IsWaitedFor(database);
        await open.CommitAsync();
        await archiving;

        (await Archived(id)).ShouldBe("stream true, events true true true");
    }

    private Task<string?> Archived(StreamId id) => database.Ask<string>(
        """
        select format('stream %s, events %s', s.is_archived::text,
            (select string_agg(e.is_archived::text, ' ') from mt_events e where e.stream_id = s.id))
        from mt_streams s where s.id = $1
        """, id.Id);
}

/// <summary>What is written behind the streams is spared the events of those that are archived.</summary>
public sealed class archiving_a_stream_that_is_projected(BalancesDatabase database) : IClassFixture<BalancesDatabase>
{
    [Fact]
    public async Task leaves_its_row_until_a_rebuild_and_its_unread_events_out()
    {
        var seen = await database.Opened(1);
        using (var host = await database.Host())
        {
            await database.IsRead();
            await host.StopAsync();
        }

        var unseen = await database.Opened(1, 2);
        var session = database.Store.Session();
        session.ArchiveStream(seen);
        session.ArchiveStream(unseen);
        await session.SaveChanges();
        var later = await database.Opened(3);

        using var again = await database.Host();
        await database.IsRead();
        (await database.Versions(later)).ShouldBe([1, 2]);
        (await database.Versions(seen)).ShouldBe([1, 2]);
        (await database.Versions(unseen)).ShouldBeEmpty();

        await BalancesDatabase.DaemonOf(again).Rebuild(Balances.ByDefault);
        (await database.Versions(later)).ShouldBe([1, 2]);
        (await database.Versions(seen)).ShouldBeEmpty();
    }
}
