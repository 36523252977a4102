using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Lists an organization's members with what they may do there (SUB-01), for everybody who may see it. Applicants who are only
/// assigned to it are in <see cref="ListAssignments"/>.
/// </summary>
internal static class ListMembers
{
    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/{id:guid}/members", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(ListMembers));

    private static async Task<Results<Ok<Page<MemberRow>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, string? permission, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        if (await GetOrganization.Read(store, id, user, ct) is null)
            return new OrganizationNotFound().ToProblem();
        return TypedResults.Ok(await store.Page<MemberRow>(
            $"{People.Columns}, m.user_id, m.permissions",
            $"""
            organization_access m left join people p on p.user_id = m.user_id
            where m.organization_id = @id
              and m.permissions <> array['{OrganizationAccess.Applicant}']
              and (@permission::text is null or @permission = any(m.permissions))
              and {People.Matches}
            """,
            $"{query.OrderBy(People.Orders)}, m.user_id", query, new { id, permission, pattern = query.Pattern() }, ct));
    }
}

/// <summary>Somebody who has something in an organization; without a name until Identity has told it.</summary>
internal sealed record MemberRow
{
    public Guid UserId { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Email { get; init; }

    public string[] Permissions { get; init; } = [];
}
