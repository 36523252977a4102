using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Gives an organization a subscription to an app (SUB-02).</summary>
internal static class CreateSubscription
{
    public sealed record Request(
        Guid? OrganizationId, Guid? AppId, string? Plan, int? SeatLimit, DateOnly? StartsOn, DateOnly? EndsOn);

    public sealed record Command(
        Guid SubscriptionId, Guid OrganizationId, Guid AppId, string Plan, int? SeatLimit, DateOnly StartsOn, DateOnly? EndsOn);

    public static Decision<SubscriptionEvent> Decide(Subscription subscription, Organization? organization, App? app, Command c) => subscription switch
    {
        { Exists: true } => Nothing.Happened,
        _ when organization is null => new OrganizationNotFound(),
        _ when app is null => new AppNotFound(),
        _ => new SubscriptionEvent.Created(c.SubscriptionId, c.OrganizationId, c.AppId, c.Plan, c.SeatLimit, c.StartsOn, c.EndsOn),
    };

    public static void Map(RouteGroupBuilder subscriptions) =>
        subscriptions.MapPost("/", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(CreateSubscription));

    /// <summary>All that is wrong with a request, and the command that it asks for when nothing is.</summary>
    public static (ValidationFailed? Invalid, Command Command) Read(Request request, Guid id)
    {
        var errors = new FieldErrors();
        var plan = request.Plan?.Trim() ?? "";
        errors.Demand(request.OrganizationId is not null, "organizationId", "the organization that subscribes");
        errors.Demand(request.AppId is not null, "appId", "the app that it subscribes to");
        errors.Demand(plan.Length is >= 1 and <= 100 && !plan.Any(char.IsControl), "plan", "1 to 100 characters, no line breaks");
        errors.Demand(request.SeatLimit is null or >= 0, "seatLimit", "0 or more, or null for no limit");
        errors.Demand(request.StartsOn is not null, "startsOn", "the first day, YYYY-MM-DD");
        errors.Demand(request.EndsOn is null || request.StartsOn is null || request.EndsOn >= request.StartsOn, "endsOn", "not before startsOn");
        return (errors.Refusal, new Command(
            id, request.OrganizationId ?? Guid.Empty, request.AppId ?? Guid.Empty, plan, request.SeatLimit, request.StartsOn ?? default, request.EndsOn));
    }

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
        return TypedResults.Created($"/api/v1/subscriptions/{made.Id}", row.View());
    }
}
