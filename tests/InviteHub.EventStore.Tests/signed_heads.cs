using System.Security.Cryptography;
using InviteHub.EventStore.Audit;
using InviteHub.EventStore.PersonalData;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 7, where the chain itself was made right again. A stream of four events whose head was signed.</summary>
public sealed class rewriting_a_stream_and_all_its_hashes : IAsyncLifetime
{
    private readonly SignedDatabase _database = new();

    [Fact, Trait("Feature", "LOG-03")]
    public async Task is_found_by_the_signed_head_alone_when_its_tail_is_cut_off()
    {
        var id = await _database.Opened(1, 2, 3);
        await _database.Heads.SignToday();

        await Rewrite(id, "{\"amount\": 900}");
        await _database.Ask<object>("delete from mt_events where stream_id = $1 and version = 4", id.Id);
        await _database.Ask<object>("update mt_streams set version = 3 where id = $1", id.Id);

        (await _database.Store.Verify(id)).ShouldBeNull("the chain holds");
        (await _database.Findings()).ShouldBe([new(SignedDatabase.FirstDay, id, 4)]);
    }

    [Fact, Trait("Feature", "LOG-03")]
    public async Task is_found_when_it_has_grown_again_since_then_and_was_signed_again()
    {
        var id = await _database.Opened(1, 2, 3);
        await _database.Heads.SignToday();
        await Rewrite(id, "{\"amount\": 900}");
        await _database.Credit(id, 4);
        _database.Clock.Advance(TimeSpan.FromDays(1));
        await _database.Heads.SignToday();

        (await _database.Store.Verify(id)).ShouldBeNull("the chain holds");
        (await _database.Findings()).ShouldBe([new(SignedDatabase.FirstDay, id, 4)]);
    }

    [Fact]
    public async Task is_told_from_growing_archiving_and_forgetting()
    {
        var named = await _database.Named("person-signed", "Covered as ciphertext");
        var id = await _database.Opened(1);
        for (var day = 0; day < 3; day++)
        {
            (await _database.Heads.SignToday()).ShouldBeTrue();
            (await _database.Heads.SignToday()).ShouldBeFalse("the day is signed");
            await _database.Credit(id, 1);
            _database.Clock.Advance(TimeSpan.FromDays(1));
        }

        await _database.Services!.GetRequiredService<SubjectKeys>().Forget("person-signed");
        var session = _database.Session();
        session.ArchiveStream(named);
        await session.SaveChanges();

        (await _database.Findings()).ShouldBeEmpty();
        (await _database.Ask<string>("select string_agg(heads::text, ' ' order by day) from audit.signed_heads")).ShouldBe("2 1 1");
    }

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    private async Task Rewrite(StreamId id, string second)
    {
        await _database.Ask<object>("update mt_events set data = $2::jsonb where stream_id = $1 and version = 2", id.Id, second);
        await _database.Ask<object>("update mt_events set hash = null where stream_id = $1 and version >= 2", id.Id);
        await _database.Ask<object>("select ih_link('*DEFAULT*', $1, 100)", id.Id);
    }
}

/// <summary>Somebody with the rights to do so changes what was signed, on three days.</summary>
public sealed class tampering_with_the_signed_heads : IAsyncLifetime
{
    private readonly SignedDatabase _database = new();

    [Theory, Trait("Feature", "LOG-03")]
    [InlineData("update audit.signed_heads set digest = sha256('') where day = '2030-01-02'", 1)]
    [InlineData("update audit.signed_heads set heads = 0 where day = '2030-01-02'", 1)]
    [InlineData("update audit.signed_heads set day = '2030-01-04' where day = '2030-01-02'", 2)]
    [InlineData("delete from audit.signed_heads where day = '2030-01-02'", 2)]
    [InlineData("delete from audit.stream_heads where day = '2030-01-02'", 1)]
    [InlineData("update audit.stream_heads set version = 4, hash = (select e.hash from mt_events e where e.version = 4) where day = '2030-01-02'", 1)]
    public async Task is_found(string blow, int dayOfFirstFinding)
    {
        await SignThreeDays();
        (await _database.Findings()).ShouldBeEmpty();

        await _database.Ask<object>("alter table audit.signed_heads disable trigger all");
        await _database.Ask<object>("alter table audit.stream_heads disable trigger all");
        await _database.Ask<object>(blow);

        (await _database.Findings())[0].Day.ShouldBe(SignedDatabase.FirstDay.AddDays(dayOfFirstFinding));
    }

