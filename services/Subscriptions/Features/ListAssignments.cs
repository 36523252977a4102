using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Lists the Applicants who are assigned to a customer (ROL-06): a System admin and its founders all, others themselves.</summary>
internal static class ListAssignments
{
    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/{id:guid}/assignments", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListAssignments));

    private static async Task<Results<Ok<Page<MemberRow>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        if (await GetOrganization.Read(store, id, user, ct) is null)
            return new OrganizationNotFound().ToProblem();
        return TypedResults.Ok(await store.Page<MemberRow>(
            $"{People.Columns}, m.user_id, m.permissions",
            $"""
            organization_access m left join people p on p.user_id = m.user_id
            where m.organization_id = @id
              and '{OrganizationAccess.Applicant}' = any(m.permissions)
              and {ListPermissions.Shown}
              and {People.Matches}
            """,
            $"{query.OrderBy(People.Orders)}, m.user_id", query, new { id, viewer = user.Viewer(), pattern = query.Pattern() }, ct));
    }
}
