using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>Another system hears nothing any more (NOT-05).</summary>
internal static class RemoveWebhook
{
    public sealed record Command(DateTimeOffset At);

    public static Decision<WebhookEvent> Decide(Webhook webhook, Command c) => webhook.Exists ? new WebhookEvent.Removed(c.At) : Nothing.Happened;

    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/webhooks/{id:guid}", Handle).WithName(nameof(RemoveWebhook)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        if (await WebhookRow.Read(store.Database, id, user, ct) is not { } webhook)
            return new WebhookNotFound().ToProblem();
        var command = new Command(clock.GetUtcNow());
        await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Webhook, WebhookEvent>(Webhook.Stream(webhook.OrganizationId, id), w => Decide(w, command), ct),
            ct);
        return TypedResults.NoContent();
    }
}