    [Fact, Trait("Feature", "LOG-03")]
    public async Task is_found_when_it_is_signed_by_another_key()
    {
        await SignThreeDays();
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var findings = await _database.Heads.Verify(another.ExportSubjectPublicKeyInfoPem()).ToListAsync();

        findings.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("update audit.signed_heads set heads = 1")]
    [InlineData("delete from audit.signed_heads")]
    [InlineData("truncate audit.signed_heads")]
    [InlineData("update audit.stream_heads set version = 1")]
    [InlineData("delete from audit.stream_heads")]
    [InlineData("truncate audit.stream_heads")]
    public async Task is_refused_to_who_only_writes(string blow)
    {
        await SignThreeDays();

        (await Should.ThrowAsync<PostgresException>(_database.Ask<object>(blow))).MessageText.ShouldContain("only ever added to");
    }

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    private async Task SignThreeDays()
    {
        var id = await _database.Opened();
        for (var day = 0; day < 3; day++)
        {
            (await _database.Heads.SignToday()).ShouldBeTrue();
            await _database.Credit(id, 1);
            _database.Clock.Advance(TimeSpan.FromDays(1));
        }
    }
}

/// <summary>Who signs, with what, and when.</summary>
public sealed class signing_the_heads : IAsyncLifetime
{
    private readonly SignedDatabase _database = new();

    [Fact]
    public async Task happens_once_when_two_instances_begin_the_day_together()
    {
        await _database.Opened(1);
        await using var holder = await _database.Source.OpenConnectionAsync();
        await using var held = await holder.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock(730, hashtext('audit.signed_heads'))", holder))
            await take.ExecuteNonQueryAsync();

        var both = Task.WhenAll(_database.Heads.SignToday(), _database.AnotherInstance().SignToday());
        await holder.IsWaitedFor(_database, by: 2);
        await held.CommitAsync();

        (await both).Order().ShouldBe([false, true]);
        (await _database.Ask<long>("select count(*) from audit.signed_heads")).ShouldBe(1);
        (await _database.Findings()).ShouldBeEmpty();
    }

    [Fact]
    public async Task goes_on_with_the_same_key_when_the_master_key_was_rotated()
    {
        await _database.Heads.SignToday();
        var before = await _database.Heads.PublicKey();

        var rotated = new MasterKey("the next master key of the tests, long enough", "the master key of the tests, long enough");
        (await new SubjectKeys(_database.Source, rotated, _database.Clock).Rewrap()).ShouldBe(1);
        var after = new SignedHeads(_database.Source, new MasterKey("the next master key of the tests, long enough"), _database.Clock);
        _database.Clock.Advance(TimeSpan.FromDays(1));
        await after.SignToday();

        (await after.PublicKey()).ShouldBe(before);
        (await _database.RowsWith("PRIVATE KEY")).ShouldBeEmpty();
        (await after.Verify(before).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task happens_at_the_start_and_when_the_next_day_begins()
    {
        await _database.Opened(1);
        using var host = await _database.Host(clock: _database.Clock);
        await Eventually.Is(() => HasSigned(1), "it signed at the start");
        await _database.Opened(1);

        await Eventually.Is(() =>
        {
            _database.Clock.Advance(TimeSpan.FromHours(1));
            return HasSigned(2);
        }, "it signed the next day");

        (await _database.Findings()).ShouldBeEmpty();
    }

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    private async Task<bool> HasSigned(int days) => await _database.Ask<long>("select count(*) from audit.signed_heads") >= days;
}

/// <summary>A store whose heads are signed by a clock of its own.</summary>
internal sealed class SignedDatabase : StoreDatabase
{
    public static DateOnly FirstDay { get; } = new(2030, 1, 1);

    public FakeClock Clock { get; } = new();

    public SignedHeads Heads { get; private set; } = null!;

    public SignedHeads AnotherInstance() => new(Source, new MasterKey("the master key of the tests, long enough"), Clock);

    /// <summary>What somebody finds who has nothing but the public key.</summary>
    public async Task<IReadOnlyList<HeadFinding>> Findings() => await Heads.Verify(await Heads.PublicKey()).ToListAsync();

    protected override async Task Prepare()
    {
        await base.Prepare();
        Heads = AnotherInstance();
    }
}
