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

    [EventType("subscription.seat_reserved.v1")]
    public sealed record SeatReserved(Guid InvitationId, Guid InviteeId) : SubscriptionEvent;

    [EventType("subscription.seat_occupied.v1")]
    public sealed record SeatOccupied(Guid InvitationId, Guid UserId) : SubscriptionEvent;

    [EventType("subscription.seat_released.v1")]
    public sealed record SeatReleased(Guid InvitationId, bool WasOccupied, string Reason) : SubscriptionEvent;
}
