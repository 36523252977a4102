using System.Globalization;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

internal sealed record SubscriptionNotFound() : Refusal(
    RefusalKind.NotFound, "subscription-not-found", "There is no such subscription among those that you may see.");

internal sealed record SubscriptionNotActive(string Reason, IReadOnlyDictionary<string, string>? Because = null)
    : Refusal(RefusalKind.Conflict, "subscription-not-active", Reason)
{
    public override IReadOnlyDictionary<string, string>? Facts => Because;

    public static SubscriptionNotActive Of(Subscription subscription, DateOnly day) => new(
        subscription switch
        {
            { EndsOn: { } end } when end < day => $"The subscription ended on {end:yyyy-MM-dd}; choose one that is active.",
            { IsSuspended: true } => "The subscription is suspended; a System admin can resume it.",
            _ => $"The subscription starts on {subscription.StartsOn:yyyy-MM-dd}; invite from that day on.",
        },
        About(subscription));

    public static SubscriptionNotActive EndedMeanwhile(Subscription subscription) => new(
        $"The subscription ended on {subscription.EndsOn:yyyy-MM-dd} while the invitation waited for a seat; choose one that is active.", About(subscription));

    // Nothing is known of one that is none of theirs.
    public static SubscriptionNotActive NotOfThisPair() => new("The organization has no such subscription to this app; choose one of its own.");

    private static IReadOnlyDictionary<string, string> About(Subscription subscription) => Named(
        ("subscriptionId", subscription.Id), ("startsOn", subscription.StartsOn), ("endsOn", subscription.EndsOn), ("suspended", subscription.IsSuspended));
}

internal sealed record SeatLimitReached(int Reserved, int Occupied, int Limit) : Refusal(
    RefusalKind.Conflict, "seat-limit-reached",
    $"{Reserved + Occupied} of {Limit} seats are taken: {Occupied} occupied, {Reserved} reserved by pending invitations. "
    + $"Give {Reserved + Occupied - Limit + 1} back or raise the limit to {Reserved + Occupied + 1}. "
    + "A founder can revoke pending invitations and take seats back; a System admin can raise the limit.")
{
    /// <summary>Who could free a seat besides a System admin; known where the organization is.</summary>
    public IReadOnlyList<Guid> Founders { get; init; } = [];

    public override IReadOnlyDictionary<string, string> Facts => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["used"] = Text(Reserved + Occupied),
        ["reserved"] = Text(Reserved),
        ["occupied"] = Text(Occupied),
        ["limit"] = Text(Limit),
        // A seat that is reserved comes back when its invitation is revoked.
        ["revocable"] = Text(Reserved),
        ["limitNeeded"] = Text(Reserved + Occupied + 1),
        ["founders"] = string.Join(',', Founders),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

internal sealed record SeatLimitBelowUse(int Asked, int Reserved, int Occupied) : Refusal(
    RefusalKind.Conflict, "seat-limit-below-use",
    $"{Reserved + Occupied} seats are taken: {Occupied} occupied, {Reserved} reserved. The lowest limit that fits is {Reserved + Occupied}; "
    + $"with force, {Asked} is set and no new seat is given until it fits again.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("asked", Asked), ("reserved", Reserved), ("occupied", Occupied), ("lowestLimit", Reserved + Occupied));
}

internal sealed record SeatNotHeld() : Refusal(
    RefusalKind.Conflict, "seat-not-held", "The invitation has no seat here; invite again.");

internal sealed record SeatHeldByAnother() : Refusal(
    RefusalKind.Conflict, "seat-held-by-another", "Somebody else sits on the seat of this invitation; a seat has one holder.");

internal sealed record SeatNotFound() : Refusal(
    RefusalKind.NotFound, "seat-not-found", "No seat of this subscription is under that invitation; look at its list of seats.");

internal sealed record SeatNotOccupied() : Refusal(
    RefusalKind.Conflict, "seat-not-occupied", "The seat is kept for a pending invitation; revoke the invitation, and the seat comes back.");

internal sealed record SeatHeldAlready() : Refusal(
    RefusalKind.Conflict, "seat-held-already", "This person has a seat of the subscription already; take one of the two back first.");

internal sealed record NotAMember() : Refusal(
    RefusalKind.Conflict, "not-a-member", "This person does not belong to the organization; make them a member first.");

internal sealed record PeriodReversed(DateOnly StartsOn, DateOnly EndsOn) : Refusal(
    RefusalKind.Invalid, "period-reversed", $"A period from {StartsOn:yyyy-MM-dd} to {EndsOn:yyyy-MM-dd} ends before it starts; give a later endsOn.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("startsOn", StartsOn), ("endsOn", EndsOn));
}

internal sealed record CeilingNeeded() : Refusal(
    RefusalKind.Invalid, "ceiling-needed", "A limit that grows by itself needs a ceiling to stop at; give one, 1 or more.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("lowestCeiling", 1));
}
