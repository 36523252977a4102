using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InviteHub.EventStore.PersonalData;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 7. Somebody with the rights to do so changes a stream of five events by hand.</summary>
public sealed class tampering_with_a_stream(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    public static TheoryData<string, long> Blows => new()
    {
        { "update mt_events set data = '{\"amount\": 900}' where stream_id = $1 and version = 3", 3 },
        { "update mt_events set data = data || '{\"more\": null}' where stream_id = $1 and version = 5", 5 },
        { "update mt_events set type = 'account.debited.v1' where stream_id = $1 and version = 2", 2 },
        { "update mt_events set timestamp = timestamp + interval '1 microsecond' where stream_id = $1 and version = 4", 4 },
        { "update mt_events set id = gen_random_uuid() where stream_id = $1 and version = 1", 1 },
        { "update mt_events set correlation_id = 'somebody else' where stream_id = $1 and version = 2", 2 },
        { "update mt_events set causation_id = null where stream_id = $1 and version = 2", 2 },
        { "update mt_events set causation_id = '' where stream_id = $1 and version = 2", 2 },
        { "update mt_events set headers = headers || '{\"user_id\": \"somebody else\"}' where stream_id = $1 and version = 2", 2 },
        { "update mt_events set headers = null where stream_id = $1 and version = 3", 3 },
        // The border between two fields is moved to another line break.
        {
            """
            update mt_events set correlation_id = correlation_id || E'\n' || split_part(causation_id, E'\n', 1), causation_id = split_part(causation_id, E'\n', 2)
            where stream_id = $1 and version = 2
            """, 2
        },
        { "update mt_events set hash = null where stream_id = $1 and version = 4", 4 },
        // With its own hash made right again, it is the next one that does not follow.
        {
            """
            with changed as (
                update mt_events e set data = '{"amount": 900}', hash = ih_event_hash(
                    (select p.hash from mt_events p where p.stream_id = e.stream_id and p.version = 2), tenant_id, stream_id, version, id, type,
                    timestamp, correlation_id, causation_id, headers, '{"amount": 900}')
                where stream_id = $1 and version = 3 returning 1)
            select * from changed
            """, 4
        },
        { "delete from mt_events where stream_id = $1 and version = 3", 4 },
        { "delete from mt_events where stream_id = $1 and version = 1", 2 },
        { "delete from mt_events where stream_id = $1 and version = 5", 5 },
        { "delete from mt_events where stream_id = $1", 5 },
        { "delete from mt_streams where id = $1", 1 },
        { "update mt_events set version = case version when 2 then 103 when 3 then 102 else version end where stream_id = $1", 4 },
        {
            """
            with swapped as (
                update mt_events e set data = o.data, id = o.id from mt_events o
                where e.stream_id = $1 and o.stream_id = $1 and e.version in (2, 3) and o.version = 5 - e.version returning 1)
            select * from swapped
            """, 2
        },
        { "insert into mt_events (id, stream_id, version, data, type) values (gen_random_uuid(), $1, 6, '{\"amount\": 6}', 'account.credited.v1')", 5 },
        { "update mt_streams set version = 4 where id = $1", 4 },
        { "update mt_streams set version = null where id = $1", 0 },
    };

    [Theory, Trait("Feature", "LOG-03")]
    [MemberData(nameof(Blows))]
    public async Task is_found(string blow, long at)
    {
        var id = await Stream();
        (await database.Store.Verify(id)).ShouldBeNull();

        await database.Ask<object>(blow, id.Id);

        (await database.Store.Verify(id)).ShouldBe(at);
    }

    [Fact, Trait("Feature", "LOG-03")]
    public async Task is_found_when_an_event_is_put_in_and_the_later_ones_are_moved_up()
    {
        var id = await Stream();
        await database.Ask<object>("update mt_events set version = version + 100 where stream_id = $1 and version >= 3", id.Id);
        await database.Ask<object>("update mt_events set version = version - 99 where stream_id = $1 and version >= 103", id.Id);
        await database.Ask<object>(
            "insert into mt_events (id, stream_id, version, data, type) values (gen_random_uuid(), $1, 3, '{\"amount\": 3}', 'account.credited.v1')", id.Id);
        await database.Ask<object>("update mt_streams set version = 6 where id = $1", id.Id);

        // Put in without a hash, it is linked as Marten's are: what stood there before does not follow it.
        (await database.Store.Verify(id)).ShouldBe(4);
    }

    [Fact, Trait("Feature", "LOG-03")]
    public async Task is_told_from_forgetting_a_subject_which_leaves_the_chain_whole()
    {
        var id = await database.Named("person-chain", "Covered as ciphertext");
        await database.Credit(id, 1);

        await database.Services!.GetRequiredService<SubjectKeys>().Forget("person-chain");

        (await database.OwnerOf(id)).ShouldBe(PersonalDataAttribute.Erased);
        (await database.Store.Verify(id)).ShouldBeNull();
        await database.Credit(id, 1);
        (await database.Store.Verify(id)).ShouldBeNull();
    }

    private async Task<StreamId> Stream()
    {
        var id = StoreDatabase.NewStream();
        for (var n = 1; n <= 5; n++)
        {
            var session = database.Store.OpenSession(new("correlation", $"causation\n{n}",
                new Dictionary<string, string>(StringComparer.Ordinal) { [EventMetadata.UserId] = "user-1" }));
            (await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(new AccountEvent.Credited(n));
            await session.SaveChanges();
        }

        return id;
    }
}

/// <summary>Promise 7. The documented format, computed by somebody who has only the stored rows.</summary>
public sealed class computing_the_hash_without_the_store(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact, Trait("Feature", "LOG-03")]
    public async Task gives_what_is_stored()
    {
        var id = StoreDatabase.NewStream() with { TenantId = "0198c2aa-0000-7000-8000-000000000000" };
        await Append(id, new(), new AccountEvent.Opened(database.NextNumber()));
        await Append(id, new("what belongs together", "what led to it",
                new Dictionary<string, string>(StringComparer.Ordinal) { ["user_id"] = "Zoë", ["a"] = "b" }),
            new AccountEvent.OwnerNamed("person-hash", "Grace"));

        var previous = Array.Empty<byte>();
        await using var command = database.Source.CreateCommand(
            """
            select tenant_id, stream_id, version, id, type, timestamp, correlation_id, causation_id, headers::text, data::text, hash
            from mt_events where stream_id = $1 order by version
            """);
        command.Parameters.AddWithValue(id.Id);
        await using var reader = await command.ExecuteReaderAsync();
        var events = 0;
        for (; await reader.ReadAsync(); events++)
        {
            var instant = (reader.GetFieldValue<DateTimeOffset>(5) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            var text = string.Join('\n',
                $"\"{reader.GetString(0)}\"", $"\"{reader.GetString(1)}\"", reader.GetInt64(2).ToString(CultureInfo.InvariantCulture),
                reader.GetGuid(3).ToString(), $"\"{reader.GetString(4)}\"", instant.ToString(CultureInfo.InvariantCulture),
                reader.IsDBNull(6) ? "" : $"\"{reader.GetString(6)}\"", reader.IsDBNull(7) ? "" : $"\"{reader.GetString(7)}\"",
                reader.IsDBNull(8) ? "" : reader.GetString(8), reader.GetString(9));
            previous = SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(text)]);
            previous.ShouldBe(reader.GetFieldValue<byte[]>(10));
        }

        events.ShouldBe(2);
    }

    private async Task Append(StreamId id, EventMetadata metadata, AccountEvent happened)
    {
        var session = database.Store.OpenSession(metadata);
        (await session.FetchForWriting<Account, AccountEvent>(id)).AppendOne(happened);
        await session.SaveChanges();
    }
}

