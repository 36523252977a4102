using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Lists apps with their roles; <c>organizationId</c> leaves those that this organization is entitled to (INV-11).</summary>
internal static class ListApps
{
    public static void Map(RouteGroupBuilder apps) =>
        apps.MapGet("/", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListApps));

    private static async Task<Ok<Page<AppRow>>> Handle(
        ListQuery query, Guid? organizationId, CurrentUser user, PostgresEventStore store, CancellationToken ct) => TypedResults.Ok(
        await store.Page<AppRow>(
            AppRow.Columns,
            $"""
            apps a
            where {GetApp.Seen}
              and (@organizationId::uuid is null or exists (
                select 1 from entitlements e
                where e.app_id = a.id and e.organization_id = @organizationId and {Reading.Sees("e.organization_id")}))
              and (@pattern::text is null or a.name ilike @pattern)
            """,
            $"{query.OrderBy(("name", "lower(a.name)"))}, a.id",
            query, new { viewer = user.Viewer(), organizationId, pattern = query.Pattern() }, ct));
}
