using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Lists organizations: a System admin all, others those that they have something to do with, so an Applicant only the assigned
/// customers (INV-01). <c>kind</c> narrows it.
/// </summary>
internal static class ListOrganizations
{
    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListOrganizations));

    private static async Task<Ok<Page<OrganizationRow>>> Handle(
        ListQuery query, string? kind, CurrentUser user, PostgresEventStore store, CancellationToken ct) => TypedResults.Ok(
        await store.Page<OrganizationRow>(
            OrganizationRow.Columns,
            $"""
            organizations o
            where {Reading.Sees("o.id")}
              and (@kind::text is null or @kind = any(o.kinds))
              and (@pattern::text is null or o.name ilike @pattern)
            """,
            $"{query.OrderBy(("name", "lower(o.name)"), ("createdAt", "o.created_at"))}, o.id",
            query, new { viewer = user.Viewer(), kind, pattern = query.Pattern() }, ct));
}
