using InviteHub.EventStore;

namespace InviteHub.Identity.Features;

/// <summary>
/// Lets the role of an app go where its seat goes (SUB-03): from who gave the seat up to who has it now, in one commit. Who cannot have
/// the role, since they have it by another seat, does not get it, and the seat's stream says so.
/// </summary>
internal static class FollowSeat
{
    /// <summary>A seat moved.</summary>
    /// <param name="InvitationId">The invitation that the seat came from.</param>
    /// <param name="FromUserId">Who sat there.</param>
    /// <param name="ToUserId">Who sits there now; null when it was taken back.</param>
    /// <param name="ToldBy">The message, whose id is in the order of time.</param>
    public sealed record Command(Guid InvitationId, Guid FromUserId, Guid? ToUserId, Guid ToldBy);

    /// <summary>Who sits there now; what comes after something later changes nothing of that.</summary>
    public static Decision<AppSeatEvent> Decide(AppSeat seat, Command c) => c.ToldBy.CompareTo(seat.ToldBy) > 0
        ? new AppSeatEvent.Moved(c.InvitationId, c.FromUserId, c.ToUserId, c.ToldBy)
        : Nothing.Happened;

    /// <summary>The role of the seat ends for who has it.</summary>
    public static Decision<UserEvent> End(User user, Guid invitationId) => user.AppRoles.Find(held => held.InvitationId == invitationId) is { } role
        ? new UserEvent.AppRoleEnded(role.OrganizationId, role.AppId, role.SubscriptionId, role.Role, role.InvitationId)
        : Nothing.Happened;

    /// <summary>The role of the seat is granted to who sits there.</summary>
    public static Decision<UserEvent> Grant(User user, AppRole role)
    {
        if (!user.Exists)
            return new UserNotFound();
        if (user.AppRoles.Contains(role))
            return Nothing.Happened;
        if (Roles.InTheWayOf(Role.App, user.Roles) is { Count: > 0 } inTheWay)
            return new RoleConflict(Role.App, inTheWay);
        if (user.AppRoles.Exists(held => held.SubscriptionId == role.SubscriptionId && held.Role == role.Role))
            return new RoleAlreadyHeld(role.Role, role.SubscriptionId);
        return new UserEvent.AppRoleGranted(role.OrganizationId, role.AppId, role.SubscriptionId, role.Role, role.InvitationId);
    }

    /// <summary>Moves the role after the seat.</summary>
    /// <returns>Why its new holder does not get it, or null.</returns>
    public static async Task<Refusal?> Handle(Command c, EventSession session, CancellationToken ct)
    {
        var seat = await session.FetchForWriting<AppSeat, AppSeatEvent>(AppSeat.Stream(c.InvitationId), ct);
        seat.AppendMany(Decide(seat.Aggregate, c).Events);
        var (role, holder) = (seat.Aggregate.Role, seat.Aggregate.HolderId);
        var before = role is null ? c.FromUserId : seat.Aggregate.UserId;
        if (before == holder || (role is not null && seat.Aggregate.ToldBy != c.ToldBy))
            return null;

        if (before is { } from)
        {
            var user = await session.FetchForWriting<User, UserEvent>(User.Stream(from), ct);
            role ??= user.Aggregate.AppRoles.Find(held => held.InvitationId == c.InvitationId);
            user.AppendMany(End(user.Aggregate, c.InvitationId).Events);
        }

        // This one overtook the message about who has the role: it follows with that.
        if (role is null)
            return null;
        var refusal = holder is { } next
            ? (await session.Decide<User, UserEvent>(User.Stream(next), user => Grant(user, role), ct)).Refusal
            : null;
        seat.AppendOne(new AppSeatEvent.RoleFollowed(
            role.OrganizationId, role.AppId, role.SubscriptionId, role.Role, role.InvitationId, refusal is null ? holder : null, refusal?.Code));
        return refusal;
    }
}
