using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "SEC-02")]
[Trait("Feature", "ROL-08")]
public class strangers_to_it(IdentityService identity)
{
    [Fact]
    public async Task neither_see_nor_change_another_person()
    {
        var victim = await identity.Person();
        var admin = await identity.Person();
        var other = await identity.Person();
        var own = (await identity.SignedIn(victim.Email)).Client;
        (await own.PostAsJsonAsync("/api/v1/me/removal-request", new { reason = "I leave" })).EnsureSuccessStatusCode();
        var removal = await identity.Database.Ask<Guid>("select id from removal_requests where user_id = $1", victim.Id);
        (await own.PutAsJsonAsync(
            "/api/v1/me/identity", new { firstName = "Kim", lastName = "Eriksdotter", lmaNumber = "LMA-1", submit = true })).EnsureSuccessStatusCode();
        var session = await identity.Database.Ask<Guid>("select id from sessions where user_id = $1", victim.Id);
        using var picture = new ByteArrayContent(Convert.FromHexString("89504E470D0A1A0A0000000D49484452000003200000025808060000009A"));
        picture.Headers.ContentType = new("image/png");
        (await (await identity.Admin()).PutAsync($"/api/v1/users/{victim.Id}/avatar", picture)).EnsureSuccessStatusCode();
        using var file = new StringContent("email,firstName,lastName\n" + victim.Email + ",Kim,Berg", Encoding.UTF8, "text/csv");
        using var upload = await (await identity.Admin()).PostAsync("/api/v1/users/import", file);
        var import = (await upload.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        await Eventually.Is(
            async () => await identity.Database.Ask<string>("select status from user_imports where id = $1", import) == "finished", "the import is finished");
        using var tried = await (await identity.Admin()).PostAsJsonAsync("/api/v1/users/invitations?dryRun=true", new { userIds = new[] { victim.Id } });
        var run = (await tried.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<Guid>();
        var certified = Some.Id();
        await identity.Store.Transact(new EventStore.EventMetadata(), session =>
        {
            session.StartStream<Anonymization, AnonymizationEvent>(Anonymization.Stream(certified)).AppendMany(
            [
                new AnonymizationEvent.Requested(certified, "gone@north.example", EndedSessions: 0, admin.Id, Some.Instant),
                new AnonymizationEvent.Completed("a statement", "a signature", Some.Instant),
            ]);
            return Task.FromResult(true);
        });
        string[] roles = ["guest", "economyAdmin", "applicant", "serviceAdmin"];
        var violations = await Strangers.Violations(
            identity,
            new(admin.Id, Some.Id(), CurrentUser.SystemAdmin),
            [.. roles.Select(role => new CurrentUser(other.Id, Some.Id(), role))],
            [victim.Id.ToString(), victim.Email, import.ToString(), run.ToString()],
            open:
            [
                "POST session", "POST session/refresh", "POST /internal/sign-ins", "POST password-resets", "GET password-resets/{token}", "PUT password-resets/{token}",
                "POST session/email-code", "POST /internal/session-tokens",
            ],
            attempts:
            [
                new("GET audit/streams/{streamId}", [$"user-{victim.Id}"]),
                new("GET audit/streams/{streamId}/events", [$"user-{victim.Id}"]),
                new("GET audit/streams/{streamId}/verify", [$"user-{victim.Id}"]),
                new("GET audit/streams/{streamId}/public-key", [$"user-{victim.Id}"]),
                new("POST audit/exports", []),
                new("GET audit/streams/{streamId}/changes", [$"user-{victim.Id}"], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/organizations/{organizationId:guid}/changes", [victim.Id], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/projections", []),
                new("POST audit/projections/{name}/rebuild", ["none"]),
                new("GET users", []),
                new("GET users/updates", []),
                new("POST users", [], new { firstName = "Mallory" }),
                new("POST users/invitations", [], new { userIds = new[] { victim.Id } }),
                new("GET users/invitations/{id:guid}", [run]),
                new("GET users/invitations/{id:guid}/users", [run]),
                new("POST users/invitations/{id:guid}/commit", [run]),
                new("DELETE users/invitations/{id:guid}", [run]),
                new("POST users/import", []),
                new("GET users/import/template.csv", []),
                new("POST users/imports/{id:guid}/commit", [import]),
                new("GET users/imports/{id:guid}", [import]),
                new("GET users/imports/{id:guid}/report.csv", [import]),
                new("DELETE users/imports/{id:guid}", [import]),
                new("GET users/{id:guid}", [victim.Id]),
                new("PATCH users/{id:guid}", [victim.Id], new { firstName = "Mallory" }),
                new("POST users/{id:guid}/password-reset", [victim.Id]),
                new("DELETE me/sessions/{id:guid}", [session], Owner: new(victim.Id, Some.Id(), "guest")),
                new("PUT users/{id:guid}/system-role", [victim.Id], new { role = "economyAdmin" }),
                new("GET users/{id:guid}/logs", [victim.Id]),
                new("GET users/{id:guid}/readers", [victim.Id]),
                new("GET users/identities", []),
                new("GET users/identities/people", []),
                new("GET users/{id:guid}/identity", [victim.Id]),
                new("POST users/{id:guid}/identity/validate", [victim.Id]),
                new("POST users/{id:guid}/identity/return", [victim.Id], new { reason = "because" }),
                new("PUT users/{id:guid}/identity", [victim.Id], new { firstName = "Mallory" }),
                new("PUT users/{id:guid}/avatar", [victim.Id]),
                new("GET users/{id:guid}/avatar", [victim.Id], Owner: new(admin.Id, Some.Id(), CurrentUser.SystemAdmin)),
                new("DELETE users/{id:guid}/avatar", [victim.Id]),
                new("GET users/{id:guid}/two-factor", [victim.Id]),
                new("POST users/{id:guid}/two-factor/email-code", [victim.Id]),
                new("DELETE users/{id:guid}/two-factor/authenticator", [victim.Id]),
                new("GET removal-requests", []),
                new("GET removal-requests/{requestId:guid}", [removal]),
                new("POST users/{id:guid}/anonymization", [victim.Id], new { email = victim.Email }),
                new("GET users/{id:guid}/anonymization", [victim.Id]),
                new("GET audit/certificates/{id:guid}", [certified]),
            ],
            signedIn: "GET users/availability");
        violations.ShouldBeEmpty();
    }
}
