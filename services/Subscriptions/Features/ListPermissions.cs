using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Lists what users have in an organization, assignments of Applicants included (SUB-01, ROL-06): a System admin and its founder all,
/// others what they have themselves.
/// </summary>
internal static class ListPermissions
{
    /// <summary>SQL that holds where the <c>@viewer</c> may see what the user of the row <c>m</c> has in the organization <c>@id</c>.</summary>
    public const string Shown =
        $"""
        (@viewer::uuid is null or m.user_id = @viewer or exists (
            select 1 from organization_access f
            where f.organization_id = @id and f.user_id = @viewer and '{OrganizationAccess.Founder}' = any(f.permissions)))
        """;

    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/{id:guid}/permissions", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListPermissions));

    private static async Task<Results<Ok<Page<OrganizationAccessRow>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, string? permission, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        if (await GetOrganization.Read(store, id, user, ct) is null)
            return new OrganizationNotFound().ToProblem();
        return TypedResults.Ok(await store.Page<OrganizationAccessRow>(
            "m.user_id, m.permissions",
            $"""
            organization_access m
            where m.organization_id = @id
              and {Shown}
              and (@permission::text is null or @permission = any(m.permissions))
            """,
            query.OrderBy(("userId", "m.user_id")), query, new { id, viewer = user.Viewer(), permission }, ct));
    }
}
