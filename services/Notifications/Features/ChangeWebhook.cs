using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.Notifications.Webhooking;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>Changes where a webhook is, what it hears, and whether it is paused (NOT-05). What is left out stays as it is.</summary>
internal static class ChangeWebhook
{
    public sealed record Request(string? Url, IReadOnlyList<string>? Events, bool? IncludesDetails, bool? IsPaused);

    public sealed record Command(string? Url, IReadOnlyList<string>? Events, bool? IncludesDetails, bool? IsPaused);

    public static Decision<WebhookEvent> Decide(Webhook webhook, Command c)
    {
        if (!webhook.Exists)
            return new WebhookNotFound();
        var next = new WebhookEvent.Changed(
            c.Url ?? webhook.Url, c.Events ?? webhook.Events, c.IncludesDetails ?? webhook.IncludesDetails, c.IsPaused ?? webhook.IsPaused);
        return next.Url == webhook.Url && next.Events.SequenceEqual(webhook.Events) && next.IncludesDetails == webhook.IncludesDetails && next.IsPaused == webhook.IsPaused
            ? Nothing.Happened
            : next;
    }

    public static void Map(RouteGroupBuilder api) =>
        api.MapPatch("/webhooks/{id:guid}", Handle).WithName(nameof(ChangeWebhook)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Results<Ok<WebhookRow>, ProblemHttpResult>> Handle(
        Guid id, Request request, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, WebhookSettings settings, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (request.Url is not null && settings.WhyNot(request.Url) is { } why)
            errors.Add("url", why);
        var kinds = request.Events is null ? null : RegisterWebhook.KindsOf(request.Events, errors);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await WebhookRow.Read(store.Database, id, user, ct) is not { } webhook)
            return new WebhookNotFound().ToProblem();

        var command = new Command(request.Url, kinds, request.IncludesDetails, request.IsPaused);
        var stream = Webhook.Stream(webhook.OrganizationId, id);
        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session => ifMatch.WhyNot((await session.FetchForWriting<Webhook, WebhookEvent>(stream, ct)).CurrentVersion)
                ?? (await session.Decide<Webhook, WebhookEvent>(stream, it => Decide(it, command), ct)).Refusal,
            ct);
        if (refusal is not null)
            return refusal.ToProblem();
        var row = (await WebhookRow.Read(store.Database, id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
