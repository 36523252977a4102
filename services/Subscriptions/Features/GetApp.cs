using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Shows one app with its roles (SUB-02); others than System admins see the apps of their organizations.</summary>
internal static class GetApp
{
    /// <summary>SQL that holds where the <c>@viewer</c> may know of an app.</summary>
    public static string Seen { get; } =
        $"(@viewer::uuid is null or exists (select 1 from entitlements n where n.app_id = a.id and {Reading.Sees("n.organization_id")}))";

    public static void Map(RouteGroupBuilder apps) =>
        apps.MapGet("/{id:guid}", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetApp));

    public static Task<AppRow?> Read(PostgresEventStore store, Guid id, CurrentUser user, CancellationToken ct) => store.One<AppRow>(
        $"select {AppRow.Columns} from apps a where a.id = @id and {Seen}", new { id, viewer = user.Viewer() }, ct);

    private static async Task<Results<Ok<AppRow>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PostgresEventStore store, HttpResponse response, CancellationToken ct)
    {
        if (await Read(store, id, user, ct) is not { } row)
            return new AppNotFound().ToProblem();
        response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
