using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>A person asks to be removed, and says why (GDP-01); the System admins are told. Asked again, it is the same request; it can be taken back.</summary>
internal static class RequestRemoval
{
    private const int LongestReason = 1000;

    /// <summary>How many System admins are told.</summary>
    private const int MostTold = 20;

    /// <summary>What is asked.</summary>
    /// <param name="Reason">Why, in the person's own words.</param>
    public sealed record Request(string? Reason);

    /// <summary>One's own request.</summary>
    /// <param name="Id">The request.</param>
    /// <param name="Status"><c>pending</c>, <c>processed</c> or <c>withdrawn</c>.</param>
    /// <param name="Reason">Why.</param>
    public sealed record View(Guid Id, RemovalStatus Status, string Reason)
    {
        public static View Of(RemovalRequest request) => new(request.Id, request.Status, request.Reason);
    }

    public sealed record Command(Guid UserId, Guid RequestId, string Reason, IReadOnlyCollection<Guid> Admins);

    public static Decision<RemovalEvent> Decide(User user, RemovalRequest request, Command c) => request switch
    {
        _ when !user.Exists => new UserNotFound(),
        { IsPending: true } when request.Reason == c.Reason => Nothing.Happened,
        { IsPending: true } => new RemovalEvent.Requested(c.UserId, request.Id, c.Reason),
        _ => (RemovalEvent[])
        [
            new RemovalEvent.Requested(c.UserId, c.RequestId, c.Reason),
            .. c.Admins.Where(admin => admin != c.UserId).Order().Take(MostTold).Select(admin => new RemovalEvent.NoticeDue(c.UserId, admin)),
        ],
    };

    public static Decision<RemovalEvent> Withdraw(RemovalRequest request, Guid userId) => request.Status switch
    {
        RemovalStatus.Pending => new RemovalEvent.Withdrawn(userId, request.Id),
        RemovalStatus.Withdrawn => Nothing.Happened,
        _ => new RemovalRequestNotFound(),
    };

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/me/removal-request", Handle).WithName(nameof(RequestRemoval)).WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapGet("/me/removal-request", Get).WithName("GetOwnRemovalRequest").WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapDelete("/me/removal-request", Delete).WithName("WithdrawRemovalRequest").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<Created<View>, ProblemHttpResult>> Handle(
        Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var reason = Fields.Optional(request.Reason, "reason", LongestReason, errors);
        errors.Demand(reason is not null, "reason", "Say why you want to be removed.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var outcome = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var user = await session.FetchForWriting<User, UserEvent>(User.Stream(caller.Id), ct);
                var admins = await session.AggregateStream<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream, ct: ct);
                return await session.Decide<RemovalRequest, RemovalEvent>(
                    RemovalRequest.Stream(caller.Id), r => Decide(user.Aggregate, r, new(caller.Id, id, reason!, admins?.Ids ?? [])), ct);
            },
            ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.Created("/api/v1/me/removal-request", View.Of(outcome.State));
    }

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Get(CurrentUser caller, PostgresEventStore store, CancellationToken ct) =>
        await store.OpenSession().AggregateStream<RemovalRequest, RemovalEvent>(RemovalRequest.Stream(caller.Id), ct: ct) is { } request
            ? TypedResults.Ok(View.Of(request))
            : new RemovalRequestNotFound().ToProblem();

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        CurrentUser caller, HttpContext http, PostgresEventStore store, CancellationToken ct)
    {
        var outcome = await store.Transact(
            caller.Metadata(http),
            session => session.Decide<RemovalRequest, RemovalEvent>(RemovalRequest.Stream(caller.Id), request => Withdraw(request, caller.Id), ct), ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }
}
