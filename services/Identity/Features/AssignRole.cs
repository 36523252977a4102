using System.Text.Json;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;

namespace InviteHub.Identity.Features;

/// <summary>
/// Answers the request of an organization or a service that somebody have a role: given when it goes with the others of the person
/// (ROL-02), and refused with those in the way otherwise. A service's first role replaces Guest by Service admin (ROL-05).
/// </summary>
internal static class AssignRole
{
    /// <summary>What the role means for the person; the user's events, possibly none.</summary>
    public static Decision<UserEvent> Decide(User user, RoleAssignment assignment, RoleAssignmentRequested c)
    {
        if (assignment.HasEnded)
            return new RoleAssignmentOver();
        if (Roles.Read(c.Role) is not { } role || !role.IsAssigned())
            return new RoleNotAssignable(c.Role);
        if (!user.Exists)
            return new UserNotFound();
        if (user.AssignedRoles.Exists(held => held.RequestId == c.RequestId))
            return Nothing.Happened;
        if (Roles.InTheWayOf(role, user.Roles) is { Count: > 0 } inTheWay)
            return new RoleConflict(role, inTheWay);
        var granted = new UserEvent.RoleGranted(c.RequestId, role, c.HolderId, c.By);
        return role == Role.ServiceAdmin && user.SystemRole != Role.ServiceAdmin
            ? new UserEvent[] { granted, ChangeSystemRole.To(user, Role.ServiceAdmin, c.By, "service") }
            : granted;
    }

    /// <summary>The answer to the request.</summary>
    public static RoleAssignmentEvent Answer(RoleAssignmentRequested c, Refusal? refusal) => refusal is null
        ? new RoleAssignmentEvent.Granted(c.RequestId, c.UserId, c.Role, c.HolderId)
        : new RoleAssignmentEvent.Refused(
            c.RequestId, c.UserId, c.Role, c.HolderId, JsonNamingPolicy.CamelCase.ConvertName(refusal.Kind.ToString()), refusal.Code, refusal.Detail);

    /// <summary>Decides and answers in one session, once.</summary>
    public static async Task Handle(RoleAssignmentRequested c, EventSession session, CancellationToken ct)
    {
        var assignment = await session.FetchForWriting<RoleAssignment, RoleAssignmentEvent>(RoleAssignment.Stream(c.RequestId), ct);
        if (assignment.Aggregate.IsAnswered)
            return;
        var outcome = await session.Decide<User, UserEvent>(User.Stream(c.UserId), user => Decide(user, assignment.Aggregate, c), ct);
        assignment.AppendOne(Answer(c, outcome.Refusal));
    }
}
