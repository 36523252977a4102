using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

[Collection(NotificationsService.Collection)]
[Trait("Feature", "SEC-02")]
[Trait("Feature", "ROL-08")]
public class strangers_to_it(NotificationsService service)
{
    [Fact]
    public async Task neither_see_nor_change_the_messages_of_others()
    {
        var admin = new CurrentUser(Some.NewId(), Some.NewId(), CurrentUser.SystemAdmin);
        using var client = service.Client(admin);
        using var made = await client.PostAsJsonAsync("/api/v1/webhooks", new { organizationId = Some.NewId(), url = "https://secret.example/hook" });
        var webhook = (Guid)(await made.Content.ReadFromJsonAsync<JsonObject>())!["webhook"]!["id"]!;
        var happened = Some.NewId();
        await service.Database.Ask<object>(
            "insert into webhook_feed (id, organization_id, kind, facts, at) select $1, organization_id, 'invitation.accepted', '{}', now() from webhooks where id = $2", happened, webhook);
        await service.Database.Ask<object>("update webhook_progress set position = 1000000 where webhook_id = $1", webhook);
        var other = new { organizationId = Some.NewId(), url = "https://secret.example/other" };
        var violations = await Strangers.Violations(
            service,
            admin,
            [new(Some.NewId(), Some.NewId(), "guest")],
            [webhook.ToString(), "secret.example"],
            open: ["POST notifications/bounces"],
            attempts:
            [
                new("GET audit/streams/{streamId}", [$"webhook-{webhook}"]),
                new("GET audit/streams/{streamId}/events", [$"webhook-{webhook}"]),
                new("GET audit/streams/{streamId}/verify", [$"webhook-{webhook}"]),
                new("GET audit/streams/{streamId}/public-key", [$"webhook-{webhook}"]),
                new("POST audit/exports", []),
                new("GET audit/streams/{streamId}/changes", [$"webhook-{webhook}"], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/organizations/{organizationId:guid}/changes", [webhook], Query: "?from=2001-01-01T00:00:00Z"),
                new("GET audit/projections", []),
                new("POST audit/projections/{name}/rebuild", ["none"]),
                new("GET messages", []),
                new("GET messages/{kind}/preview", ["roleChanged"]),
                new("POST webhooks", [], other),
                new("GET webhooks", []),
                new("GET webhooks/{id:guid}", [webhook]),
                new("PATCH webhooks/{id:guid}", [webhook], new { isPaused = true }),
                new("POST webhooks/{id:guid}/secret", [webhook]),
                new("GET webhooks/{id:guid}/events", [webhook]),
                new("POST webhooks/{id:guid}/replay", [webhook], new { position = 0 }),
                new("POST webhooks/{id:guid}/events/{eventId:guid}/replay", [webhook, happened]),
                new("DELETE webhooks/{id:guid}", [webhook]),
            ],
            "POST notifications/address-checks");
        violations.ShouldBeEmpty();
    }
}
