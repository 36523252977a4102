using System.Collections.Immutable;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Gives somebody a role at an organization or service, or changes what is kept of them there (ROL-05, ROL-06). Identity decides whether
/// the role goes with the person's others (ROL-02); the answer is waited for.
/// </summary>
internal static class Appoint
{
    /// <summary>What is asked for.</summary>
    /// <param name="RequestId">What Identity is asked under, if it has to be asked.</param>
    /// <param name="HolderId">The organization or service.</param>
    /// <param name="UserId">Who.</param>
    /// <param name="Role">One of <see cref="HeldRole"/>.</param>
    /// <param name="Details">What is given; in a change, null stays as it is.</param>
    /// <param name="IsChange">Whether only somebody who has the role is meant.</param>
    /// <param name="By">Who asks.</param>
    public sealed record Command(Guid RequestId, Guid HolderId, Guid UserId, string Role, GivenDetails Details, bool IsChange, Guid By);

    /// <summary>What the rules look at.</summary>
    /// <param name="WhyNot">Why the caller may not, or the holder can't have somebody in the role.</param>
    /// <param name="Classrooms">The supplier's open classrooms.</param>
    public sealed record Facts(Refusal? WhyNot, ImmutableHashSet<Guid> Classrooms);

    public static Decision<AppointmentEvent> Decide(Appointment appointment, Facts facts, Command c)
    {
        if (facts.WhyNot is { } no)
            return no;
        if (c.IsChange && !appointment.Stands)
            return new NotAppointed();
        var details = c.Details.On(c.IsChange ? appointment.Details : new());
        // A classroom that closed meanwhile is no reason to refuse a change of something else.
        return details.ClassroomIds.Except(facts.Classrooms).Except(appointment.Details.ClassroomIds).Any() ? new UnknownClassroom()
            : !appointment.Stands ? new AppointmentEvent.Requested(c.RequestId, c.HolderId, c.UserId, c.Role, details, c.By)
            : appointment.Details == details ? Nothing.Happened
            : new AppointmentEvent.DetailsChanged(appointment.UserId, details);
    }

    public static void Map(RouteGroupBuilder organizations)
    {
        foreach (var (path, role) in HeldRole.People)
        {
            var route = $"/{{id:guid}}/{path}/{{userId:guid}}";
            organizations.MapPut(route, (Guid id, Guid userId, GivenDetails? details, [AsParameters] Call call) =>
                AtOrganization(id, userId, role, details ?? new(), isChange: false, path, call)).Requires(Permission.RunOrganizations).WithName($"Put{role}");
            organizations.MapPatch(route, (Guid id, Guid userId, GivenDetails details, [AsParameters] Call call) =>
                AtOrganization(id, userId, role, details, isChange: true, path, call)).Requires(Permission.RunOrganizations).WithName($"Patch{role}");
        }

        organizations.MapPut("/{id:guid}/administrators/{userId:guid}", PutAdministrator)
            .Requires(Permission.RunOrganizations).WithName("PutAdministrator");
    }

    /// <summary>Appoints, and waits for Identity's answer as long as the caller likes.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="facts">Gathers what the rules look at.</param>
    /// <param name="location">Where the appointment is shown.</param>
    /// <param name="call">Who asks, and how.</param>
    public static async Task<Results<Ok<AppointmentRow>, Accepted, ProblemHttpResult>> Handle(
        Command command, Func<EventSession, Task<Facts>> facts, string location, Call call)
    {
        var id = Appointment.StreamOf(command.Role, command.HolderId, command.UserId);
        var refusal = await call.Store.Transact(
            call.User.Metadata(call.Http, command.HolderId),
            async session =>
            {
                var known = await facts(session);
                var stream = await session.FetchForWriting<Appointment, AppointmentEvent>(id, call.Ct);
                var decision = Decide(stream.Aggregate, known, command);
                if ((known.WhyNot ?? call.IfMatch.WhyNot(stream.CurrentVersion) ?? decision.Refusal) is { } no)
                    return no;
                stream.AppendMany(decision.Events);
                return null;
            },
            call.Ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var appointment = await call.Store.WaitFor<Appointment, AppointmentEvent>(
            id, state => state.Status != AppointmentStatus.Requested, call.Wait.Time, call.Ct);
        if (appointment.Status == AppointmentStatus.Requested)
            return TypedResults.Accepted(location);
        if (appointment.Refusal is { } identitys)
            return identitys.ToProblem();
        var row = (await AppointmentRow.Read(call.Store, command.HolderId, command.UserId, [command.Role], call.Ct))!;
        call.Http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }

    private static async Task<Results<Ok<AppointmentRow>, Accepted, ProblemHttpResult>> PutAdministrator(
        Guid id, Guid userId, GivenRole given, [AsParameters] Call call)
    {
        if (HeldRole.Administrators.Contains(given.Role))
            return await AtOrganization(id, userId, given.Role!, new(), isChange: false, "administrators", call);
        var errors = new FieldErrors();
        errors.Add("role", $"one of {string.Join(", ", HeldRole.Administrators)}");
        return errors.Refusal!.ToProblem();
    }

    private static async Task<Results<Ok<AppointmentRow>, Accepted, ProblemHttpResult>> AtOrganization(
        Guid id, Guid userId, string role, GivenDetails details, bool isChange, string path, Call call)
    {
        var errors = new FieldErrors();
        var read = details.Read(role, errors);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        var command = new Command(Guid.CreateVersion7(call.Clock.GetUtcNow()), id, userId, role, read, isChange, call.User.Id);
        var which = path == "administrators" ? $"?role={role}" : "";
        return await Handle(command, session => AtOrganization(session, command, call), $"/api/v1/organizations/{id}/{path}/{userId}{which}", call);
    }

    private static async Task<Facts> AtOrganization(EventSession session, Command command, Call call)
    {
        var (organization, caller) = await Appointing.Gather(session, command.HolderId, command.Role, call.User, call.Ct);
        return new(
            organization.WhyNotAppoint(command.Role, call.User.Id, call.User.IsSystemAdmin, caller)
                ?? organization.WhyNotHave(command.Role),
            organization.OpenClassrooms);
    }

    public sealed record GivenRole(string? Role);

    /// <summary>Who asks, and how; taken as parameters by each endpoint that appoints.</summary>
    public sealed record Call(
        HttpContext Http, CurrentUser User, PostgresEventStore Store, PreferWait Wait, IfMatch IfMatch, TimeProvider Clock, CancellationToken Ct);
}
