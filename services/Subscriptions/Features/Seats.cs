using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>Reserves a seat for an invitation: the one decider that every door goes through (SUB-03, SUB-06, INV-12).</summary>
internal static class ReserveSeat
{
    public sealed record Command(Guid InvitationId, Guid InviteeId, DateOnly Today);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c) => subscription switch
    {
        { Exists: false } => SubscriptionNotActive.NotOfThisPair(),
        _ when subscription.Seats.ContainsKey(c.InvitationId) || subscription.Awaits(c.InvitationId) => Nothing.Happened,
        _ when !subscription.IsActiveOn(c.Today) => SubscriptionNotActive.Of(subscription, c.Today),
        // Nobody passes those who wait.
        { Waiting.IsEmpty: true } when Waitlist.Take(subscription, c.InvitationId, c.InviteeId) is { Length: > 0 } taken => taken,
        { AtLimit: AtLimit.Waitlist } => new SubscriptionEvent.InvitationWaitlisted(c.InvitationId, c.InviteeId),
        _ => new SeatLimitReached(subscription.Reserved, subscription.Occupied, subscription.SeatLimit ?? subscription.Used),
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

/// <summary>
/// Gives the seat of an invitation back, or its place on the waitlist, once; what is not there is back already (SUB-03). The first who
/// waits gets the seat in the same decision.
/// </summary>
internal static class ReleaseSeat
{
    public sealed record Command(Guid InvitationId, string Reason, DateOnly Today);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c) =>
        subscription.Seats.TryGetValue(c.InvitationId, out var seat)
            ? Waitlist.After(subscription, [new SubscriptionEvent.SeatReleased(c.InvitationId, seat.IsOccupied, c.Reason)], c.Today)
            : subscription.Awaits(c.InvitationId)
                ? new SubscriptionEvent.WaitingEnded(c.InvitationId, c.Reason)
                : Nothing.Happened;
}

/// <summary>Gives an occupied seat to another member of the organization: one holder before, one after (SUB-03).</summary>
internal static class TransferSeat
{
    public sealed record Command(Guid InvitationId, Guid UserId);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Organization organization, Command c) =>
        subscription.Seats.GetValueOrDefault(c.InvitationId) switch
        {
            null => new SeatNotFound(),
            { IsOccupied: false } => new SeatNotOccupied(),
            { PersonId: var holder } when holder == c.UserId => Nothing.Happened,
            _ when organization.AccessOf(c.UserId).Count == 0 => new NotAMember(),
            _ when subscription.Seats.Values.Any(seat => seat.PersonId == c.UserId) => new SeatHeldAlready(),
            { PersonId: var holder } => new SubscriptionEvent.SeatTransferred(c.InvitationId, holder, c.UserId),
        };
}

/// <summary>
/// Changes how many seats there are; null lifts the limit. Below what is in use it takes force: nobody loses a seat, and no new one is
/// given until it fits again (SUB-02).
/// </summary>
internal static class ChangeSeatLimit
{
    public sealed record Command(int? SeatLimit, bool Force);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c) => subscription switch
    {
        { Exists: false } => new SubscriptionNotFound(),
        _ when subscription.SeatLimit == c.SeatLimit => Nothing.Happened,
        _ when c.SeatLimit < subscription.Used && !c.Force => new SeatLimitBelowUse(c.SeatLimit.Value, subscription.Reserved, subscription.Occupied),
        _ => new SubscriptionEvent.SeatLimitChanged(c.SeatLimit),
    };
}

/// <summary>Who waits for a seat, and what becomes of them when something else happens (INV-12, SUB-06).</summary>
internal static class Waitlist
{
    /// <summary>Why somebody left the waitlist for a seat.</summary>
    public const string SeatFree = "seat-free";

    /// <summary>What happened, and the seats that those who wait get by it, the first first.</summary>
    public static SubscriptionEvent[] After(Subscription subscription, IReadOnlyList<SubscriptionEvent> happened, DateOnly today)
    {
        var events = happened.ToList();
        var state = happened.Aggregate(subscription, (s, e) => s.Apply(e));
        while (state.IsActiveOn(today) && state.Waiting is [var next, ..] && Take(state, next.InvitationId, next.InviteeId) is { Length: > 0 } taken)
        {
            SubscriptionEvent[] gone = [new SubscriptionEvent.WaitingEnded(next.InvitationId, SeatFree), .. taken];
            events.AddRange(gone);
            state = gone.Aggregate(state, (s, e) => s.Apply(e));
        }

        return [.. events];
    }

    /// <summary>A free seat for an invitation, or one that the limit grows by; nothing when there is none.</summary>
    public static SubscriptionEvent[] Take(Subscription subscription, Guid invitationId, Guid inviteeId) => subscription switch
    {
        { SeatLimit: var limit } when limit is null || subscription.Used < limit => [new SubscriptionEvent.SeatReserved(invitationId, inviteeId)],
        { AtLimit: AtLimit.Grow, Ceiling: var ceiling } when subscription.Used < ceiling =>
            [new SubscriptionEvent.SeatLimitGrown(subscription.Used + 1), new SubscriptionEvent.SeatReserved(invitationId, inviteeId)],
        _ => [],
    };
}
