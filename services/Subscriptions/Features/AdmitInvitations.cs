using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Admits many invitations to one subscription in one commit, in their order (INV-20): all, or as many as fit while the others are refused
/// or wait. Each is decided by the rules of one.
/// </summary>
internal static class AdmitInvitations
{
    public sealed record Command(Guid OrganizationId, Guid SubscriptionId, IReadOnlyList<AdmitInvitation.Command> Invitations, bool AllOrNone);

    /// <summary>Gathers, decides and appends.</summary>
    /// <returns>Why there are not seats for all, when there must be; nothing is appended then.</returns>
    public static async Task<Refusal?> Handle(Command c, EventSession session, CancellationToken ct)
    {
        if (c.AllOrNone)
        {
            var stream = await session.FetchForWriting<Subscription, SubscriptionEvent>(Subscription.StreamOf(c.SubscriptionId, c.OrganizationId), ct);
            var seats = new ReserveSeats.Command([.. c.Invitations.Select(i => (i.InvitationId, i.InviteeId))], AllOrNone: true, c.Invitations[0].Today);
            if (ReserveSeats.Decide(stream.Aggregate, seats).Refusal is { } no)
                return no;
        }

        foreach (var invitation in c.Invitations)
            await AdmitInvitation.Handle(invitation, session, ct);
        return null;
    }
}
