using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "USR-01")]
public class finding_people_in_the_directory(IdentityService identity)
{
    [Theory]
    [InlineData("örjan ÅKERSTRÖM")]
    [InlineData("orjan akerstrom")]
    [InlineData("RJAN AKERSTRO")]
    [InlineData("o\u0308rjan a\u030akerstro\u0308m")]
    public async Task goes_by_parts_of_names_whatever_their_case_and_accents(string search)
    {
        var surname = $"Åkerström{$"{Some.Id():N}"[^12..]}";
        await Somebody("Örjan", surname);
        (await List($"search={Uri.EscapeDataString(search)}&pageSize=200")).Select(u => u["lastName"]!.GetValue<string>()).ShouldContain(surname);
    }

    [Fact]
    public async Task finds_Ö_by_the_letter_o()
    {
        var id = await Somebody("Öö", "Ää");
        var total = (await Page("search=o&pageSize=1"))["total"]!.GetValue<long>();
        var found = new List<Guid>();
        for (var page = 1; found.Count < total; page++)
            found.AddRange((await List($"search=o&pageSize=200&page={page}")).Select(u => u["id"]!.GetValue<Guid>()));
        found.ShouldContain(id);
        (await List("search=ööää")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("yx", true)]
    [InlineData("YÅ", true)]
    [InlineData("y\u030a x", false)]
    [InlineData("ya yx", true)]
    [InlineData("xy", false)]
    [InlineData("ex", false)]
    public async Task takes_one_letter_or_two_for_how_a_word_of_the_name_begins(string search, bool finds)
    {
        var id = await Somebody("Yxor", "Yåxy-Yxy");
        (await List($"search={Uri.EscapeDataString(search)}&sort=createdAt:desc")).Any(u => u["id"]!.GetValue<Guid>() == id).ShouldBe(finds);
    }

    [Fact]
    [Trait("Feature", "LOG-05")]
    public async Task tells_those_who_are_shown_who_looked()
    {
        var person = await identity.Person();
        var reader = (await identity.Person()).Id;
        var client = identity.Client(new(reader, Some.Id(), ServiceDefaults.CurrentUser.SystemAdmin));
        for (var i = 0; i < 2; i++)
            (await client.GetAsync($"/api/v1/users?search={person.Email}")).EnsureSuccessStatusCode();
        var looked = (await identity.Client(new(person.Id, Some.Id(), "guest")).GetFromJsonAsync<JsonNode>("/api/v1/me/readers"))!["items"]!.AsArray();
        looked.Select(r => (r!["by"]!["id"]!.GetValue<Guid>(), r["what"]!.GetValue<string>())).ShouldBe([(reader, "list")]);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task masks_nothing_that_was_erased()
    {
        var person = await Somebody("Kim", "Eriksdotter");
        const string gone = EventStore.PersonalData.PersonalDataAttribute.Erased;
        var session = identity.Store.OpenSession();
        (await session.FetchForWriting<User, UserEvent>(User.Stream(person))).AppendOne(new UserEvent.DetailsChanged(
            person, Some.Email(), "Kim", "Eriksdotter", gone, null, null, null, null, null, null, "sv", Role.Guest));
        await session.SaveChanges();
        (await identity.Database.Ask<string>("select personal_number from users where id = $1", person)).ShouldBe(gone);
    }

    [Fact]
    public async Task goes_by_parts_of_the_address_and_takes_nothing_for_a_pattern()
    {
        var registration = Some.Registration(email: $"a_b.{$"{Some.Id():N}"[^16..]}@north.example");
        await Register(registration);
        (await List($"search={registration.Email[..20].ToUpperInvariant()}")).ShouldHaveSingleItem();
        (await List($"search={registration.Email[..20].Replace('_', 'x')}")).ShouldBeEmpty();
        (await List("search=%25%25%25")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("firstName", new[] { "anna", "Åsa", "Örjan", "zoë" })]
    [InlineData("lastName", new[] { "zoë", "Örjan", "Åsa", "anna" })]
    [InlineData("email", new[] { "Åsa", "anna", "zoë", "Örjan" })]
    [InlineData("createdAt", new[] { "Örjan", "zoë", "Åsa", "anna" })]
    [InlineData("lastActivityAt", new[] { "zoë", "anna", "Åsa", "Örjan" })]
    public async Task sorts_by_each_column_both_ways(string column, string[] names)
    {
        var key = $"{Some.Id():N}"[^12..];
        var people = new[] { ("Örjan", "b", "d"), ("zoë", "a", "c"), ("Åsa", "c", "a"), ("anna", "d", "b") };
        var emails = new List<string>();
        foreach (var (first, last, email) in people)
        {
            identity.Clock.Advance(TimeSpan.FromSeconds(1));
            var registration = Some.Registration(email: $"{email}.{key}@north.example") with { FirstName = first, LastName = $"{last}{key}" };
            await Register(registration);
            emails.Add(registration.Email);
        }

        // The later, the later they were here; zoë never was.
        foreach (var (email, minute) in new[] { (emails[3], 1), (emails[2], 2), (emails[0], 3) })
        {
            await using var command = identity.Database.Source.CreateCommand("update users set last_activity_at = '2029-01-01'::timestamptz + $2 * interval '1 minute' where email = $1");
            command.Parameters.AddWithValue(email);
            command.Parameters.AddWithValue(minute);
            await command.ExecuteNonQueryAsync();
        }

        (await Names($"search={key}&sort={column}:asc")).ShouldBe(names);
        (await Names($"search={key}&sort={column}:desc")).ShouldBe(names.Reverse());
        (await Names($"search={key}&sort={column}&pageSize=2&page=2")).ShouldBe(names[2..]);
        if (column == "firstName")
            (await Names($"search={key}")).ShouldBe(names);
    }

    [Fact]
    public async Task turns_the_pages_of_very_many_and_shows_at_once_who_came_and_who_is_called_otherwise()
    {
        const int many = 700;
        var key = $"{Some.Id():N}"[^12..];
        await using (var command = identity.Database.Source.CreateCommand(
            """
            insert into users (id, email, email_key, first_name, last_name, language, system_role, created_at)
            select md5($1 || n)::uuid, n || '@' || $1, n || '@' || $1, 'Kim ' || n % 90, $1, 'sv', 'guest', now() from generate_series(1, $2) n
            """))
        {
            command.Parameters.AddWithValue(key);
            command.Parameters.AddWithValue(many);
            await command.ExecuteNonQueryAsync();
        }

        var pages = await Task.WhenAll(Enumerable.Range(1, 8).Select(page => Page($"search={key}&sort=firstName:desc&pageSize=100&page={page}")));
        pages.ShouldAllBe(page => page["total"]!.GetValue<long>() == many);
        var shown = pages.SelectMany(page => page["items"]!.AsArray()).Select(row => (Name: row!["firstName"]!.GetValue<string>(), Id: row["id"]!.GetValue<Guid>())).ToArray();
        shown.Select(row => row.Id).Distinct().Count().ShouldBe(many);
        shown.Select(row => row.Name).ShouldBe(shown.Select(row => row.Name).OrderDescending(StringComparer.Ordinal));
        (await Page($"search={key}&page=9999"))["items"]!.AsArray().ShouldBeEmpty();

        var came = await Somebody("Åke", key);
        (await List($"search={key}"))[0]["id"]!.GetValue<Guid>().ShouldBe(came);
        await identity.Database.Ask<Guid>("update users set last_name = 'Ek' where id = $1 returning id", came);
        (await Page($"search={key}"))["total"]!.GetValue<long>().ShouldBe(many);
    }

    [Theory]
    [Trait("Feature", "INV-16")]
    [InlineData("createdFrom=2021-03-02", new[] { "B", "C" })]
    [InlineData("createdTo=2021-03-02", new[] { "A", "B" })]
    [InlineData("createdFrom=2021-03-02&createdTo=2021-03-02", new[] { "B" })]
    [InlineData("lastActivityFrom=2021-04-02", new[] { "B" })]
    [InlineData("lastActivityTo=2021-04-01", new[] { "A" })]
    [InlineData("lastActivityTo=9999-12-31", new[] { "A", "B" })]
    [InlineData("neverActive=true", new[] { "C" })]
    [InlineData("neverActive=false", new[] { "A", "B" })]
    [InlineData("neverActive=true&createdTo=2021-03-02", new string[0])]
    public async Task goes_by_the_days_on_which_people_were_added_and_last_there(string query, string[] names)
    {
        var key = $"{Some.Id():N}"[^12..];
        await using (var command = identity.Database.Source.CreateCommand(
            """
            insert into users (id, email, email_key, first_name, last_name, language, system_role, created_at, last_activity_at)
            select md5($1 || name)::uuid, name || '@' || $1, name || '@' || $1, name, $1, 'sv', 'guest', created::timestamptz, active::timestamptz
            from (values ('A', '2021-03-01T23:59:59.9Z', '2021-04-01T23:59:59.9Z'), ('B', '2021-03-02T23:59:59.9Z', '2021-04-02T00:00Z'),
                         ('C', '2021-03-03T00:00Z', null)) as people (name, created, active)
            """))
        {
            command.Parameters.AddWithValue(key);
            await command.ExecuteNonQueryAsync();
        }

        (await Names($"search={key}&{query}")).ShouldBe(names);
        if (query == "createdFrom=2021-03-02&createdTo=2021-03-02")
            (await Page(query))["total"]!.GetValue<long>().ShouldBe(await identity.Database.Ask<long>("select count(*) from users where created_at::date = '2021-03-02'"));
        using var tried = await (await identity.Admin()).PostAsJsonAsync("/api/v1/users/invitations?dryRun=true", new
        {
            filter = query.Split('&').Select(one => one.Split('=')).Append(["search", key]).ToDictionary(
                one => one[0], one => one[1] switch { "true" => true, "false" => (object)false, var text => text }),
        });
        // They have no streams; that they were found is what counts.
        ((await tried.Content.ReadFromJsonAsync<JsonNode>())!["refused"]?.AsArray().Count ?? 0).ShouldBe(names.Length);
    }

    [Fact]
    public async Task shows_initials_badges_and_when_somebody_was_last_there()
    {
        var person = await identity.Person(Role.Applicant);
        var row = (await List($"search={person.Email}")).ShouldHaveSingleItem();
        row["initials"]!.GetValue<string>().ShouldBe("KE");
        row["roles"]!.AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["applicant"]);
        row["avatarId"].ShouldBeNull();
        row["lastActivityAt"].ShouldBeNull();

        var (_, tokens) = await identity.SignedIn(person.Email);
        var first = await LastActivity();
        first.ShouldBe(identity.Clock.GetUtcNow());
        identity.Clock.Advance(TimeSpan.FromMinutes(4));
        tokens = await Refreshed(tokens);
        (await LastActivity()).ShouldBe(first);
        identity.Clock.Advance(TimeSpan.FromMinutes(2));
        await Refreshed(tokens);
        (await LastActivity()).ShouldBe(first!.Value.AddMinutes(6));

        async Task<DateTimeOffset?> LastActivity() => (await List($"search={person.Email}")).Single()["lastActivityAt"]?.GetValue<DateTimeOffset>();

        async Task<SessionTokens> Refreshed(SessionTokens now)
        {
            using var answer = await identity.Client().PostAsJsonAsync("/api/v1/session/refresh", new { refreshToken = now.RefreshToken });
            return (await answer.Content.ReadFromJsonAsync<SessionTokens>())!;
        }
    }

    [Fact]
    public async Task counts_as_many_as_there_are()
    {
        await identity.Person(Role.EconomyAdmin);
        (await Page(""))["total"]!.GetValue<long>().ShouldBe(await identity.Database.Ask<long>("select count(*) from users"));
        foreach (var role in new[] { "guest", "economyAdmin", "systemAdmin" })
        {
            (await Page($"role={role}"))["total"]!.GetValue<long>()
                .ShouldBe(await identity.Database.Ask<long>("select count(*) from users where system_role = $1", role));
        }

        (await identity.Database.Ask<long>("select coalesce(sum(users), 0)::bigint from user_counts"))
            .ShouldBe(await identity.Database.Ask<long>("select count(*) from users"));
        (await Page("page=100000"))["items"]!.AsArray().ShouldBeEmpty();
        (await Page("page=100000"))["total"]!.GetValue<long>().ShouldBeGreaterThan(0);
    }

    private async Task<Guid> Somebody(string firstName, string lastName)
    {
        var registration = Some.Registration() with { FirstName = firstName, LastName = lastName };
        await Register(registration);
        return registration.UserId;
    }

    private async Task Register(Contracts.Invitations.RegistrationStarted registration)
    {
        await identity.Tell(registration);
        await identity.Hears<AccountProvisioned>(m => m.RegistrationId == registration.RegistrationId);
    }

    private async Task<JsonNode> Page(string query) => (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users?{query}"))!;

    private async Task<IReadOnlyList<JsonNode>> List(string query) => [.. (await Page(query))["items"]!.AsArray().OfType<JsonNode>()];

    private async Task<IReadOnlyList<string>> Names(string query) => [.. (await List(query)).Select(u => u["firstName"]!.GetValue<string>())];
}
