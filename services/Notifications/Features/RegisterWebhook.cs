using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.Notifications.Webhooking;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace InviteHub.Notifications.Features;

/// <summary>Another system is to hear what happens in an organization (NOT-05). The secret is told here, and when it is changed.</summary>
internal static class RegisterWebhook
{
    /// <summary>Events: those of <see cref="WebhookFeed.Kinds"/>, all when left out. Details: who was invited, not the ids alone.</summary>
    public sealed record Request(Guid? OrganizationId, string? Url, IReadOnlyList<string>? Events, bool IncludesDetails = false);

    /// <summary>The webhook with its secret, which is not shown again.</summary>
    public sealed record View(WebhookRow Webhook, string Secret);

    public sealed record Command(Guid Id, Guid OrganizationId, string Url, IReadOnlyList<string> Events, bool IncludesDetails, DateTimeOffset At);

    public static Decision<WebhookEvent> Decide(Webhook webhook, Command c) => webhook.Exists
        ? Nothing.Happened
        : new WebhookEvent.Registered(c.Id, c.OrganizationId, c.Url, c.Events, c.IncludesDetails, c.At);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/webhooks", Handle).WithName(nameof(RegisterWebhook)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    /// <summary>The kinds that were asked for, all when none were, in one order.</summary>
    public static IReadOnlyList<string> KindsOf(IReadOnlyList<string>? asked, FieldErrors errors)
    {
        errors.Demand(asked is null || (asked.Count > 0 && asked.All(WebhookFeed.Kinds.Contains)), "events", $"Some of {string.Join(", ", WebhookFeed.Kinds)}; all when left out.");
        return asked is null ? WebhookFeed.Kinds : [.. WebhookFeed.Kinds.Where(asked.Contains)];
    }

    private static async Task<Results<Created<View>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, CurrentUser user, Idempotency idempotency, PostgresEventStore store, WebhookSettings settings, LinkTokens links,
        TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var organization = Fields.Required(request.OrganizationId, "organizationId", "Choose the organization.", errors);
        if (settings.WhyNot(request.Url) is { } why)
            errors.Add("url", why);
        var kinds = KindsOf(request.Events, errors);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (!user.IsSystemAdmin && !await IsFounder(store.Database, user.Id, organization, ct))
            return new NotAFounder().ToProblem();

        var now = clock.GetUtcNow();
        var command = new Command(Guid.CreateVersion7(now), organization, request.Url!, kinds, request.IncludesDetails, now);
        var made = await idempotency.Once(
            http, user, command.Id, request,
            async session => (await session.Decide<Webhook, WebhookEvent>(
                Webhook.Stream(organization, command.Id), webhook => Decide(webhook, command), ct)).Refusal,
            ct);
        if (made.Refusal is { } no)
            return no.ToProblem();
        var row = (await WebhookRow.Read(store.Database, made.Id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Created($"/api/v1/webhooks/{made.Id}", new View(row, StandardWebhook.Written(links.ForWebhook(row.Id, row.Generation))));
    }

    private static async Task<bool> IsFounder(NpgsqlDataSource database, Guid user, Guid organization, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select exists (select from organization_access where user_id = $1 and organization_id = $2 and 'founder' = any(permissions))");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = user });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = organization });
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
