using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>Says what would become of a batch's invitations, seats included, and changes nothing (INV-24).</summary>
internal static class CheckBatch
{
    /// <summary>What would become of invitations to one thing.</summary>
    /// <param name="Free">How many more seats there would be; null when as many as are asked for.</param>
    /// <param name="Waits">Whether those beyond wait.</param>
    /// <param name="No">Why none may go out at all.</param>
    public sealed record Answer(int? Free, bool Waits, Refusal? No);

    /// <summary>By the rules of one invitation, each time as if it were the first. Pure.</summary>
    public static Answer Look(AdmitInvitation.Facts facts, AdmitInvitation.Command one) => AdmitInvitation.WhyNot(facts, one) switch
    {
        { } no when no is not SeatLimitReached => new(Free: 0, Waits: false, no),
        _ when one.SubscriptionId is null => new(Free: null, Waits: false, No: null),
        _ => new(FreeSeats(facts.Subscription), facts.Subscription.AtLimit == AtLimit.Waitlist, No: null),
    };

    /// <summary>Reads what the rules look at, for each thing that is invited to.</summary>
    public static async Task<InvitationBatchChecked> Handle(InvitationBatchUploaded batch, EventSession session, DateOnly today, CancellationToken ct)
    {
        var answers = new List<Answer>();
        foreach (var ((app, subscription), role) in batch.AppIds.Zip(batch.SubscriptionIds).Zip(batch.Roles))
        {
            // No invitation yet: an id that none has.
            var one = new AdmitInvitation.Command(
                batch.BatchId, batch.OrganizationId, batch.Way, batch.InvitedBy, batch.InvitedByRole, batch.BatchId, app, subscription, role, today);
            answers.Add(Look(await AdmitInvitation.Gather(one, session, ct), one));
        }

        return new(
            batch.BatchId, batch.OrganizationId, [.. answers.Select(a => a.Free)], [.. answers.Select(a => a.Waits)],
            [.. answers.Select(a => a.No?.Code ?? "")], [.. answers.Select(a => a.No?.Detail ?? "")]);
    }

    private static int? FreeSeats(Subscription subscription) => subscription switch
    {
        { SeatLimit: null } => null,
        // Nobody passes those who wait.
        { Waiting.IsEmpty: false } => 0,
        { AtLimit: AtLimit.Grow, Ceiling: { } ceiling, SeatLimit: { } limit } => Math.Max(0, Math.Max(limit, ceiling) - subscription.Used),
        { SeatLimit: { } limit } => Math.Max(0, limit - subscription.Used),
    };
}
