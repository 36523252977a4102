using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>Reserves a seat for an invitation: the one decider that every door goes through (SUB-03, SUB-06, INV-12).</summary>
internal static class ReserveSeat
{
    public sealed record Command(Guid InvitationId, Guid InviteeId, DateOnly Today);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c) => subscription switch
    {
        { Exists: false } => SubscriptionNotActive.NotOfThisPair(),
        _ when subscription.Seats.ContainsKey(c.InvitationId) => Nothing.Happened,
        _ when !subscription.IsActiveOn(c.Today) => SubscriptionNotActive.Of(subscription, c.Today),
        { SeatLimit: { } limit } when subscription.Used >= limit => new SeatLimitReached(subscription.Reserved, subscription.Occupied, limit),
        _ => new SubscriptionEvent.SeatReserved(c.InvitationId, c.InviteeId),
    };
}

/// <summary>Lets the person who accepted sit down on the seat that was kept for the invitation; that can never fail for want of one (SUB-03, INV-12).</summary>
internal static class OccupySeat
{
    public sealed record Command(Guid InvitationId, Guid UserId);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c) => subscription.Seats.GetValueOrDefault(c.InvitationId) switch
    {
        null => new SeatNotHeld(),
        { IsOccupied: true, PersonId: var holder } when holder == c.UserId => Nothing.Happened,
        { IsOccupied: true } => new SeatHeldByAnother(),
        _ => new SubscriptionEvent.SeatOccupied(c.InvitationId, c.UserId),
    };
}

/// <summary>Gives the seat of an invitation back, once; a seat that is not there is back already (SUB-03).</summary>
internal static class ReleaseSeat
{
    public sealed record Command(Guid InvitationId, string Reason);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c) =>
        subscription.Seats.TryGetValue(c.InvitationId, out var seat)
            ? new SubscriptionEvent.SeatReleased(c.InvitationId, seat.IsOccupied, c.Reason)
            : Nothing.Happened;
}
