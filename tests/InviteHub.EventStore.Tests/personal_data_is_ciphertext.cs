using FsCheck;
using FsCheck.Fluent;
using InviteHub.EventStore.PersonalData;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 6. Somebody's name, birthday and address in events.</summary>
public sealed class personal_data_in_events(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    internal static readonly DateOnly Birthday = new(1907, 12, 9);

    [Fact, Trait("Feature", "GDP-03")]
    public async Task is_ciphertext_wherever_the_database_is_looked_at_and_clear_when_read()
    {
        var id = await database.Named("person-1", "Canary Greta Hopper");

        foreach (var canary in new[] { "Canary Greta Hopper", "1907-12-09", "Canary Street 7", "Canaryville" })
            (await database.RowsWith(canary)).ShouldBeEmpty();
        (await database.RowsWith("person-1")).ShouldNotBeEmpty("the dump must hold what is not personal, or it proves nothing");
        var named = (AccountEvent.OwnerNamed)(await database.Session().FetchStream(id)).Single().Data;
        named.ShouldBe(new("person-1", "Canary Greta Hopper", Birthday, new("Canary Street 7", "Canaryville")));
    }

    [Fact]
    public void of_any_text_reads_as_it_was_written() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>().Filter(text => text is not null && !text.Any(char.IsSurrogate)),
        text => ReadBack(text).GetAwaiter().GetResult() == text).QuickCheckThrowOnFailure();

    [Fact]
    public async Task is_under_a_key_of_its_subject_that_is_kept_apart_from_the_events()
    {
        await database.Named("person-a", "A");
        await database.Named("person-b", "B");

        var (a, b) = (await Wrapped("person-a"), await Wrapped("person-b"));
        a.ShouldNotBe(b);
        (await database.Ask<long>("select count(*) from information_schema.columns where table_schema = 'public' and column_name like '%key%' and data_type = 'bytea'"))
            .ShouldBe(0);
        var master = new MasterKey("the master key of the tests, long enough");
        master.Unwrap(a, "person-a").Length.ShouldBe(32);
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => master.Unwrap(a, "person-b"));
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => new MasterKey(new string('x', 32)).Unwrap(a, "person-a"));
    }

    [Fact]
    public async Task gets_one_key_however_many_stores_write_of_a_subject_for_the_first_time()
    {
        await using var another = database.AnotherProcess();
        var stores = new[] { database.Store, another.GetRequiredService<PostgresEventStore>() };

        var ids = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(() => database.Named("person-new", $"Name {n}", stores[n % 2]))));

        (await database.Ask<long>("select count(*) from keys.subject_keys where subject = 'person-new'")).ShouldBe(1);
        await using var third = database.AnotherProcess();
        for (var n = 0; n < ids.Length; n++)
            (await database.OwnerOf(ids[n], third.GetRequiredService<PostgresEventStore>())).ShouldBe($"Name {n}");
    }

    [Fact]
    public async Task does_not_decrypt_in_another_event_and_the_chain_says_where()
    {
        var (from, to) = (await database.Named("person-moved", "Mine"), await database.Named("person-moved", "Yours"));

        await database.Ask<object>(
            """
            update mt_events t set data = jsonb_set(t.data, '{name}', f.data -> 'name') from mt_events f
            where t.stream_id = $1 and f.stream_id = $2
            """, to.Id, from.Id);

        (await database.OwnerOf(to)).ShouldBe(PersonalDataAttribute.Erased);
        (await database.Store.Verify(to)).ShouldBe(1);
        (await database.OwnerOf(from)).ShouldBe("Mine");
    }

    [Theory]
    [InlineData("pd1:")]
    [InlineData("pd1:not base64")]
    [InlineData("pd1:AAAA")]
    [InlineData("pd1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public async Task reads_as_a_marker_when_its_ciphertext_is_damaged(string ciphertext)
    {
        var id = await database.Named("person-damaged", "Whole");

        await database.Ask<object>("update mt_events set data = jsonb_set(data, '{name}', to_jsonb($2::text)) where stream_id = $1", id.Id, ciphertext);

        (await database.OwnerOf(id)).ShouldBe(PersonalDataAttribute.Erased);
    }

    [Fact, Trait("Feature", "GDP-03")]
    public async Task stays_readable_while_the_master_key_is_rotated()
    {
        const string Former = "the master key of the tests, long enough";
        const string New = "the next master key of the tests, long enough";
        await using var fresh = new FreshDatabase();
        await fresh.Database.InitializeAsync();
        var id = await fresh.Database.Named("person-rotated", "Unchanged");
        var forgotten = await fresh.Database.Named("person-gone", "Gone");
        await fresh.Database.Services!.GetRequiredService<SubjectKeys>().Forget("person-gone");

        await using var rotating = fresh.Database.AnotherProcess(wrapper: new MasterKey(New, Former));
        (await fresh.Database.OwnerOf(id, rotating.GetRequiredService<PostgresEventStore>())).ShouldBe("Unchanged");
        (await rotating.GetRequiredService<SubjectKeys>().Rewrap()).ShouldBe(1);
        (await rotating.GetRequiredService<SubjectKeys>().Rewrap()).ShouldBe(0);

        await using var after = fresh.Database.AnotherProcess(wrapper: new MasterKey(New));
        (await fresh.Database.OwnerOf(id, after.GetRequiredService<PostgresEventStore>())).ShouldBe("Unchanged");
        (await fresh.Database.OwnerOf(forgotten, after.GetRequiredService<PostgresEventStore>())).ShouldBe(PersonalDataAttribute.Erased);
        await using var stale = fresh.Database.AnotherProcess(wrapper: new MasterKey(Former));
        await Should.ThrowAsync<System.Security.Cryptography.CryptographicException>(
            () => fresh.Database.OwnerOf(id, stale.GetRequiredService<PostgresEventStore>()));
    }

    private async Task<string> ReadBack(string name)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var (names, bodies, _, _) = await database.Store.Serializer.Write([(id, new AccountEvent.OwnerNamed("person-any", name))], default);
        return ((AccountEvent.OwnerNamed)(await database.Store.Serializer.Read([(id, names[0], bodies[0])], default))[0]).Name;
    }

    private async Task<byte[]> Wrapped(string subject) =>
        (await database.Ask<byte[]>("select wrapped_key from keys.subject_keys where subject = $1", subject))!;

    private sealed class FreshDatabase : IAsyncDisposable
    {
        public StoreDatabase Database { get; } = new();

        public async ValueTask DisposeAsync() => await Database.DisposeAsync();
    }
}

