using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Shows one service (SUB-01); one that the caller does not administer does not exist for them.</summary>
internal static class GetService
{
    public static void Map(RouteGroupBuilder services) =>
        services.MapGet("/{id:guid}", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetService));

    public static Task<ServiceRow?> Read(PostgresEventStore store, Guid id, CurrentUser user, CancellationToken ct) => store.One<ServiceRow>(
        $"select {ServiceRow.Columns} from services s where s.id = @id and {ServiceRow.Seen}", new { id, viewer = user.Viewer() }, ct);

    private static async Task<Results<Ok<ServiceRow>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PostgresEventStore store, HttpResponse response, CancellationToken ct)
    {
        if (await Read(store, id, user, ct) is not { } row)
            return new ServiceNotFound().ToProblem();
        response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
