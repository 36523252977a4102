using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Lists services (SUB-01): a System admin all, others those that they administer.</summary>
internal static class ListServices
{
    public static void Map(RouteGroupBuilder services) =>
        services.MapGet("/", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListServices));

    private static async Task<Ok<Page<ServiceRow>>> Handle(ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
        TypedResults.Ok(await store.Page<ServiceRow>(
            ServiceRow.Columns,
            $"services s where {ServiceRow.Seen} and (@pattern::text is null or s.name ilike @pattern)",
            $"{query.OrderBy(("name", "lower(s.name)"), ("createdAt", "s.created_at"))}, s.id",
            query, new { viewer = user.Viewer(), pattern = query.Pattern() }, ct));
}
