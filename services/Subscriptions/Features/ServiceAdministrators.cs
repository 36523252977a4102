using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Makes somebody the administrator of a service, takes it back, and lists them (ROL-05): the one way to the role Service admin. Whether
/// the person holds nothing but Guest, which it replaces, is Identity's to say.
/// </summary>
internal static class ServiceAdministrators
{
    public static void Map(RouteGroupBuilder services)
    {
        services.MapGet("/{id:guid}/administrators", All).Requires(Permission.SeeOrganizations).WithName("ListServiceAdministrators");
        services.MapGet("/{id:guid}/administrators/{userId:guid}", One).Requires(Permission.SeeOrganizations).WithName("GetServiceAdministrator");
        services.MapPut("/{id:guid}/administrators/{userId:guid}", Put).Requires(Permission.ManageOrganizations).WithName("PutServiceAdministrator");
        services.MapDelete("/{id:guid}/administrators/{userId:guid}", Delete).Requires(Permission.ManageOrganizations).WithName("DeleteServiceAdministrator");
    }

    private static async Task<Results<Ok<Page<AppointmentRow>>, ProblemHttpResult>> All(
        Guid id, string? status, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
        await GetService.Read(store, id, user, ct) is null
            ? new ServiceNotFound().ToProblem()
            : TypedResults.Ok(await ListAppointments.Read(id, [HeldRole.ServiceAdmin], new(status, null, null, null), query, store, ct));

    private static async Task<Results<Ok<AppointmentRow>, ProblemHttpResult>> One(
        Guid id, Guid userId, CurrentUser user, PostgresEventStore store, HttpResponse response, CancellationToken ct)
    {
        if (await GetService.Read(store, id, user, ct) is null)
            return new ServiceNotFound().ToProblem();
        if (await AppointmentRow.Read(store, id, userId, [HeldRole.ServiceAdmin], ct) is not { } row)
            return new NotAppointed().ToProblem();
        response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }

    private static Task<Results<Ok<AppointmentRow>, Accepted, ProblemHttpResult>> Put(Guid id, Guid userId, [AsParameters] Appoint.Call call) =>
        Appoint.Handle(
            new(Guid.CreateVersion7(call.Clock.GetUtcNow()), id, userId, HeldRole.ServiceAdmin, new(), IsChange: false, call.User.Id),
            async session => new(await WhyNot(session, id, call.Ct), []), $"/api/v1/services/{id}/administrators/{userId}", call);

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, Guid userId, [AsParameters] Appoint.Call call)
    {
        var outcome = await call.Store.Transact(
            call.User.Metadata(call.Http, id),
            async session =>
            {
                var whyNot = await WhyNot(session, id, call.Ct);
                return await session.Decide<Appointment, AppointmentEvent>(
                    Appointment.StreamOf(HeldRole.ServiceAdmin, id, userId),
                    appointment => EndAppointment.Decide(appointment, whyNot, new(call.User.Id)), call.Ct);
            },
            call.Ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }

    private static async Task<Refusal?> WhyNot(EventSession session, Guid id, CancellationToken ct) =>
        await session.AggregateStream<Service, ServiceEvent>(Service.StreamOf(id), ct: ct) is { Exists: true } ? null : new ServiceNotFound();
}
