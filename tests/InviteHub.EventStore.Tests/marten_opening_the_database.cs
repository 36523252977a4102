using Npgsql;
using NpgsqlTypes;

namespace InviteHub.EventStore.Tests;

/// <summary>
/// The statements that Marten sends in Rich mode with string streams, conjoined tenants and the metadata columns on, as its source
/// composes them: 9.29 (<c>PostgresEventStoreDialect</c>) and 8.17 (<c>EventDocumentStorageGenerator</c>), which knows no bdata.
/// </summary>
public sealed class marten_opening_the_database(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const string Tenant = "0198c2aa-0000-7000-8000-000000000000";
    private const string InsertStream = "insert into public.mt_streams (tenant_id, id, type, version) values ($1,$2,$3,$4)";
    private const string UpdateStream = "update public.mt_streams set version = $1 where id = $2 and version = $3 and tenant_id = $4 returning version";

    public static TheoryData<int> Majors => [8, 9];

    [Theory, MemberData(nameof(Majors))]
    public async Task starts_a_stream_and_appends_to_it_and_we_read_verify_and_go_on(int major)
    {
        var id = StoreDatabase.NewStream() with { TenantId = Tenant };
        var start = await database.End();

        await Start(major, id, 1, 2);
        await Append(major, id, 3);

        var events = await database.Session().FetchStream(id);
        events.Select(e => (e.Version, e.Data)).ShouldBe([(1, new AccountEvent.Credited(1)), (2, new AccountEvent.Credited(2)), (3, new AccountEvent.Credited(3))]);
        events[0].Metadata.CorrelationId.ShouldBe("correlation");
        events[0].Metadata.Header("user_id").ShouldBe("7");
        (await database.Settled(start)).Where(e => e.Stream == id).Select(e => e.Version).ShouldBe([1, 2, 3]);
        (await database.Store.Verify(id)).ShouldBeNull();
        await database.Credit(id, 4);
        (await database.Store.Verify(id)).ShouldBeNull();
        await Append(major, id, 5);
        (await database.Session().AggregateStream<Account, AccountEvent>(id))!.Balance.ShouldBe(15);
        (await database.Store.Verify(id)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task reads_a_stream_of_ours_in_the_order_of_its_versions(int major)
    {
        var id = await database.Opened(1, 2);

        // The column that Marten reads without looking whether it is null, beside those that its readers skip when they are.
        await using var command = database.Source.CreateCommand(
            $"""
            select data, type, mt_dotnet_type{(major == 9 ? ", bdata" : "")}, seq_id, id, stream_id, version, timestamp, tenant_id, correlation_id, causation_id, headers, is_archived
            from public.mt_events as d WHERE (d.is_archived = FALSE and d.tenant_id = $1 and d.stream_id = $2) ORDER BY d.seq_id
            """);
        command.Parameters.AddWithValue(id.TenantId);
        command.Parameters.AddWithValue(id.Id);
        await using var reader = await command.ExecuteReaderAsync();
        var seen = new List<(string, long, bool)>();
        while (await reader.ReadAsync())
            seen.Add((await reader.GetFieldValueAsync<string>(1), await reader.GetFieldValueAsync<long>(reader.GetOrdinal("version")), await reader.GetFieldValueAsync<bool>(reader.GetOrdinal("is_archived"))));

        seen.ShouldBe([("account.opened.v1", 1, false), ("account.credited.v1", 2, false), ("account.credited.v1", 3, false)]);
    }

    [Theory]
    [InlineData("select id, version, type, timestamp, created as timestamp, is_archived from public.mt_streams where id = $1 and tenant_id = $2")]
    [InlineData("select id, version, type, timestamp, created, is_archived from public.mt_streams where id = $1 and tenant_id = $2")]
    public async Task reads_the_state_of_a_stream_of_ours(string sql)
    {
        var id = await database.Opened(1, 2);

        await using var command = database.Source.CreateCommand(sql);
        command.Parameters.AddWithValue(id.Id);
        command.Parameters.AddWithValue(id.TenantId);
        await using var reader = await command.ExecuteReaderAsync();
        (await reader.ReadAsync()).ShouldBeTrue();

        (await reader.GetFieldValueAsync<long>(1)).ShouldBe(3);
        (await reader.GetFieldValueAsync<string>(2)).ShouldBe(Account.Category);
        (await reader.GetFieldValueAsync<DateTimeOffset>(3)).ShouldBeGreaterThanOrEqualTo(await reader.GetFieldValueAsync<DateTimeOffset>(4));
        (await reader.GetFieldValueAsync<bool>(5)).ShouldBeFalse();
    }

    [Fact]
    public async Task archives_a_stream_of_ours()
    {
        var id = await database.Opened(1);

        await database.Ask<object>("select public.mt_archive_stream($1, $2)", id.Id, id.TenantId);

        await Should.ThrowAsync<StreamArchivedException>(database.Credit(id, 1));
    }

    [Fact]
    public async Task leaves_tombstones_where_an_append_failed_and_they_disturb_nobody()
    {
        var start = await database.End();
        for (var failures = 0; failures < 2; failures++)
        {
            var sequence = (await NextSequences(1))[0];
            await database.Ask<object>(
                """
                insert into public.mt_streams (id, tenant_id, version, is_archived)
                values ($1, $2, 0, false)
                ON CONFLICT (id, tenant_id)
                DO NOTHING
                """, "mt_tombstone", Tenant);
            await using var batch = database.Source.CreateBatch();
            batch.BatchCommands.Add(InsertEvent(9, new StreamId("mt_tombstone", Tenant), version: sequence, sequence, "tombstone", "{}"));
            await batch.ExecuteNonQueryAsync();
        }

        var id = await database.Opened();
        (await database.Settled(start)).Select(e => e.Stream).ShouldBe([id]);
        (await database.Store.VerifyAll().ToListAsync()).SelectMany(p => p.Broken).ShouldBeEmpty();

        await database.Ask<object>("update mt_events set type = 'tombstone' where stream_id = $1", id.Id);
        (await database.Store.Verify(id)).ShouldBe(1, "an event of ours is none");
    }

    private async Task Start(int major, StreamId id, params int[] amounts)
    {
        var sequences = await NextSequences(amounts.Length);
        await using var batch = database.Source.CreateBatch();
        var stream = new NpgsqlBatchCommand(InsertStream);
        stream.Parameters.Add(new() { Value = id.TenantId, NpgsqlDbType = NpgsqlDbType.Varchar });
        stream.Parameters.Add(new() { Value = id.Id, NpgsqlDbType = NpgsqlDbType.Varchar });
        stream.Parameters.Add(new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        stream.Parameters.Add(new() { Value = (long)amounts.Length, NpgsqlDbType = NpgsqlDbType.Bigint });
        batch.BatchCommands.Add(stream);
        for (var n = 0; n < amounts.Length; n++)
            batch.BatchCommands.Add(InsertEvent(major, id, n + 1, sequences[n], "account.credited.v1", $$"""{"amount": {{amounts[n]}}}"""));
        await batch.ExecuteNonQueryAsync();
    }

    private async Task Append(int major, StreamId id, int amount)
    {
        var sequences = await NextSequences(1);
        var version = await database.Ask<long>("select version from mt_streams where id = $1", id.Id) + 1;
        await using var batch = database.Source.CreateBatch();
        var stream = new NpgsqlBatchCommand(UpdateStream);
        stream.Parameters.Add(new() { Value = version, NpgsqlDbType = NpgsqlDbType.Bigint });
        stream.Parameters.Add(new() { Value = id.Id, NpgsqlDbType = NpgsqlDbType.Varchar });
        stream.Parameters.Add(new() { Value = version - 1, NpgsqlDbType = NpgsqlDbType.Bigint });
        stream.Parameters.Add(new() { Value = id.TenantId, NpgsqlDbType = NpgsqlDbType.Varchar });
        batch.BatchCommands.Add(stream);
        batch.BatchCommands.Add(InsertEvent(major, id, version, sequences[0], "account.credited.v1", $$"""{"amount": {{amount}}}"""));
        await batch.ExecuteNonQueryAsync();
        (stream.RecordsAffected == 1).ShouldBeTrue("Marten takes none for a conflict");
    }

    private static NpgsqlBatchCommand InsertEvent(int major, StreamId id, long version, long sequence, string type, string data)
    {
        var command = new NpgsqlBatchCommand(major == 9
            ? """
              insert into public.mt_events (data, type, mt_dotnet_type, bdata, id, stream_id, version, timestamp, tenant_id, correlation_id, causation_id, headers, seq_id)
              values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)
              """
            : """
              insert into public.mt_events (data, type, mt_dotnet_type, id, stream_id, version, timestamp, tenant_id, correlation_id, causation_id, headers, seq_id)
              values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)
              """);
        command.Parameters.Add(new() { Value = data, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = type, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = "Sample.Credited, Sample", NpgsqlDbType = NpgsqlDbType.Varchar });
        if (major == 9)
            command.Parameters.Add(new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = id.Id, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = version, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = TimeProvider.System.GetUtcNow(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = id.TenantId, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = "correlation", NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = """{"user_id": 7}""", NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = sequence, NpgsqlDbType = NpgsqlDbType.Bigint });
        return command;
    }

    // In a round trip of its own, before Marten's transaction begins.
    private async Task<long[]> NextSequences(int count)
    {
        await using var command = database.Source.CreateCommand($"select nextval('public.mt_events_sequence') from generate_series(1,{count})");
        await using var reader = await command.ExecuteReaderAsync();
        var taken = new List<long>();
        while (await reader.ReadAsync())
            taken.Add(reader.GetInt64(0));
        return [.. taken];
    }
}
