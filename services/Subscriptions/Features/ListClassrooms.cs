using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Lists a supplier's classrooms (SUB-01) for everybody who may see it; the closed ones with <c>closed=true</c>.</summary>
internal static class ListClassrooms
{
    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/{id:guid}/classrooms", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListClassrooms));

    public static Task<ClassroomRow?> Read(PostgresEventStore store, Guid organizationId, Guid id, CancellationToken ct) => store.One<ClassroomRow>(
        $"select {ClassroomRow.Columns} from classrooms c where c.organization_id = @organizationId and c.id = @id", new { organizationId, id }, ct);

    private static async Task<Results<Ok<Page<ClassroomRow>>, ProblemHttpResult>> Handle(
        Guid id, bool? closed, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        if (await GetOrganization.Read(store, id, user, ct) is null)
            return new OrganizationNotFound().ToProblem();
        return TypedResults.Ok(await store.Page<ClassroomRow>(
            ClassroomRow.Columns,
            "classrooms c where c.organization_id = @id and c.is_closed = @closed and (@pattern::text is null or c.name ilike @pattern)",
            $"{query.OrderBy(("name", "lower(c.name)"))}, c.id", query, new { id, closed = closed ?? false, pattern = query.Pattern() }, ct));
    }
}
