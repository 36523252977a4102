using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Changes how many seats a subscription has; null lifts the limit. Below what is in use it takes <c>force</c>: nobody loses a seat,
/// and no new one is given until it fits again (SUB-02).
/// </summary>
internal static class ChangeSeatLimit
{
    /// <summary>A class, since null is a limit of its own and has to be told from nothing.</summary>
    public sealed class Request
    {
        public int? SeatLimit
        {
            get;
            set
            {
                field = value;
                IsGiven = true;
            }
        }

        public bool Force { get; set; }

        internal bool IsGiven { get; private set; }
    }

    public sealed record Command(int? SeatLimit, bool Force);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c) => subscription switch
    {
        { Exists: false } => new SubscriptionNotFound(),
        _ when subscription.SeatLimit == c.SeatLimit => Nothing.Happened,
        _ when c.SeatLimit < subscription.Used && !c.Force => new SeatLimitBelowUse(c.SeatLimit.Value, subscription.Reserved, subscription.Occupied),
        _ => new SubscriptionEvent.SeatLimitChanged(c.SeatLimit),
    };

    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapPatch("/{id:guid}", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(ChangeSeatLimit));

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> Handle(
        Guid id, Request request, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(request.IsGiven && request.SeatLimit is null or >= 0, "seatLimit", "0 or more, or null for no limit");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await GetSubscription.Read(store, id, user, ct) is not { OrganizationId: var organizationId })
            return new SubscriptionNotFound().ToProblem();

        var command = new Command(request.SeatLimit, request.Force);
        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session =>
            {
                var stream = await session.FetchForWriting<Subscription, SubscriptionEvent>(Subscription.StreamOf(id, organizationId), ct);
                var decision = Decide(stream.Aggregate, command);
                if ((ifMatch.WhyNot(stream.CurrentVersion) ?? decision.Refusal) is { } no)
                    return no;
                stream.AppendMany(decision.Events);
                return null;
            },
            ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var row = (await GetSubscription.Read(store, id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row.View());
    }
}
