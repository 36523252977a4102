using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Sets a user's system role (ROL-03); what they could do by the earlier one ends at once. Refused while they hold roles that exclude the
/// new one, and for the last System admin (ROL-07).
/// </summary>
internal static class ChangeSystemRole
{
    /// <summary>The role to have.</summary>
    /// <param name="Role">guest, systemAdmin, economyAdmin or applicant.</param>
    public sealed record Request(Role? Role);

    public sealed record Command(Role Role, Guid By);

    public static Decision<UserEvent> Decide(User user, SystemAdmins admins, Command c)
    {
        if (!user.Exists)
            return new UserNotFound();
        if (user.SystemRole == c.Role)
            return Nothing.Happened;
        if (Roles.InTheWayOf(c.Role, user.Roles) is { Count: > 0 } inTheWay)
            return new RoleConflict(c.Role, inTheWay);
        if (user.SystemRole == Role.SystemAdmin && admins.Ids.All(id => id == user.Id))
            return new LastSystemAdmin();
        return To(user, c.Role, c.By, "administrator");
    }

    /// <summary>The user has another system role.</summary>
    public static UserEvent.SystemRoleChanged To(User user, Role role, Guid by, string why) =>
        new(user.Id, user.Email, user.FirstName, user.LastName, user.Phone, user.Language, user.SystemRole, role, by, why);

    /// <summary>What a change means for the list of System admins.</summary>
    public static IEnumerable<SystemAdminsEvent> Follow(UserEvent happened) => happened switch
    {
        UserEvent.Registered { SystemRole: Role.SystemAdmin } e => [new SystemAdminsEvent.Added(e.UserId)],
        UserEvent.SystemRoleChanged { From: Role.SystemAdmin } e => [new SystemAdminsEvent.Removed(e.UserId)],
        UserEvent.Closed { SystemRole: Role.SystemAdmin } e => [new SystemAdminsEvent.Removed(e.UserId)],
        UserEvent.SystemRoleChanged { To: Role.SystemAdmin } e => [new SystemAdminsEvent.Added(e.UserId)],
        _ => [],
    };

    public static void Map(RouteGroupBuilder users) =>
        users.MapPut("/{id:guid}/system-role", Handle).WithName(nameof(ChangeSystemRole)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Results<Ok<UserDetails>, ProblemHttpResult>> Handle(
        Guid id, Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, Users users, Sessions sessions,
        EndedSessions ended, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(request.Role is { } wanted && wanted.CanBeSet(), "role", "The role is guest, systemAdmin, economyAdmin or applicant.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var command = new Command(request.Role!.Value, caller.Id);
        var (decision, over) = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var user = await session.FetchForWriting<User, UserEvent>(User.Stream(id), ct);
                var admins = await session.FetchForWriting<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream, ct);
                var before = user.Aggregate.SystemRole;
                var decided = Decide(user.Aggregate, admins.Aggregate, command);
                user.AppendMany(decided.Events);
                admins.AppendMany(decided.Events.SelectMany(Follow));

                // Tokens carry the role: whoever loses one signs in again.
                var ends = decided.Events.Count > 0 && before != Role.Guest;
                return (decided, ends ? await EndSession.AllOf(id, SessionEnd.RoleTaken, session, sessions, clock, ct) : []);
            },
            ct);
        if (decision.Refusal is { } refusal)
            return refusal.ToProblem();
        EndSession.InThisProcess(ended, over, id, clock);
        return TypedResults.Ok((await users.Details(id, ct))!);
    }
}
