using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;

namespace InviteHub.Identity.Features;

/// <summary>
/// Takes a role back that an organization or a service gave. With the last service goes Service admin: the person is a Guest again,
/// and signs in again (ROL-05).
/// </summary>
internal static class EndRole
{
    public static Decision<UserEvent> Decide(User user, RoleAssignmentEnded c)
    {
        if (user.AssignedRoles.Find(held => held.RequestId == c.RequestId) is not { } role)
            return Nothing.Happened;
        var ended = new UserEvent.RoleEnded(c.RequestId, role.Role, role.HolderId, c.By);
        return role.Role == Role.ServiceAdmin && user.AssignedRoles.TrueForAll(held => held == role || held.Role != Role.ServiceAdmin)
            ? new UserEvent[] { ended, ChangeSystemRole.To(user, Role.Guest, c.By, "service") }
            : ended;
    }

    /// <summary>Keeps that the role was taken back, also when its request has not come yet.</summary>
    public static async Task Handle(RoleAssignmentEnded c, EventSession session, Sessions sessions, TimeProvider clock, CancellationToken ct)
    {
        var assignment = await session.FetchForWriting<RoleAssignment, RoleAssignmentEvent>(RoleAssignment.Stream(c.RequestId), ct);
        if (assignment.Aggregate.HasEnded)
            return;
        assignment.AppendOne(new RoleAssignmentEvent.Ended(c.RequestId, c.UserId, c.Role, c.HolderId));
        var user = await session.FetchForWriting<User, UserEvent>(User.Stream(c.UserId), ct);
        var ended = Decide(user.Aggregate, c).Events;
        user.AppendMany(ended);
        if (ended.Any(e => e is UserEvent.SystemRoleChanged))
            await EndSession.All(session, sessions, c.UserId, SessionEnd.RoleTaken, clock, ct);
    }
}
