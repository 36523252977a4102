using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Renames a service (SUB-01).</summary>
internal static class RenameService
{
    public sealed record Command(string Name);

    public static Decision<ServiceEvent> Decide(Service service, Command c) => service switch
    {
        { Exists: false } => new ServiceNotFound(),
        _ when service.Name == c.Name => Nothing.Happened,
        _ => new ServiceEvent.Renamed(service.Id, c.Name),
    };

    public static void Map(RouteGroupBuilder services) =>
        services.MapPatch("/{id:guid}", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(RenameService));

    private static async Task<Results<Ok<ServiceRow>, ProblemHttpResult>> Handle(
        Guid id, CreateService.Request request, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var command = new Command(OrganizationFields.Name(request.Name, errors));
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var stream = Service.StreamOf(id);
        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session => ifMatch.WhyNot((await session.FetchForWriting<Service, ServiceEvent>(stream, ct)).CurrentVersion)
                ?? (await session.Decide<Service, ServiceEvent>(stream, service => Decide(service, command), ct)).Refusal,
            ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var row = (await GetService.Read(store, id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
