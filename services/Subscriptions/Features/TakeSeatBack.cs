using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// A System admin or founder takes an occupied seat back (SUB-03); what the app grants ends by <c>SeatTakenBack</c>. A seat that is kept
/// for a pending invitation comes back by revoking that: otherwise its acceptance would find none.
/// </summary>
internal static class TakeSeatBack
{
    /// <summary>The seat's movement and the admission's end, in one commit.</summary>
    public static Decision<AdmissionEvent> Decide(Admission admission, Seat? seat, Guid organizationId) => (admission.Status, seat) switch
    {
        (AdmissionStatus.TakenBack, _) => Nothing.Happened,
        (_, null) => new SeatNotFound(),
        (_, { IsOccupied: false }) => new SeatNotOccupied(),
        _ => new AdmissionEvent.TakenBack(organizationId, admission.SubscriptionId!.Value, seat.PersonId),
    };

    public static void Map(RouteGroupBuilder subscriptions) => subscriptions.MapDelete("/{id:guid}/seats/{invitationId:guid}", Handle)
        .Requires(Permission.ManageSeats).WithName(nameof(TakeSeatBack));

    /// <summary>Gathers, decides and appends.</summary>
    public static async Task<Refusal?> Take(EventSession session, StreamId subscription, Guid organizationId, Guid invitationId, DateOnly today, CancellationToken ct)
    {
        var admission = await session.FetchForWriting<Admission, AdmissionEvent>(Admission.StreamOf(invitationId, organizationId), ct);
        var seats = (await session.FetchForWriting<Subscription, SubscriptionEvent>(subscription, ct)).Aggregate.Seats;
        var decision = Decide(admission.Aggregate, seats.GetValueOrDefault(invitationId), organizationId);
        admission.AppendMany(decision.Events);
        return decision.Events.Count == 0
            ? decision.Refusal
            : await session.MoveSeats(subscription, s => ReleaseSeat.Decide(s, new(invitationId, "taken-back", today)), ct);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid invitationId, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        if (await GetSubscription.Read(store, id, user, ct) is not { OrganizationId: var organizationId })
            return new SubscriptionNotFound().ToProblem();

        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session =>
            {
                var organization = (await session.AggregateStream<Organization, OrganizationEvent>(Organization.StreamOf(organizationId), ct: ct))!;
                var stream = await session.FetchForWriting<Subscription, SubscriptionEvent>(Subscription.StreamOf(id, organizationId), ct);
                return HandSeatOver.WhyNot(user, organization) ?? ifMatch.WhyNot(stream.CurrentVersion)
                    ?? await Take(session, stream.Id, organizationId, invitationId, clock.Today(), ct);
            },
            ct);
        return refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }
}