/// <summary>Marten's own inserts, with its columns alone.</summary>
public sealed class events_that_marten_appended(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task are_read_by_readers_and_linked_at_once()
    {
        var id = StoreDatabase.NewStream();
        var start = await database.End();
        await MartenStarts(id);
        await MartenAppends(id, 2);

        var events = await database.Session().FetchStream(id);
        events.Select(e => e.Data).ShouldBe([new AccountEvent.Credited(1), new AccountEvent.Credited(2)]);
        events[0].Metadata.Header("attempt").ShouldBe("3");
        (await database.Settled(start)).Select(e => e.Version).ShouldBe([1, 2]);
        (await database.Store.Verify(id)).ShouldBeNull();
        (await database.Ask<long>("select count(*) from mt_events where stream_id = $1 and hash is null", id.Id)).ShouldBe(0);

        await database.Credit(id, 10);

        (await database.Store.Verify(id)).ShouldBeNull();
        await database.Ask<object>("update mt_events set data = '{\"amount\": 5}' where stream_id = $1 and version = 1", id.Id);
        (await database.Store.Verify(id)).ShouldBe(1);
    }

    [Fact]
    public async Task are_linked_with_those_before_them_that_came_when_nothing_linked_them()
    {
        var id = await database.Opened(1, 2);
        await database.Ask<object>("update mt_events set hash = null where stream_id = $1", id.Id);

        await MartenAppends(id, 4);

        (await database.Store.Verify(id)).ShouldBeNull();
    }

    [Fact]
    public async Task are_linked_and_read_behind_what_they_follow_when_their_transaction_began_before_it()
    {
        var start = await database.End();
        await using var marten = await database.Source.OpenConnectionAsync();
        await using var early = await marten.BeginTransactionAsync();
        await using (var takesItsId = new NpgsqlCommand("select pg_current_xact_id()", marten))
            await takesItsId.ExecuteNonQueryAsync();
        var id = await database.Opened(1);

        await MartenAppends(id, 3, marten);
        await early.CommitAsync();

        (await database.Store.Verify(id)).ShouldBeNull();
        (await database.Settled(start)).Where(e => e.Stream == id).Select(e => e.Version).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task are_named_when_they_follow_nothing()
    {
        var id = await database.Opened();
        await MartenAppends(id, 7);

        (await database.Store.Verify(id)).ShouldBe(1, "the stream's row knows of one event");
    }

    [Fact]
    public async Task are_linked_behind_ours()
    {
        var id = await database.Opened(1);
        await MartenAppends(id, 3);

        await database.Credit(id, 10);

        (await database.Store.Verify(id)).ShouldBeNull();
        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(14);
    }

    [Fact]
    public async Task conflict_with_ours_when_both_expect_one_version()
    {
        var id = await database.Opened();
        await using var marten = await database.Source.OpenConnectionAsync();
        await using var open = await marten.BeginTransactionAsync();
        await MartenAppends(id, 2, marten);

        var ours = database.Credit(id, 1);
        await marten.IsWaitedFor(database);
        await open.CommitAsync();

        await Should.ThrowAsync<ConcurrencyConflictException>(ours);
    }

    private async Task MartenStarts(StreamId id)
    {
        await database.Ask<object>("insert into mt_streams (id, type, version, tenant_id) values ($1, 'account', 1, '*DEFAULT*')", id.Id);
        await database.Ask<object>(
            """
            insert into mt_events (data, type, mt_dotnet_type, seq_id, id, stream_id, version, timestamp, tenant_id, correlation_id, causation_id, headers)
            values ('{"amount": 1}', 'account.credited.v1', 'Sample.Credited, Sample', nextval('mt_events_sequence'), gen_random_uuid(), $1, 1, now(),
                    '*DEFAULT*', null, null, '{"attempt": 3, "nested": {"a": 1}}')
            """, id.Id);
    }

    private async Task MartenAppends(StreamId id, int version, NpgsqlConnection? within = null)
    {
        await using var connection = within is null ? await database.Source.OpenConnectionAsync() : null;
        await using var batch = new NpgsqlBatch(within ?? connection);
        batch.BatchCommands.Add(new("update mt_streams set version = $2 where id = $1 and version = $2 - 1 and tenant_id = '*DEFAULT*'"));
        batch.BatchCommands.Add(new(
            """
            insert into mt_events (data, type, mt_dotnet_type, seq_id, id, stream_id, version, timestamp, tenant_id)
            values (jsonb_build_object('amount', $2), 'account.credited.v1', 'Sample.Credited, Sample', nextval('mt_events_sequence'),
                    gen_random_uuid(), $1, $2, now(), '*DEFAULT*')
            """));
        foreach (var command in batch.BatchCommands.Cast<NpgsqlBatchCommand>())
        {
            command.Parameters.AddWithValue(id.Id);
            command.Parameters.AddWithValue(version);
        }

        await batch.ExecuteNonQueryAsync();
    }
}
