using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Shows one organization (SUB-01); one that the caller has nothing to do with does not exist for them (SEC-02).</summary>
internal static class GetOrganization
{
    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/{id:guid}", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetOrganization));

    public static Task<OrganizationRow?> Read(PostgresEventStore store, Guid id, CurrentUser user, CancellationToken ct) => store.One<OrganizationRow>(
        $"select {OrganizationRow.Columns} from organizations o where o.id = @id and {Reading.Sees("o.id")}", new { id, viewer = user.Viewer() }, ct);

    private static async Task<Results<Ok<OrganizationRow>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PostgresEventStore store, HttpResponse response, CancellationToken ct)
    {
        if (await Read(store, id, user, ct) is not { } row)
            return new OrganizationNotFound().ToProblem();
        response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
