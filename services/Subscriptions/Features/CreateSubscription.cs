using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Gives an organization a subscription to an app (SUB-02).</summary>
internal static class CreateSubscription
{
    public sealed record Request(
        Guid? OrganizationId, Guid? AppId, string? Plan, int? SeatLimit, DateOnly? StartsOn, DateOnly? EndsOn,
        AtLimit? AtLimit = null, int? Ceiling = null);

    public sealed record Command(
        Guid SubscriptionId, Guid OrganizationId, Guid AppId, string Plan, int? SeatLimit, DateOnly StartsOn, DateOnly? EndsOn,
        AtLimit AtLimit = AtLimit.Refuse, int? Ceiling = null);

    public const string PlanRule = "1 to 100 characters, no line breaks";

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Organization? organization, App? app, Command c) => subscription switch
    {
        { Exists: true } => Nothing.Happened,
        _ when organization is null => new OrganizationNotFound(),
        _ when app is null => new AppNotFound(),
        _ when c is { AtLimit: AtLimit.Grow, Ceiling: null } => new CeilingNeeded(),
        _ when c.AtLimit == AtLimit.Refuse => Created(c),
        _ => (SubscriptionEvent[])[Created(c), new SubscriptionEvent.SeatPolicyChanged(c.AtLimit, c.AtLimit == AtLimit.Grow ? c.Ceiling : null)],
    };

    public static bool IsPlan(string text) => text.Length is >= 1 and <= 100 && !text.Any(char.IsControl);

    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapPost("/", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(CreateSubscription));

    /// <summary>All that is wrong with a request, and the command that it asks for when nothing is.</summary>
    public static (ValidationFailed? Invalid, Command Command) Read(Request request, Guid id)
    {
        var errors = new FieldErrors();
        var plan = request.Plan?.Trim() ?? "";
        errors.Demand(request.OrganizationId is not null, "organizationId", "the organization that subscribes");
        errors.Demand(request.AppId is not null, "appId", "the app that it subscribes to");
        errors.Demand(IsPlan(plan), "plan", PlanRule);
        errors.Demand(request.SeatLimit is null or >= 0, "seatLimit", "0 or more, or null for no limit");
        errors.Demand(request.Ceiling is null or >= 1, "ceiling", "1 or more");
        errors.Demand(request.StartsOn is not null, "startsOn", "the first day, YYYY-MM-DD");
        errors.Demand(request.EndsOn is null || request.StartsOn is null || request.EndsOn >= request.StartsOn, "endsOn", "not before startsOn");
        return (errors.Refusal, new Command(
            id, request.OrganizationId ?? Guid.Empty, request.AppId ?? Guid.Empty, plan, request.SeatLimit, request.StartsOn ?? default, request.EndsOn,
            request.AtLimit ?? AtLimit.Refuse, request.Ceiling));
    }

    private static SubscriptionEvent.Created Created(Command c) =>
        new SubscriptionEvent.Created(c.SubscriptionId, c.OrganizationId, c.AppId, c.Plan, c.SeatLimit, c.StartsOn, c.EndsOn);

    private static async Task<Results<Created<SubscriptionView>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, CurrentUser user, Idempotency idempotency, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var (invalid, command) = Read(request, Guid.CreateVersion7(clock.GetUtcNow()));
        if (invalid is not null)
            return invalid.ToProblem();

        var made = await idempotency.Once(
            http, user, command.SubscriptionId, request,
            async session =>
            {
                var organization = await session.AggregateStream<Organization, OrganizationEvent>(Organization.StreamOf(command.OrganizationId), ct: ct);
                var app = await session.AggregateStream<App, AppEvent>(App.StreamOf(command.AppId), ct: ct);
                var outcome = await session.Decide<Subscription, SubscriptionEvent>(
                    Subscription.StreamOf(command.SubscriptionId, command.OrganizationId),
                    subscription => Decide(subscription, organization, app, command), ct);
                return outcome.Refusal;
            },
            ct);
        if (made.Refusal is { } no)
            return no.ToProblem();

        var row = (await GetSubscription.Read(store, made.Id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Created($"/api/v1/subscriptions/{made.Id}", row.View(clock.Today()));
    }
}
