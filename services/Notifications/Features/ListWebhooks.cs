using Dapper;
using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Notifications.Features;

/// <summary>The webhooks that the caller runs, with how far each has been told (NOT-05).</summary>
internal static class ListWebhooks
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/webhooks", Handle).WithName(nameof(ListWebhooks)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Ok<Page<WebhookRow>>> Handle(
        ListQuery list, CurrentUser user, PostgresEventStore store, Guid? organizationId = null, CancellationToken ct = default)
    {
        var order = list.OrderBy(("createdAt", "w.created_at"), ("url", "w.url"));
        const string Where = $"{WebhookRow.Seen} and (@organizationId::uuid is null or w.organization_id = @organizationId) and (@search::text is null or strpos(w.url, @search) > 0)";
        var parameters = new { caller = user.Id, isSystemAdmin = user.IsSystemAdmin, organizationId, search = list.Search, list.PageSize, list.Offset };
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new($"select count(*) from {Where}", parameters, cancellationToken: ct));
        var rows = await connection.QueryAsync<WebhookRow>(new(
            $"select {WebhookRow.Columns} from {Where} order by {order}, w.id limit @PageSize offset @Offset", parameters, cancellationToken: ct));
        return TypedResults.Ok(new Page<WebhookRow>([.. rows], list.Page, list.PageSize, total));
    }
}

/// <summary>One webhook.</summary>
internal static class GetWebhook
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/webhooks/{id:guid}", Handle).WithName(nameof(GetWebhook)).WithTags("Webhooks").Requires(Permission.ManageWebhooks);

    private static async Task<Results<Ok<WebhookRow>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        if (await WebhookRow.Read(store.Database, id, user, ct) is not { } row)
            return new WebhookNotFound().ToProblem();
        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
