using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Appends what was decided on a subscription; whoever leaves the waitlist by it is admitted or refused in the same commit, in order (INV-12).
/// </summary>
internal static class SeatMovements
{
    /// <summary>The day, as subscriptions count it.</summary>
    public static DateOnly Today(this TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Who owns what an organization subscribes to, in a fixed order.</summary>
    public static IReadOnlyList<Guid> Founders(this Organization organization) =>
        [.. organization.Access.Where(a => a.Value.Contains(OrganizationAccess.Founder)).Select(a => a.Key).Order()];

    public static async Task<Refusal?> MoveSeats(
        this EventSession session, StreamId subscription, Func<Subscription, Decision<SubscriptionEvent>> decide, CancellationToken ct)
    {
        var stream = await session.FetchForWriting<Subscription, SubscriptionEvent>(subscription, ct);
        var decision = decide(stream.Aggregate);
        stream.AppendMany(decision.Events);
        foreach (var waited in decision.Events.OfType<SubscriptionEvent.WaitingEnded>())
        {
            await session.Decide<Admission, AdmissionEvent>(
                Admission.StreamOf(waited.InvitationId, stream.Aggregate.OrganizationId),
                admission => EndWaiting.Decide(admission, stream.Aggregate, waited.InvitationId), ct);
        }

        return decision.Refusal;
    }
}

/// <summary>An invitation that waited is granted its seat, or refused when the subscription ended meanwhile (INV-12, SUB-05).</summary>
internal static class EndWaiting
{
    public static Decision<AdmissionEvent> Decide(Admission admission, Subscription subscription, Guid invitationId)
    {
        // What was withdrawn has been answered.
        if (admission is not { Status: AdmissionStatus.Waiting, Offer: { } offer })
            return Nothing.Happened;
        if (subscription.Seats.ContainsKey(invitationId))
        {
            return new AdmissionEvent.Granted(offer.OrganizationId, offer.OrganizationName, offer.AppName, offer.RoleName, offer.SubscriptionId, offer.ValidForDays)
            {
                Role = offer.Role,
            };
        }

        var no = SubscriptionNotActive.EndedMeanwhile(subscription);
        return new AdmissionEvent.Refused(offer.OrganizationId, no.Kind, no.Code, no.Detail) { Facts = no.Facts };
    }
}
