using System.Runtime.CompilerServices;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Changes a subscription's plan, period, limit and what it does at the limit, suspends it and lets it go on (SUB-02, SUB-05, SUB-06).
/// Nobody who has a seat loses it by any of that; those who wait get what it frees.
/// </summary>
internal static class ChangeSubscription
{
    /// <summary>A class, since null has to be told from nothing where it is a value of its own.</summary>
    public sealed class Request
    {
        private readonly HashSet<string> _given = [];

        public string? Plan { get; set; }

        public DateOnly? StartsOn { get; set; }

        public DateOnly? EndsOn { get; set => field = Given(value); }

        public int? SeatLimit { get; set => field = Given(value); }

        public bool Force { get; set; }

        public AtLimit? AtLimit { get; set; }

        public int? Ceiling { get; set => field = Given(value); }

        public bool? Suspended { get; set; }

        internal To<T>? Asked<T>(T value, string name) => _given.Contains(name) ? new To<T>(value) : null;

        private T Given<T>(T value, [CallerMemberName] string name = "")
        {
            _given.Add(name);
            return value;
        }
    }

    /// <summary>A value that is asked for, which may be null; no such record when it is to stay.</summary>
    public sealed record To<T>(T Value);

    public sealed record Command(
        DateOnly Today, string? Plan = null, DateOnly? StartsOn = null, To<DateOnly?>? EndsOn = null, To<int?>? SeatLimit = null, bool Force = false,
        AtLimit? AtLimit = null, To<int?>? Ceiling = null, bool? Suspended = null)
    {
        public bool IsEmpty => this == new Command(Today, Force: Force);
    }

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Command c)
    {
        if (!subscription.Exists)
            return new SubscriptionNotFound();
        var period = (StartsOn: c.StartsOn ?? subscription.StartsOn, EndsOn: c.EndsOn is { } end ? end.Value : subscription.EndsOn);
        if (period.EndsOn < period.StartsOn)
            return new PeriodReversed(period.StartsOn, period.EndsOn.Value);
        var atLimit = c.AtLimit ?? subscription.AtLimit;
        var ceiling = atLimit != AtLimit.Grow ? null : c.Ceiling is { } given ? given.Value : subscription.Ceiling;
        if (atLimit == AtLimit.Grow && ceiling is null)
            return new CeilingNeeded();
        var limit = c.SeatLimit is { } to ? ChangeSeatLimit.Decide(subscription, new(to.Value, c.Force)) : null;
        if (limit?.Refusal is { } no)
            return no;

        List<SubscriptionEvent> happened = [.. limit?.Events ?? []];
        if (c.Plan is not null && c.Plan != subscription.Plan)
            happened.Add(new SubscriptionEvent.PlanChanged(c.Plan));
        if (period != (subscription.StartsOn, subscription.EndsOn))
            happened.Add(new SubscriptionEvent.PeriodChanged(period.StartsOn, period.EndsOn));
        if ((atLimit, ceiling) != (subscription.AtLimit, subscription.Ceiling))
            happened.Add(new SubscriptionEvent.SeatPolicyChanged(atLimit, ceiling));
        if (c.Suspended is { } suspended && suspended != subscription.IsSuspended)
            happened.Add(suspended ? new SubscriptionEvent.Suspended() : new SubscriptionEvent.Resumed());
        return Waitlist.After(subscription, happened, c.Today);
    }

    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapPatch("/{id:guid}", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(ChangeSubscription));

    private static async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> Handle(
        Guid id, Request request, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var command = new Command(
            clock.Today(), request.Plan?.Trim(), request.StartsOn, request.Asked(request.EndsOn, nameof(request.EndsOn)),
            request.Asked(request.SeatLimit, nameof(request.SeatLimit)), request.Force, request.AtLimit,
            request.Asked(request.Ceiling, nameof(request.Ceiling)), request.Suspended);
        var errors = new FieldErrors();
        errors.Demand(!command.IsEmpty, "seatLimit", "something to change: plan, startsOn, endsOn, seatLimit, atLimit, ceiling or suspended");
        errors.Demand(command.Plan is null || CreateSubscription.IsPlan(command.Plan), "plan", CreateSubscription.PlanRule);
        errors.Demand(command.SeatLimit?.Value is null or >= 0, "seatLimit", "0 or more, or null for no limit");
        errors.Demand(command.Ceiling?.Value is null or >= 1, "ceiling", "1 or more");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();
        if (await GetSubscription.Read(store, id, user, ct) is not { OrganizationId: var organizationId })
            return new SubscriptionNotFound().ToProblem();

        var stream = Subscription.StreamOf(id, organizationId);
        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session => ifMatch.WhyNot((await session.FetchForWriting<Subscription, SubscriptionEvent>(stream, ct)).CurrentVersion)
                ?? await session.MoveSeats(stream, subscription => Decide(subscription, command), ct),
            ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var row = (await GetSubscription.Read(store, id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row.View(command.Today));
    }
}
