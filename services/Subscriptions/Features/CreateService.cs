using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Adds a service (SUB-01).</summary>
internal static class CreateService
{
    public sealed record Request(string? Name);

    public sealed record Command(Guid ServiceId, string Name);

    public static Decision<ServiceEvent> Decide(Service service, Command c) =>
        service.Exists ? Nothing.Happened : new ServiceEvent.Created(c.ServiceId, c.Name);

    public static void Map(RouteGroupBuilder services) =>
        services.MapPost("/", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(CreateService));

    private static async Task<Results<Created<ServiceRow>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, CurrentUser user, Idempotency idempotency, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var command = new Command(Guid.CreateVersion7(clock.GetUtcNow()), OrganizationFields.Name(request.Name, errors));
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var made = await idempotency.Once(
            http, user, command.ServiceId, request,
            async session => (await session.Decide<Service, ServiceEvent>(
                Service.StreamOf(command.ServiceId), service => Decide(service, command), ct)).Refusal,
            ct);
        if (made.Refusal is { } no)
            return no.ToProblem();

        var row = (await GetService.Read(store, made.Id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Created($"/api/v1/services/{made.Id}", row);
    }
}
