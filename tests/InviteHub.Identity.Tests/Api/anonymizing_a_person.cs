using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "GDP-02")]
public class anonymizing_a_person(IdentityService identity)
{
    [Fact]
    [Trait("Feature", "GDP-05")]
    public async Task ends_all_that_they_could_do_at_once()
    {
        var person = await identity.Person();
        var (client, tokens) = await identity.SignedIn(person.Email);
        await identity.SignedIn(person.Email);

        (await Ask(person.Id, person.Email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        (await client.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.Client().PostAsJsonAsync("/api/v1/session/refresh", new { tokens.RefreshToken })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.SignIn(person.Email, Some.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await identity.Hears<SessionEnded>(m => m.UserId == person.Id)).ShouldNotBeNull();
        (await identity.Hears<NoticeDue>(m => m.RecipientId == person.Id && m.Kind == "anonymized")).ExpiresAt.ShouldBe(identity.Clock.GetUtcNow().AddMinutes(1));
        var admin = await identity.Admin();
        (await admin.GetAsync($"/api/v1/users/{person.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users?search={person.Email}"))!["total"]!.GetValue<int>().ShouldBe(0);
        // The same once more changes nothing.
        (await Ask(person.Id, person.Email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"anonymization-{person.Id}")).ShouldBe(1);
    }

    [Fact]
    public async Task needs_their_address_and_another_person()
    {
        var person = await identity.Person();
        using var wrong = await Ask(person.Id, "somebody@else.example");
        (wrong.StatusCode, await wrong.Code()).ShouldBe((HttpStatusCode.UnprocessableEntity, "email-mismatch"));
        (await Ask(person.Id, null)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var own = await identity.Database.Ask<Guid>("select id from users where email = $1", IdentityService.AdminEmail);
        using var myself = await Ask(own, IdentityService.AdminEmail);
        (myself.StatusCode, await myself.Code()).ShouldBe((HttpStatusCode.Conflict, "own-account"));
        (await (await identity.Admin()).GetAsync($"/api/v1/users/{person.Id}/anonymization")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await (await identity.Admin()).GetAsync($"/api/v1/users/{person.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Feature", "ROL-07")]
    public async Task by_the_last_two_System_admins_who_do_it_to_each_other_at_once_leaves_one()
    {
        var (one, other) = (await identity.Person(Role.SystemAdmin), await identity.Person(Role.SystemAdmin));
        var (first, second) = ((await identity.SignedIn(one.Email)).Client, (await identity.SignedIn(other.Email)).Client);
        // The other tests' System admins stand aside meanwhile.
        var others = (await Admins()).Where(id => id != one.Id && id != other.Id).ToArray();
        await Tell(others.Select(id => new SystemAdminsEvent.Removed(id)));
        try
        {
            var answers = await Task.WhenAll(
                first.PostAsJsonAsync($"/api/v1/users/{other.Id}/anonymization", new { email = other.Email }),
                second.PostAsJsonAsync($"/api/v1/users/{one.Id}/anonymization", new { email = one.Email }));

            answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
            // Whoever was slower has no session any more, or is told why not.
            answers.Count(answer => answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Unauthorized).ShouldBe(1);
            (await Admins()).Count.ShouldBe(1);
        }
        finally
        {
            await Tell(others.Select(id => new SystemAdminsEvent.Added(id)));
        }

        async Task<IReadOnlyCollection<Guid>> Admins() =>
            (await identity.Store.OpenSession().AggregateStream<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream))!.Ids;

        Task Tell(IEnumerable<SystemAdminsEvent> events) => identity.Store.Transact(new EventStore.EventMetadata(), async session =>
        {
            (await session.FetchForWriting<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream)).AppendMany(events);
            return true;
        });
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task erases_here_when_all_others_have_and_proves_it_to_whoever_has_the_public_key()
    {
        var person = await identity.Person();
        var (client, _) = await identity.SignedIn(person.Email);
        (await client.PutAsJsonAsync(
            "/api/v1/me/identity", new { firstName = "Canaryname", lastName = "Eriksdotter", lmaNumber = "LMA-CANARY", submit = true })).EnsureSuccessStatusCode();
        (await client.PostAsJsonAsync("/api/v1/me/removal-request", new { reason = "My canary reason" })).EnsureSuccessStatusCode();
        (await identity.Database.RowsWith(person.Email)).ShouldNotBeEmpty("the dump must hold what is to be erased, or it proves nothing");
        (await Ask(person.Id, person.Email)).EnsureSuccessStatusCode();
        var notice = await identity.Hears<NoticeDue>(m => m.RecipientId == person.Id && m.Kind == "anonymized");

        await identity.Tell(new LastNoticeSettled(notice.NoticeId, person.Id, "sent", identity.Clock.GetUtcNow()));
        var first = await identity.Hears<ErasureDue>(m => m.UserId == person.Id);
        first.Services.ShouldBe(["invitations"]);
        first.Emails.ShouldBe(person.Email);
        var invitee = Some.Id();
        await Erased("invitations", invitee);
        (await identity.Hears<ErasureDue>(m => m.UserId == person.Id && m.Services.Contains("notifications"))).SubjectIds.ShouldBe([invitee]);
        await Erased("notifications");
        (await State())["status"]!.GetValue<string>().ShouldBe("erasing");
        await Erased("subscriptions");

        await Eventually.Is(async () => (await State())["status"]!.GetValue<string>() == "completed", "it is completed");
        foreach (var canary in new[] { person.Email, "Canaryname", "LMA-CANARY", "My canary reason" })
            (await identity.Database.RowsWith(canary)).ShouldBeEmpty(canary);
        var state = await State();
        state["steps"]!.AsArray().Select(step => $"{step!["service"]} {step["status"]}").ShouldBe(
            ["sessions done", "message sent", "invitations done", "subscriptions done", "notifications done", "identity done"]);
        var certificate = state["certificate"]!;
        certificate["statement"]!.GetValue<string>().ShouldContain($"also known as {invitee}\n");
        certificate["statement"]!.GetValue<string>().ShouldContain("identity keys 1\n");
        (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/audit/certificates/{person.Id}"))!.ToJsonString().ShouldBe(certificate.ToJsonString());
        (await Openssl(certificate, certificate["statement"]!.GetValue<string>())).ShouldBe(0);
        (await Openssl(certificate, certificate["statement"]!.GetValue<string>().Replace("identity keys 1", "identity keys 2", StringComparison.Ordinal))).ShouldNotBe(0);

        // Whatever comes of them now changes nothing.
        var events = await identity.Database.Ask<long>("select count(*) from mt_events");
        await identity.Tell(new PersonErased(person.Id, "invitations", [], ["keys"], [9], identity.Clock.GetUtcNow()));
        await identity.Tell(new LastNoticeSettled(notice.NoticeId, person.Id, "failed", identity.Clock.GetUtcNow()));
        await identity.Tell(Some.Registration(person.Email, person.Id) with { PasswordHash = "a hash" });
        await Eventually.Is(async () => await identity.Database.Ask<long>("select count(*) from mt_events") > events, "the registration is answered");
        (await identity.Database.RowsWith(person.Email)).ShouldBeEmpty();
        (await identity.Database.Ask<long>("select count(*) from mt_events where stream_id = $1", $"anonymization-{person.Id}")).ShouldBe(10);
        foreach (var stream in new[] { "user", "anonymization", "removal", "identity" })
            (await identity.Store.Verify(new($"{stream}-{person.Id}"))).ShouldBeNull();

        Task Erased(string service, params Guid[] subjects) =>
            identity.Tell(new PersonErased(person.Id, service, subjects, ["keys", "people"], [1, 1], identity.Clock.GetUtcNow()));

        async Task<JsonNode> State() => (await (await identity.Admin()).GetFromJsonAsync<JsonNode>($"/api/v1/users/{person.Id}/anonymization"))!;
    }

    [Fact]
    [Trait("Feature", "LOG-05")]
    public async Task keeps_by_ids_alone_who_looked_at_them_and_at_whom_they_looked()
    {
        var (person, other, admin) = (await identity.Person(), await identity.Person(), await identity.Admin());
        var reader = identity.Client(new(person.Id, Some.Id(), CurrentUser.SystemAdmin));
        (await reader.GetAsync($"/api/v1/users/{other.Id}")).EnsureSuccessStatusCode();
        (await admin.GetAsync($"/api/v1/users/{person.Id}")).EnsureSuccessStatusCode();
        (await Readers(other.Id))["by"]!["name"]!.GetValue<string>().ShouldBe("Kim Eriksdotter");

        (await Ask(person.Id, person.Email)).EnsureSuccessStatusCode();
        await identity.Tell(new ErasureDue(person.Id, ["identity"], person.Email, [], Some.Id(), identity.Clock.GetUtcNow()));
        await Eventually.Is(
            async () => await identity.Database.Ask<long>("select count(*) from keys.erased_subjects where person = $1", person.Id) == 1, "they are erased");

        (await Readers(person.Id))["by"]!["name"]!.GetValue<string>().ShouldBe("System Admin");
        var by = (await Readers(other.Id))["by"]!;
        (by["id"]!.GetValue<Guid>(), by["name"]).ShouldBe((person.Id, null));

        async Task<JsonNode> Readers(Guid id) =>
            (await admin.GetFromJsonAsync<JsonNode>($"/api/v1/users/{id}/readers"))!["items"]!.AsArray().ShouldHaveSingleItem()!;
    }

    [Fact]
    public async Task makes_no_account_any_more_of_a_row_of_an_import_that_waits()
    {
        var person = await identity.Person();
        var (import, user) = (Some.Id(), Some.Id());
        var sealedRow = await identity.Services.GetRequiredService<EventStore.PersonalData.SubjectKeys>().Seal(
            user.ToString(), System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { Details = new { person.Email } }), "import row");
        await identity.Database.Ask<int>(
            "insert into user_import_rows (import_id, line, user_id, state, sealed, read_at) values ($1, 2, $2, 'waiting', $3, '2100-01-01')", import, user, sealedRow!);

        (await Ask(person.Id, person.Email)).EnsureSuccessStatusCode();
        await identity.Tell(new ErasureDue(person.Id, ["identity"], person.Email, [], Some.Id(), identity.Clock.GetUtcNow()));

        await Eventually.Is(
            async () => await identity.Database.Ask<string>("select state from user_import_rows where import_id = $1 and sealed is null", import) == "cancelled",
            "the row is emptied");
    }

    private async Task<HttpResponseMessage> Ask(Guid id, string? email) =>
        await (await identity.Admin()).PostAsJsonAsync($"/api/v1/users/{id}/anonymization", new { email });

    /// <summary>What an outsider does who has openssl and the public key.</summary>
    private static async Task<int> Openssl(JsonNode certificate, string statement)
    {
        var folder = Directory.CreateTempSubdirectory("certificate-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "certificate.txt"), statement);
            await File.WriteAllBytesAsync(Path.Combine(folder, "certificate.sig"), Convert.FromBase64String(certificate["signature"]!.GetValue<string>()));
            await File.WriteAllTextAsync(Path.Combine(folder, "public.pem"), certificate["publicKey"]!.GetValue<string>());
            using var openssl = Process.Start(new ProcessStartInfo(
                "openssl", ["dgst", "-sha256", "-verify", "public.pem", "-signature", "certificate.sig", "certificate.txt"]) { WorkingDirectory = folder })!;
            await openssl.WaitForExitAsync();
            return openssl.ExitCode;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
