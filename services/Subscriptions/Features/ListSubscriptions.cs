using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Lists subscriptions with their seats; <c>organizationId</c>, <c>appId</c> and <c>active=true</c> leave those that an invitation can
/// choose from (INV-11).
/// </summary>
internal static class ListSubscriptions
{
    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapGet("/", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListSubscriptions));

    private static async Task<Ok<Page<SubscriptionView>>> Handle(
        ListQuery query, Guid? organizationId, Guid? appId, bool? active, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var today = clock.Today();
        var page = await store.Page<SubscriptionRow>(
            SubscriptionRow.Columns,
            $"""
            {SubscriptionRow.From}
            where {Reading.Sees("s.organization_id")}
              and (@organizationId::uuid is null or s.organization_id = @organizationId)
              and (@appId::uuid is null or s.app_id = @appId)
              and (@active::bool is null or @active = (not s.is_suspended and not s.has_ended and s.starts_on <= @today and (s.ends_on is null or @today <= s.ends_on)))
              and (@pattern::text is null or s.plan ilike @pattern or o.name ilike @pattern or a.name ilike @pattern)
            """,
            $"{query.OrderBy(("plan", "lower(s.plan)"), ("organization", "lower(o.name)"), ("app", "lower(a.name)"), ("startsOn", "s.starts_on"))}, s.id",
            query,
            new { viewer = user.Viewer(), organizationId, appId, active, today, pattern = query.Pattern() },
            ct);
        return TypedResults.Ok(new Page<SubscriptionView>([.. page.Items.Select(row => row.View(today))], page.Number, page.PageSize, page.Total));
    }
}
