using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Takes back what an invitation was given, once (INV-09, INV-12). A withdrawal that overtakes its request leaves a tombstone, so that
/// the request is not admitted later. An accepted invitation's seat belongs to its holder: nothing is taken from it.
/// </summary>
internal static class WithdrawInvitation
{
    public sealed record Command(Guid InvitationId, Guid OrganizationId, string Reason, DateOnly Today, int Round = 1);

    public static Decision<AdmissionEvent> Decide(Admission admission, Command c) => admission.Status switch
    {
        _ when c.Round < admission.Round => Nothing.Happened,
        AdmissionStatus.Withdrawn or AdmissionStatus.Confirmed or AdmissionStatus.TakenBack => Nothing.Happened,
        _ => new AdmissionEvent.Withdrawn(c.OrganizationId, c.Reason),
    };

    public static async Task Handle(Command c, EventSession session, CancellationToken ct)
    {
        var admission = await session.FetchForWriting<Admission, AdmissionEvent>(Admission.StreamOf(c.InvitationId, c.OrganizationId), ct);
        admission.AppendMany(admission.Aggregate.Begin(c.Round, c.OrganizationId).Events);
        var held = admission.Aggregate.HasClaim ? admission.Aggregate.SubscriptionId : null;
        var decision = Decide(admission.Aggregate, c);
        admission.AppendMany(decision.Events);
        if (decision.Events.Count > 0 && held is { } subscription)
        {
            await session.MoveSeats(
                Subscription.StreamOf(subscription, c.OrganizationId),
                s => ReleaseSeat.Decide(s, new ReleaseSeat.Command(c.InvitationId, c.Reason, c.Today)), ct);
        }
    }
}
