using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Takes a role at an organization or service back (ROL-05, ROL-06); Identity hears of it. Also while Identity is still asked.</summary>
internal static class EndAppointment
{
    public sealed record Command(Guid By);

    /// <summary>The rules.</summary>
    /// <param name="appointment">What there is.</param>
    /// <param name="whyNot">Why the caller may not.</param>
    /// <param name="c">Who takes it back.</param>
    public static Decision<AppointmentEvent> Decide(Appointment appointment, Refusal? whyNot, Command c) => appointment switch
    {
        _ when whyNot is not null => whyNot,
        { Stands: false } => Nothing.Happened,
        _ => new AppointmentEvent.Ended(appointment.RequestId, appointment.HolderId, appointment.UserId, appointment.Role, c.By),
    };

    public static void Map(RouteGroupBuilder organizations)
    {
        foreach (var (path, role) in HeldRole.People)
        {
            organizations.MapDelete($"/{{id:guid}}/{path}/{{userId:guid}}", (Guid id, Guid userId, [AsParameters] Appoint.Call call) =>
                AtOrganization(id, userId, [role], call)).Requires(Permission.RunOrganizations).WithName($"Delete{role}");
        }

        // Without a role, of whichever they administer.
        organizations.MapDelete("/{id:guid}/administrators/{userId:guid}", (Guid id, Guid userId, string? role, [AsParameters] Appoint.Call call) =>
                AtOrganization(id, userId, [.. HeldRole.Administrators.Where(one => role is null || one == role)], call))
            .Requires(Permission.RunOrganizations).WithName("DeleteAdministrator");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AtOrganization(
        Guid id, Guid userId, IReadOnlyList<string> roles, Appoint.Call call)
    {
        var refusal = await call.Store.Transact(
            call.User.Metadata(call.Http, id),
            async session =>
            {
                foreach (var role in roles)
                {
                    var (organization, caller) = await Appointing.Gather(session, id, role, call.User, call.Ct);
                    var whyNot = organization.WhyNotAppoint(role, call.User.Id, call.User.IsSystemAdmin, caller);
                    var outcome = await session.Decide<Appointment, AppointmentEvent>(
                        Appointment.StreamOf(role, id, userId), appointment => Decide(appointment, whyNot, new(call.User.Id)), call.Ct);
                    if (outcome.Refusal is { } no)
                        return no;
                }

                return null;
            },
            call.Ct);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
