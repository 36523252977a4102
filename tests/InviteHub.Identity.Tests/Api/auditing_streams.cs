using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.EventStore.Audit;
using InviteHub.EventStore.PersonalData;
using InviteHub.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "LOG-02")]
public class auditing_streams(IdentityService identity)
{
    [Fact]
    public async Task shows_the_state_at_a_version_and_at_an_instant_without_secrets()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        (await admin.PutAsJsonAsync($"/api/v1/users/{person.Id}/system-role", new { role = "applicant" })).EnsureSuccessStatusCode();

        var now = await Get(admin, $"user-{person.Id}");
        var then = await Get(admin, $"user-{person.Id}?version=3");
        (now["version"]!.GetValue<long>(), Role(now)).ShouldBe((4, "applicant"));
        (then["version"]!.GetValue<long>(), Role(then)).ShouldBe((3, "guest"));
        Role(await Get(admin, $"user-{person.Id}?at={identity.Clock.GetUtcNow().AddSeconds(-30):yyyy-MM-ddTHH:mm:ssZ}")).ShouldBe("guest");
        now["state"]!["email"]!.GetValue<string>().ShouldBe(person.Email);
        now["state"]!["personalNumber"]!.GetValue<string>().ShouldBe("19811218-****");
        now["state"]!["passwordHash"]!.GetValue<string>().ShouldBe("hidden");
    }

    [Theory]
    [InlineData("user-{0}?version=3000", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("user-{0}?at=2001-01-01T00:00:00Z", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("user-019a0000-0000-7000-8000-000000000009", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("user", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("user/verify", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("user/events", HttpStatusCode.NotFound, "stream-not-found")]
    [InlineData("user-{0}?version=1&at=2001-01-01T00:00:00Z", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    [InlineData("user-{0}?version=0", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    [InlineData("user-{0}?version=last", HttpStatusCode.BadRequest, "malformed")]
    public async Task explains_what_it_cannot_show(string path, HttpStatusCode status, string code)
    {
        var person = await identity.Person();

        using var answer = await (await identity.Admin()).GetAsync("/api/v1/audit/streams/" + path.Replace("{0}", person.Id.ToString(), StringComparison.Ordinal));

        (answer.StatusCode, await answer.Code()).ShouldBe((status, code));
    }

    [Fact]
    public async Task pages_the_events_with_who_caused_them_from_either_end()
    {
        var admin = await identity.Admin();
        var person = await identity.Person(Identity.Role.Applicant);
        var adminId = await identity.Database.Ask<Guid>("select id from users where email = $1", IdentityService.AdminEmail);

        var first = await Get(admin, $"user-{person.Id}/events?pageSize=3");
        (first["total"]!.GetValue<long>(), first["items"]!.AsArray().Count).ShouldBe((4, 3));
        first["items"]!.AsArray().Select(e => e!["version"]!.GetValue<long>()).ShouldBe([1, 2, 3]);
        first["items"]![0]!["data"]!["personalNumber"]!.GetValue<string>().ShouldBe("19811218-****");
        first["items"]![1]!["data"]!["hash"]!.GetValue<string>().ShouldBe("hidden");
        first.ToJsonString().ShouldNotContain("198112189876");
        var second = (await Get(admin, $"user-{person.Id}/events?pageSize=3&page=2"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        (second["type"]!.GetValue<string>(), second["by"]!.GetValue<Guid>()).ShouldBe(("user.system_role_changed.v1", adminId));

        var newest = await Get(admin, $"user-{person.Id}/events?pageSize=3&sort=version:desc");
        newest["items"]!.AsArray().Select(e => e!["version"]!.GetValue<long>()).ShouldBe([4, 3, 2]);
        (await Get(admin, $"user-{person.Id}/events?pageSize=3&page=2&sort=version:desc"))["items"]!.AsArray()
            .Select(e => e!["version"]!.GetValue<long>()).ShouldBe([1]);
        (await Get(admin, $"user-{person.Id}/events?page=9"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "LOG-07")]
    public async Task keeps_what_was_erased_erased_in_every_past_view()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        await identity.Services.GetRequiredService<SubjectKeys>().Forget(person.Id.ToString());

        foreach (var path in new[] { "", "?version=1", "/events", "/verify" })
        {
            var answer = await Get(admin, $"user-{person.Id}{path}");
            answer.ToJsonString().ShouldNotContain(person.Email);
            answer.ToJsonString().Contains("\"erased\"", StringComparison.Ordinal).ShouldBe(path != "/verify");
        }
    }

    [Fact]
    [Trait("Feature", "LOG-03")]
    public async Task tells_the_first_event_that_is_not_as_it_was_appended()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        var whole = await Get(admin, $"user-{person.Id}/verify");
        (whole["holds"]!.GetValue<bool>(), whole["version"]!.GetValue<long>(), whole["brokenAt"]).ShouldBe((true, 3, null));

        await identity.Database.Ask<int>("update mt_events set data = data || '{\"mustChange\": true}' where stream_id = $1 and version = 2", $"user-{person.Id}");

        var broken = await Get(admin, $"user-{person.Id}/verify");
        (broken["holds"]!.GetValue<bool>(), broken["brokenAt"]!.GetValue<long>()).ShouldBe((false, 2));
    }

    [Fact]
    [Trait("Feature", "LOG-05")]
    public async Task is_itself_noted_for_the_person_that_the_events_are_about()
    {
        var (person, reader) = (await identity.Person(), await identity.Person());
        var auditor = identity.Client(new(reader.Id, Some.Id(), CurrentUser.SystemAdmin));

        await Get(auditor, $"user-{person.Id}/verify");
        (await identity.Database.Ask<long>("select count(*) from readers where user_id = $1", person.Id)).ShouldBe(0);
        await Get(auditor, $"user-{person.Id}");
        await Get(auditor, $"user-{person.Id}/events");

        var looked = (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users/{person.Id}/readers"))!["items"]!.AsArray().ShouldHaveSingleItem()!;
        (looked["what"]!.GetValue<string>(), looked["by"]!["id"]!.GetValue<Guid>()).ShouldBe(("audit", reader.Id));
    }

    [Fact]
    public async Task shows_the_streams_of_every_category_that_the_service_has()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        await identity.SignedIn(person.Email);
        foreach (var category in identity.Services.GetRequiredService<EventTypes>().Categories)
        {
            var id = await identity.Database.Ask<string>("select id from mt_streams where id like $1 || '-%' limit 1", category);
            if (id is not null)
                (await Get(admin, id))["state"].ShouldNotBeNull(category);
        }
    }

    [Fact]
    [Trait("Feature", "LOG-04")]
    public async Task exports_them_as_a_file_that_the_key_of_the_service_proves()
    {
        var admin = await identity.Admin();
        var (person, other) = (await identity.Person(), await identity.Person());
        using var answer = await admin.PostAsync($"/api/v1/audit/exports?streamId=user-{person.Id}&streamId=user-{other.Id}&streamId=user-{other.Id}", content: null);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        using var file = new MemoryStream(await answer.Content.ReadAsByteArrayAsync());

        var verdict = await ExportVerification.Verify(file, await admin.GetStringAsync($"/api/v1/audit/streams/user-{person.Id}/public-key"));

        verdict.Findings.ShouldBeEmpty();
        (verdict.Streams, verdict.Events).ShouldBe((2, 6));
    }

    [Fact]
    [Trait("Feature", "LOG-04")]
    public async Task exports_all_that_tells_of_a_person_in_a_period()
    {
        var admin = await identity.Admin();
        var (person, other) = (await identity.Person(), await identity.Person());
        await identity.SignedIn(person.Email);
        using var answer = await admin.PostAsync($"/api/v1/audit/exports?userId={person.Id}&from=2029-01-01T00:00:00Z&service=identity", content: null);
        using var file = new MemoryStream(await answer.Content.ReadAsByteArrayAsync());

        (await ExportVerification.Verify(file)).Findings.ShouldBeEmpty();
        using var zip = new ZipArchive(file);
        var manifest = (await JsonNode.ParseAsync(await zip.GetEntry("manifest.json")!.OpenAsync()))!;
        var streams = manifest["streams"]!.AsArray().Select(stream => stream!["stream"]!.GetValue<string>()).ToArray();
        streams.ShouldContain($"user-{person.Id}");
        streams.ShouldContain(stream => stream.StartsWith("session-", StringComparison.Ordinal));
        streams.ShouldNotContain($"user-{other.Id}");
    }

    [Fact]
    [Trait("Feature", "LOG-07")]
    public async Task compares_a_profile_at_two_instants()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        var before = identity.Clock.GetUtcNow();
        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        (await admin.PutAsJsonAsync($"/api/v1/users/{person.Id}/system-role", new { role = "applicant" })).EnsureSuccessStatusCode();
        var between = $"user-{person.Id}/changes?from={before:yyyy-MM-ddTHH:mm:ss.ffffffZ}";

        var difference = await Get(admin, between);

        (difference["fromVersion"]!.GetValue<long>(), difference["toVersion"]!.GetValue<long>()).ShouldBe((3, 4));
        var change = difference["changes"]!.AsArray().Single(c => c!["field"]!.GetValue<string>() == "systemRole")!;
        (change["before"]!.GetValue<string>(), change["after"]!.GetValue<string>()).ShouldBe(("guest", "applicant"));
        (await Get(admin, $"{between}&to={before.AddSeconds(1):yyyy-MM-ddTHH:mm:ss.ffffffZ}"))["changes"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "LOG-07")]
    public async Task shows_no_value_of_an_erased_person_on_either_side_of_a_comparison()
    {
        var admin = await identity.Admin();
        var person = await identity.Person();
        await identity.Services.GetRequiredService<SubjectKeys>().Forget(person.Id.ToString());

        var born = await Get(admin, $"user-{person.Id}/changes?from=2001-01-01T00:00:00Z");

        born.ToJsonString().ShouldNotContain(person.Email);
        born["fromVersion"].ShouldBeNull();
        var mail = born["changes"]!.AsArray().Single(c => c!["field"]!.GetValue<string>() == "email")!;
        (mail["before"], mail["after"]!.GetValue<string>()).ShouldBe((null, "erased"));
    }

    [Fact]
    [Trait("Feature", "LOG-07")]
    public async Task explains_that_a_comparison_needs_an_earlier_and_a_later_instant()
    {
        var person = await identity.Person();

        using var answer = await (await identity.Admin()).GetAsync($"/api/v1/audit/streams/user-{person.Id}/changes?from=2002-01-01T00:00:00Z&to=2001-01-01T00:00:00Z");

        (answer.StatusCode, await answer.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "validation-failed"));
    }

    [Theory]
    [Trait("Feature", "LOG-04")]
    [InlineData("?from=2002-01-01T00:00:00Z&to=2001-01-01T00:00:00Z", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    [InlineData("", HttpStatusCode.UnprocessableEntity, "validation-failed")]
    [InlineData("?streamId=app-1", HttpStatusCode.NotFound, "stream-not-found")]
    public async Task explains_what_it_cannot_export(string query, HttpStatusCode status, string code)
    {
        using var answer = await (await identity.Admin()).PostAsync("/api/v1/audit/exports" + query, content: null);

        (answer.StatusCode, await answer.Code()).ShouldBe((status, code));
    }

    private static string Role(JsonNode answer) => answer["state"]!["systemRole"]!.GetValue<string>();

    private static async Task<JsonNode> Get(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonNode>($"/api/v1/audit/streams/{path}"))!;
}
