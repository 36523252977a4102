using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

internal sealed record SubscriptionNotFound() : Refusal(
    RefusalKind.NotFound, "subscription-not-found", "There is no such subscription among those that you may see.");

internal sealed record SubscriptionNotActive(string Facts) : Refusal(RefusalKind.Conflict, "subscription-not-active", Facts)
{
    public static SubscriptionNotActive Of(Subscription subscription, DateOnly day) => new(
        subscription.EndsOn is { } end && end < day
            ? $"The subscription ended on {end:yyyy-MM-dd}; choose one that is active."
            : $"The subscription starts on {subscription.StartsOn:yyyy-MM-dd}; invite from that day on.");

    public static SubscriptionNotActive NotOfThisPair() => new("The organization has no such subscription to this app; choose one of its own.");
}

internal sealed record SeatLimitReached(int Reserved, int Occupied, int Limit) : Refusal(
    RefusalKind.Conflict, "seat-limit-reached",
    $"{Reserved + Occupied} of {Limit} seats are taken: {Occupied} occupied, {Reserved} reserved by pending invitations. "
    + $"Give {Reserved + Occupied - Limit + 1} back or raise the limit to {Reserved + Occupied + 1}.");

internal sealed record SeatLimitBelowUse(int Asked, int Reserved, int Occupied) : Refusal(
    RefusalKind.Conflict, "seat-limit-below-use",
    $"{Reserved + Occupied} seats are taken: {Occupied} occupied, {Reserved} reserved. The lowest limit that fits is {Reserved + Occupied}; "
    + $"with force, {Asked} is set and no new seat is given until it fits again.");

internal sealed record SeatNotHeld() : Refusal(
    RefusalKind.Conflict, "seat-not-held", "The invitation has no seat here; invite again.");

internal sealed record SeatHeldByAnother() : Refusal(
    RefusalKind.Conflict, "seat-held-by-another", "Somebody else sits on the seat of this invitation; a seat has one holder.");
