using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Tells what each event changed in a service and who administers it, made only by replaying the streams (LOG-01).</summary>
internal static class GetServiceLogs
{
    public static void Map(RouteGroupBuilder services) =>
        services.MapGet("/{id:guid}/logs", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(GetServiceLogs));

    /// <summary>What of a service is shown, by the names of the API.</summary>
    public static IReadOnlyDictionary<string, string?> Fields(Service service) =>
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = service.Exists ? service.Name : null };

    private static async Task<Results<Ok<Page<LogEntry>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, PostgresEventStore store, CancellationToken ct)
    {
        _ = query.OrderBy(("at", "at"));
        var own = ChangeLog.Replay<Service, ServiceEvent>(await store.OpenSession().FetchStream(Service.StreamOf(id), ct: ct), Fields).ToArray();
        if (own.Length == 0)
            return new ServiceNotFound().ToProblem();
        var administrators = await AppointmentLog.Of(store, id, [HeldRole.ServiceAdmin], ct);
        return TypedResults.Ok(await query.Of<LogEntry>([.. own.Concat(administrators).OrderBy(entry => entry.At)]).Named(store, ct));
    }
}
