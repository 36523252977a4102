using Dapper;
using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.Notifications.Webhooking;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>Tells a webhook everything again from a position of the feed on, in order and under the same ids (NOT-05).</summary>
internal static class ReplayWebhook
{
    /// <summary>Position: the first event that is told again.</summary>
    public sealed record Request(long? Position);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/webhooks/{id:guid}/replay", Handle).WithName(nameof(ReplayWebhook)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Results<Accepted<WebhookRow>, ProblemHttpResult>> Handle(
        Guid id, Request request, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(request.Position is >= 0, "position", "Give the position of the first event to tell again; GET /webhooks/{id}/events lists them.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await WebhookRow.Read(store.Database, id, user, ct) is null)
            return new WebhookNotFound().ToProblem();

        await using (var connection = await store.Database.OpenConnectionAsync(ct))
        {
            // Only backwards: what was not told yet is not left out. A worker that is at it notices, since the position is another one.
            await connection.ExecuteAsync(new(
                """
                with moved as (
                    update webhook_progress set position = least(position, @from), attempts = 0, due_at = '-infinity', error = null where webhook_id = @id)
                delete from webhook_dead_letters where webhook_id = @id and position > @from
                """,
                new { id, from = request.Position!.Value - 1 }, cancellationToken: ct));
        }

        return TypedResults.Accepted($"/api/v1/webhooks/{id}", (await WebhookRow.Read(store.Database, id, user, ct))!);
    }
}

/// <summary>Sends one event again that was given up, now, and says what came of it (NOT-05).</summary>
internal static class ReplayWebhookEvent
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/webhooks/{id:guid}/events/{eventId:guid}/replay", Handle)
        .WithName(nameof(ReplayWebhookEvent)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid eventId, CurrentUser user, PostgresEventStore store, WebhookClient client, CancellationToken ct)
    {
        if (await WebhookRow.Read(store.Database, id, user, ct) is not { } webhook)
            return new WebhookNotFound().ToProblem();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var entry = await connection.QuerySingleOrDefaultAsync<FeedEntry>(new(
            """
            select position, id, organization_id as OrganizationId, kind, facts::text as Facts, at from webhook_feed
            where id = @eventId and organization_id = @OrganizationId and kind = any(@Events)
            """,
            new { eventId, webhook.OrganizationId, webhook.Events }, cancellationToken: ct));
        if (entry is null)
            return new WebhookEventNotFound().ToProblem();
        if (await client.Send(webhook, entry, ct) is { } why)
            return new WebhookNotTaken(why).ToProblem();
        await connection.ExecuteAsync("delete from webhook_dead_letters where webhook_id = @id and position = @Position", new { id, entry.Position });
        return TypedResults.NoContent();
    }
}