/// <summary>Promise 6. The subject was forgotten.</summary>
public sealed class forgetting_a_subject(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private SubjectKeys Keys => database.Services!.GetRequiredService<SubjectKeys>();

    [Fact, Trait("Feature", "GDP-03"), Trait("Feature", "LOG-07")]
    public async Task leaves_markers_now_and_in_every_past_view()
    {
        var before = TimeProvider.System.GetUtcNow();
        var id = await database.Named("person-f1", "Forgotten");
        await database.Credit(id, 1);
        (await database.OwnerOf(id)).ShouldBe("Forgotten");

        (await Keys.Forget("person-f1")).ShouldBeTrue();

        var session = database.Session();
        var named = (AccountEvent.OwnerNamed)(await session.FetchStream(id))[0].Data;
        named.ShouldBe(new("person-f1", PersonalDataAttribute.Erased, null, null));
        foreach (var view in new[]
        {
            await session.AggregateStream<Account, AccountEvent>(id),
            await session.AggregateStream<Account, AccountEvent>(id, version: 1),
            await session.AggregateStream<Account, AccountEvent>(id, timestamp: before.AddHours(1)),
        })
        {
            view!.Owner.ShouldBe("[erased]");
            view.BornOn.ShouldBeNull();
            view.Address.ShouldBeNull();
        }

        (await database.Ask<bool>("select wrapped_key is null and erased_at is not null from keys.subject_keys where subject = 'person-f1'")).ShouldBeTrue();
    }

    [Fact]
    public async Task leaves_others_alone()
    {
        var (gone, stays) = (await database.Named("person-f2", "Gone"), await database.Named("person-f3", "Stays"));

        await Keys.Forget("person-f2");

        (await database.OwnerOf(gone)).ShouldBe(PersonalDataAttribute.Erased);
        (await database.OwnerOf(stays)).ShouldBe("Stays");
    }

    [Fact]
    public async Task says_whether_there_was_something_to_forget()
    {
        await database.Named("person-f4", "Once");

        (await Keys.Forget("person-f4")).ShouldBeTrue();
        (await Keys.Forget("person-f4")).ShouldBeFalse();
        (await Keys.Forget("person-never-heard-of")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("person-f5", true)]
    [InlineData("person-f6", false)]
    public async Task erases_at_once_what_is_written_of_it_later(string subject, bool wasKnown)
    {
        if (wasKnown)
            await database.Named(subject, "Before");
        await Keys.Forget(subject);

        var id = await database.Named(subject, "Canary after the erasure");

        (await database.Ask<string>("select data ->> 'name' from mt_events where stream_id = $1", id.Id)).ShouldBe("pd1:");
        (await database.OwnerOf(id)).ShouldBe(PersonalDataAttribute.Erased);
        (await database.RowsWith("Canary after the erasure")).ShouldBeEmpty();
    }

    [Fact]
    public async Task is_heard_of_at_once_by_another_process_with_the_key_in_its_cache()
    {
        using var other = await database.Host();
        var there = other.Services.GetRequiredService<PostgresEventStore>();
        var id = await database.Named("person-f7", "Cached");
        (await database.OwnerOf(id, there)).ShouldBe("Cached");

        await Keys.Forget("person-f7");

        await Eventually.Is(async () => await database.OwnerOf(id, there) == PersonalDataAttribute.Erased, "the other process dropped the key");
    }

    [Fact]
    public async Task leaves_a_process_that_does_not_hear_of_it_a_minute_at_most()
    {
        var clock = new FakeClock();
        await using var deaf = database.AnotherProcess(clock);
        var there = deaf.GetRequiredService<PostgresEventStore>();
        var id = await database.Named("person-f8", "Cached");
        (await database.OwnerOf(id, there)).ShouldBe("Cached");

        await Keys.Forget("person-f8");

        // It still reads; what it would still write is written again, without what it says of the person.
        (await database.OwnerOf(id, there)).ShouldBe("Cached");
        await Should.ThrowAsync<ConcurrencyConflictException>(() => database.Named("person-f8", "Too late", there));
        var late = await database.Named("person-f8", "Too late", there);
        (await database.OwnerOf(late)).ShouldBe(PersonalDataAttribute.Erased);
        clock.Advance(TimeSpan.FromMinutes(1));
        (await database.OwnerOf(id, there)).ShouldBe(PersonalDataAttribute.Erased);
        (await database.OwnerOf(late, there)).ShouldBe(PersonalDataAttribute.Erased);
    }

    [Fact]
    public async Task erases_what_is_being_written_of_it_at_that_moment_from_read_models_too()
    {
        using var host = await database.Host(services => services.AddInlineProjection<OwnersInClear>());
        var store = host.Services.GetRequiredService<PostgresEventStore>();
        await database.Ask<object>("create table owners (id varchar primary key, name varchar not null)");
        await database.Named("person-f10", "Known", store);

        // Both ways round: the writer has its key already, and the one that forgets waits for it or it for them.
        var writers = Enumerable.Range(0, 16).Select(async n =>
        {
            await Task.Delay(n);
            return await store.Transact(new EventMetadata(), session =>
            {
                var id = StoreDatabase.NewStream();
                session.StartStream<Account, AccountEvent>(id).AppendOne(new AccountEvent.OwnerNamed("person-f10", "Canary in the race"));
                return Task.FromResult(id);
            });
        }).ToArray();
        var forgetting = store.Transact(new EventMetadata(), session =>
        {
            host.Services.GetRequiredService<SubjectKeys>().Forget(session.Sql, Person, []);
            session.Sql.Execute("select ih_forget(array['person-f10']::varchar[], 'm', now(), 'ih_forgotten')");
            session.Sql.Execute("delete from owners where name = 'Canary in the race' or name = 'Known'");
            return Task.FromResult(true);
        });
        await forgetting;
        foreach (var writer in writers)
            (await database.OwnerOf(await writer)).ShouldBe(PersonalDataAttribute.Erased);

        (await database.RowsWith("Canary in the race")).ShouldBeEmpty();
    }

    [Fact, Trait("Feature", "GDP-04")]
    public async Task counts_what_it_erased_once_however_often_it_is_done()
    {
        var (person, other) = (Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        await database.Named(person.ToString(), "One");
        await database.Named(other.ToString(), "The same under another id");
        var erasures = database.Services!.GetRequiredService<Erasures>();

        for (var again = 0; again < 2; again++)
        {
            var session = database.Session();
            Keys.Forget(session.Sql, person, [other]);
            erasures.Erase(session.Sql, person, "accounts", "delete from accounts where id = $1", "nobody's");
            await session.SaveChanges();
        }

        (await erasures.Of(person, CancellationToken.None)).Select(e => (e.What, e.Items)).ShouldBe([("keys", 2L)]);
    }

    private static readonly Guid Person = new("019a0000-0000-7000-8000-00000000f10a");

    private sealed class OwnersInClear : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            if (happened.Data is AccountEvent.OwnerNamed e)
                sql.Execute("insert into owners (id, name) values ($1, $2)", happened.Stream.Id, e.Name);
        }
    }

    [Fact]
    public async Task leaves_no_key_in_the_cache_that_was_read_just_before()
    {
        await using var slow = database.AnotherProcess();
        var keys = slow.GetRequiredService<SubjectKeys>();
        var id = await database.Named("person-f9", "Read before");
        await using var holder = await database.Source.OpenConnectionAsync();
        await using var open = await holder.BeginTransactionAsync();
        await using var locked = new Npgsql.NpgsqlCommand("select 1 from keys.subject_keys where subject = 'person-f9' for update", holder, open);
        await locked.ExecuteScalarAsync();

        // It waits for the row, hears meanwhile that the subject is gone, and is answered with the key as it still stands.
        var writing = database.Named("person-f9", "Late", slow.GetRequiredService<PostgresEventStore>());
        await holder.IsWaitedFor(database);
        keys.Evict("person-f9");
        await open.CommitAsync();
        await writing;
        await Keys.Forget("person-f9");

        (await database.OwnerOf(id, slow.GetRequiredService<PostgresEventStore>())).ShouldBe(PersonalDataAttribute.Erased);
    }
}

