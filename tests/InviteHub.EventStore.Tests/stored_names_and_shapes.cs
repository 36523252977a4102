using System.Text.Json.Nodes;

namespace InviteHub.EventStore.Tests;

/// <summary>Promise 8. What was stored years ago.</summary>
public sealed class reading_what_old_code_stored(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    /// <summary>One sample of each name and version that was ever stored, as it was stored. Never edit one: add.</summary>
    public static TheoryData<string, string> Samples => new()
    {
        { "account.opened.v1", """{"number": 7}""" },
        { "account.credited.v1", """{"amount": 5}""" },
        { "account.owner_named.v1", """{"personId": "person-1", "fullName": "Ada Lovelace"}""" },
        { "account.owner_named.v2", """{"personId": "person-1", "name": "Ada Lovelace", "bornOn": "1815-12-10"}""" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task still_works_for_every_version_ever_stored(string type, string body)
    {
        var id = await Stored(type, body);

        var happened = (await database.Session().FetchStream(id)).Single();

        happened.Type.ShouldBe(type);
        (happened.Data switch
        {
            AccountEvent.Opened e => e.Number == 7,
            AccountEvent.Credited e => e.Amount == 5,
            AccountEvent.OwnerNamed e => e is { PersonId: "person-1", Name: "Ada Lovelace" },
            _ => false,
        }).ShouldBeTrue();
    }

    [Fact]
    public void has_a_sample_for_every_registered_event()
    {
        var types = new EventTypes().Add<AccountEvent>();

        types.All.Select(t => t.Name).Except(Samples.Select(row => (string)row[0])).ShouldBeEmpty();
    }

    [Fact]
    public async Task leaves_the_stored_stream_as_it_is()
    {
        var id = await Stored("account.owner_named.v1", """{"personId": "person-1", "fullName": "Ada Lovelace"}""");

        await database.Session().AggregateStream<Account, AccountEvent>(id);

        (await database.Ask<string>("select data ->> 'fullName' from mt_events where stream_id = $1", id.Id)).ShouldBe("Ada Lovelace");
    }

    [Fact]
    public async Task keeps_personal_data_encrypted_for_its_old_name()
    {
        var id = await database.Named("person-upcast", "Canary Upcast");
        await database.Ask<object>(
            """
            update mt_events set type = 'account.owner_named.v1', data = jsonb_build_object('personId', data -> 'personId', 'fullName', data -> 'name')
            where stream_id = $1
            """, id.Id);

        (await database.OwnerOf(id)).ShouldBe("Canary Upcast");
        (await database.RowsWith("Canary Upcast")).ShouldBeEmpty();
    }

    [Fact]
    public async Task names_the_type_that_nobody_knows()
    {
        var id = await Stored("account.closed.v1", "{}");

        (await Should.ThrowAsync<UnknownEventTypeException>(() => database.Session().FetchStream(id))).Type.ShouldBe("account.closed.v1");
    }

    private async Task<StreamId> Stored(string type, string body)
    {
        var id = StoreDatabase.NewStream();
        await database.Ask<object>("insert into mt_streams (id, type, version) values ($1, 'account', 1)", id.Id);
        await database.Ask<object>(
            "insert into mt_events (id, stream_id, version, data, type) values (gen_random_uuid(), $1, 1, $2::jsonb, $3)", id.Id, body, type);
        return id;
    }
}

/// <summary>Promise 8. The catalogue of a service.</summary>
public sealed class registering_events
{
    [Fact]
    public void gives_each_its_explicit_name_whatever_its_class_is_called() =>
        new EventTypes().Add<AccountEvent>().Of(typeof(AccountEvent.OwnerNamed)).Name.ShouldBe("account.owner_named.v2");

    [Fact]
    public void is_refused_without_a_name() => Should.Throw<InvalidOperationException>(() => new EventTypes().Add<Nameless>());

    [Fact]
    public void is_refused_with_a_name_that_is_taken() =>
        Should.Throw<InvalidOperationException>(() => new EventTypes().Add<AccountEvent>().Add<Thief>());

    [Fact]
    public void is_needed_before_one_is_written() =>
        Should.Throw<InvalidOperationException>(() => new EventTypes().Of(typeof(AccountEvent.Opened)));

    [Fact]
    public void chains_upcasters_from_the_oldest_version_to_the_newest()
    {
        var types = new EventTypes().Add<AccountEvent>()
            .Upcast("account.credited.v0", "account.credited.v00", json => With(json, "amount", 2))
            .Upcast("account.credited.v00", "account.credited.v1", json => With(json, "amount", (int)json["amount"]! * 10));

        var (shape, changes) = types.Resolve("account.credited.v0");

        shape.Type.ShouldBe(typeof(AccountEvent.Credited));
        ((int)changes.Aggregate(new JsonObject(), (json, change) => change(json))["amount"]!).ShouldBe(20);
    }

    private static JsonObject With(JsonObject json, string name, int value)
    {
        json[name] = value;
        return json;
    }

    internal abstract record Nameless
    {
        internal sealed record Event : Nameless;
    }

    internal abstract record Thief
    {
        [EventType("account.opened.v1")]
        internal sealed record Event : Thief;
    }
}
