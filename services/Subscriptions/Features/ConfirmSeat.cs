using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>Turns the seat that was kept for an invitation into its holder's (SUB-03).</summary>
internal static class ConfirmSeat
{
    public sealed record Command(Guid InvitationId, Guid OrganizationId, Guid UserId);

    public static Decision<AdmissionEvent> Decide(Admission admission, Command c) => admission switch
    {
        { Status: AdmissionStatus.Granted, SubscriptionId: { } subscription } =>
            new AdmissionEvent.Confirmed(c.OrganizationId, subscription, c.UserId),
        _ => Nothing.Happened,
    };

    /// <summary>Gathers, decides and appends.</summary>
    /// <returns>Whether the seat is occupied, now or before.</returns>
    public static async Task<bool> Handle(Command c, EventSession session, CancellationToken ct)
    {
        var admission = await session.FetchForWriting<Admission, AdmissionEvent>(Admission.StreamOf(c.InvitationId, c.OrganizationId), ct);
        var decision = Decide(admission.Aggregate, c);
        if (decision.Events.Count > 0)
        {
            var outcome = await session.Decide<Subscription, SubscriptionEvent>(
                Subscription.StreamOf(admission.Aggregate.SubscriptionId!.Value, c.OrganizationId),
                subscription => OccupySeat.Decide(subscription, new OccupySeat.Command(c.InvitationId, c.UserId)), ct);
            // The two streams are read one after the other: where they disagree, a withdrawal came between, and a second look sees it.
            if (outcome.Refusal is not null)
                throw new ConcurrencyConflictException(admission.Id.Id);
            admission.AppendMany(decision.Events);
        }

        return admission.Aggregate.Status == AdmissionStatus.Confirmed;
    }
}
