using Dapper;
using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>What a webhook has been told, is still to be told, and was given up on; newest first (NOT-05).</summary>
internal static class ListWebhookEvents
{
    private static readonly string[] States = ["delivered", "waiting", "failed"];

    /// <summary>An event of the feed, as it concerns one webhook.</summary>
    public sealed record View
    {
        public Guid Id { get; init; }

        /// <summary>Its place in the organization's feed: what a replay begins at.</summary>
        public long Position { get; init; }

        public string Kind { get; init; } = "";

        public DateTimeOffset At { get; init; }

        /// <summary><c>delivered</c>, <c>waiting</c> or <c>failed</c>.</summary>
        public string State { get; init; } = "";

        /// <summary>Why it was given up.</summary>
        public string? Reason { get; init; }
    }

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/webhooks/{id:guid}/events", Handle).WithName(nameof(ListWebhookEvents)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery list, CurrentUser user, PostgresEventStore store, string? state = null, CancellationToken ct = default)
    {
        var errors = new FieldErrors();
        errors.Demand(state is null || States.Contains(state, StringComparer.Ordinal), "state", $"One of {string.Join(", ", States)}.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await WebhookRow.Read(store.Database, id, user, ct) is not { } webhook)
            return new WebhookNotFound().ToProblem();

        const string From =
            """
            (select f.id, f.position, f.kind, f.at, d.reason,
                case when d.position is not null then 'failed' when f.position > @Position then 'waiting' else 'delivered' end as state
             from webhook_feed f left join webhook_dead_letters d on d.webhook_id = @Id and d.position = f.position
             where f.organization_id = @OrganizationId and f.kind = any(@Events)) e
            where @state::text is null or e.state = @state
            """;
        var parameters = new { webhook.Id, webhook.Position, webhook.OrganizationId, webhook.Events, state, list.PageSize, list.Offset };
        var order = list.OrderBy(("position", list.Sort is null ? "e.position desc" : "e.position"));
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new($"select count(*) from {From}", parameters, cancellationToken: ct));
        var rows = await connection.QueryAsync<View>(new($"select * from {From} order by {order} limit @PageSize offset @Offset", parameters, cancellationToken: ct));
        return TypedResults.Ok(new Page<View>([.. rows], list.Page, list.PageSize, total));
    }
}