/// <summary>Promise 6. A mark that would do nothing is found when the catalogue is registered, not when the data has leaked.</summary>
public sealed class marking_a_property_as_personal
{
    [Theory]
    [InlineData(typeof(NoSubject))]
    [InlineData(typeof(NotNullable))]
    [InlineData(typeof(OtherName))]
    [InlineData(typeof(Nested))]
    [InlineData(typeof(NestedInList))]
    public void is_refused_where_it_would_not_be_obeyed(Type catalogue)
    {
        var add = typeof(EventTypes).GetMethod(nameof(EventTypes.Add))!.MakeGenericMethod(catalogue);

        Should.Throw<System.Reflection.TargetInvocationException>(() => add.Invoke(new EventTypes(), null))
            .InnerException.ShouldBeOfType<InvalidOperationException>();
    }

    internal abstract record NoSubject
    {
        [EventType("wrong.no_subject.v1")]
        internal sealed record Event([property: PersonalData("PersonId")] string Name) : NoSubject;
    }

    internal abstract record NotNullable
    {
        [EventType("wrong.not_nullable.v1")]
        internal sealed record Event(string PersonId, [property: PersonalData("PersonId")] DateOnly BornOn) : NotNullable;
    }

    internal abstract record OtherName
    {
        [EventType("wrong.other_name.v1")]
        internal sealed record Event(
            string PersonId,
            [property: PersonalData("PersonId"), System.Text.Json.Serialization.JsonPropertyName("n")] string Name) : OtherName;
    }

    internal sealed record Person(string PersonId, [property: PersonalData("PersonId")] string Name);

    internal abstract record Nested
    {
        [EventType("wrong.nested.v1")]
        internal sealed record Event(Person Person) : Nested;
    }

    internal abstract record NestedInList
    {
        [EventType("wrong.nested_in_list.v1")]
        internal sealed record Event(IReadOnlyList<Person> People) : NestedInList;
    }
}

internal static class Naming
{
    public static async Task<StreamId> Named(this StoreDatabase database, string person, string name, PostgresEventStore? through = null)
    {
        var id = StoreDatabase.NewStream();
        var session = (through ?? database.Store).OpenSession();
        session.StartStream<Account, AccountEvent>(id).AppendOne(
            new AccountEvent.OwnerNamed(person, name, personal_data_in_events.Birthday, new("Canary Street 7", "Canaryville")));
        await session.SaveChanges();
        return id;
    }

    public static async Task<string?> OwnerOf(this StoreDatabase database, StreamId id, PostgresEventStore? through = null) =>
        (await (through ?? database.Store).OpenSession().AggregateStream<Account, AccountEvent>(id))!.Owner;
}
