using System.Globalization;
using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Tells what each event changed in a subscription, made only by replaying the stream (LOG-01).</summary>
internal static class GetSubscriptionLogs
{
    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapGet("/{id:guid}/logs", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetSubscriptionLogs));

    /// <summary>What of a subscription is shown, by the names of the API.</summary>
    public static IReadOnlyDictionary<string, string?> Fields(Subscription subscription) => !subscription.Exists
        ? new Dictionary<string, string?>(StringComparer.Ordinal)
        : new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["plan"] = subscription.Plan,
            ["startsOn"] = Text(subscription.StartsOn),
            ["endsOn"] = Text(subscription.EndsOn),
            ["seatLimit"] = Text(subscription.SeatLimit),
            ["atLimit"] = JsonNamingPolicy.CamelCase.ConvertName(subscription.AtLimit.ToString()),
            ["ceiling"] = Text(subscription.Ceiling),
            ["suspended"] = subscription.IsSuspended ? "true" : "false",
            ["ended"] = subscription.HasEnded ? "true" : "false",
            ["reserved"] = Text(subscription.Reserved),
            ["occupied"] = Text(subscription.Occupied),
            ["waiting"] = Text(subscription.Waiting.Count),
        };

    private static async Task<Results<Ok<Page<LogEntry>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        _ = query.OrderBy(("at", "at"));
        if (await GetSubscription.Events(store, id, user, null, ct) is not { } events)
            return new SubscriptionNotFound().ToProblem();
        return TypedResults.Ok(await query.Of<LogEntry>([.. ChangeLog.Replay<Subscription, SubscriptionEvent>(events, Fields)]).Named(store, ct));
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
