using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>What happens to a subscription and its seats; a seat is named by the invitation that took it.</summary>
internal abstract record SubscriptionEvent
{
    private SubscriptionEvent()
    {
    }

    [EventType("subscription.created.v1")]
    public sealed record Created(
        Guid SubscriptionId, Guid OrganizationId, Guid AppId, string Plan, int? SeatLimit, DateOnly StartsOn, DateOnly? EndsOn) : SubscriptionEvent;

    [EventType("subscription.seat_limit_changed.v1")]
    public sealed record SeatLimitChanged(int? SeatLimit) : SubscriptionEvent;

    /// <summary>It grew by itself for one more seat (SUB-06); its owner is told.</summary>
    [EventType("subscription.seat_limit_grown.v1")]
    public sealed record SeatLimitGrown(int SeatLimit) : SubscriptionEvent;

    [EventType("subscription.seat_policy_changed.v1")]
    public sealed record SeatPolicyChanged(AtLimit AtLimit, int? Ceiling) : SubscriptionEvent;

    [EventType("subscription.plan_changed.v1")]
    public sealed record PlanChanged(string Plan) : SubscriptionEvent;

    [EventType("subscription.period_changed.v1")]
    public sealed record PeriodChanged(DateOnly StartsOn, DateOnly? EndsOn) : SubscriptionEvent;

    [EventType("subscription.suspended.v1")]
    public sealed record Suspended : SubscriptionEvent;

    [EventType("subscription.resumed.v1")]
    public sealed record Resumed : SubscriptionEvent;

    /// <summary>Its last day is over; whoever has a seat keeps it.</summary>
    [EventType("subscription.ended.v1")]
    public sealed record Ended(DateOnly LastDay) : SubscriptionEvent;

    [EventType("subscription.invitation_waitlisted.v1")]
    public sealed record InvitationWaitlisted(Guid InvitationId, Guid InviteeId) : SubscriptionEvent;

    /// <summary>It left the waitlist: its seat is reserved next, unless the reason says otherwise.</summary>
    [EventType("subscription.waiting_ended.v1")]
    public sealed record WaitingEnded(Guid InvitationId, string Reason) : SubscriptionEvent;

    [EventType("subscription.seat_reserved.v1")]
    public sealed record SeatReserved(Guid InvitationId, Guid InviteeId) : SubscriptionEvent;

    [EventType("subscription.seat_occupied.v1")]
    public sealed record SeatOccupied(Guid InvitationId, Guid UserId) : SubscriptionEvent;

    [EventType("subscription.seat_transferred.v1")]
    public sealed record SeatTransferred(Guid InvitationId, Guid FromUserId, Guid ToUserId) : SubscriptionEvent;

    [EventType("subscription.seat_released.v1")]
    public sealed record SeatReleased(Guid InvitationId, bool WasOccupied, string Reason) : SubscriptionEvent;
}
