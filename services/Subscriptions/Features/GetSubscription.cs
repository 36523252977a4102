using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Shows a subscription with its seats in use and left (SUB-02, INV-11).</summary>
internal static class GetSubscription
{
    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapGet("/{id:guid}", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetSubscription));

    public static Task<SubscriptionRow?> Read(PostgresEventStore store, Guid id, CurrentUser user, CancellationToken ct) => store.One<SubscriptionRow>(
        $"select {SubscriptionRow.Columns} from {SubscriptionRow.From} where s.id = @id and {Reading.Sees("s.organization_id")}",
        new { id, viewer = user.Viewer() }, ct);

    /// <summary>The events of a subscription that the caller may see, up to an instant when given; null when there is none.</summary>
    public static async Task<IReadOnlyList<RecordedEvent>?> Events(
        PostgresEventStore store, Guid id, CurrentUser user, DateTimeOffset? at, CancellationToken ct) => await Read(store, id, user, ct) is { } row
            ? await store.OpenSession().FetchStream(Subscription.StreamOf(id, row.OrganizationId), timestamp: at, ct: ct)
            : null;

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PostgresEventStore store, HttpResponse response, TimeProvider clock, CancellationToken ct)
    {
        if (await Read(store, id, user, ct) is not { } row)
            return new SubscriptionNotFound().ToProblem();
        response.SetVersion(row.Version);
        return TypedResults.Ok(row.View(clock.Today()));
    }
}
