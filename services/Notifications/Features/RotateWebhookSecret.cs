using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>Gives a webhook another secret, shown this once; for a day requests are signed with the former one too (NOT-05).</summary>
internal static class RotateWebhookSecret
{
    /// <summary>The secret that the caller knows the webhook to have: asked twice, it is changed once.</summary>
    public sealed record Command(int From, DateTimeOffset At);

    public sealed record View(string Secret);

    public static Decision<WebhookEvent> Decide(Webhook webhook, Command c) => webhook switch
    {
        { Exists: false } => new WebhookNotFound(),
        { Generation: var now } when now != c.From => Nothing.Happened,
        _ => new WebhookEvent.SecretRotated(c.From + 1, c.At),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/webhooks/{id:guid}/secret", Handle).WithName(nameof(RotateWebhookSecret)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, CurrentUser user, PostgresEventStore store, LinkTokens links, TimeProvider clock, CancellationToken ct)
    {
        if (await WebhookRow.Read(store.Database, id, user, ct) is not { } webhook)
            return new WebhookNotFound().ToProblem();
        var command = new Command(webhook.Generation, clock.GetUtcNow());
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Webhook, WebhookEvent>(Webhook.Stream(webhook.OrganizationId, id), w => Decide(w, command), ct),
            ct);
        return outcome.Refusal is { } no
            ? no.ToProblem()
            : TypedResults.Ok(new View(StandardWebhook.Written(links.ForWebhook(id, outcome.State.Generation))));
    }
}
