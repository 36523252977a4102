using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Changes the caller's password and ends their other sessions (USR-08). Of somebody who had to change it, the next access token of the
/// session opens everything again.
/// </summary>
internal static class ChangePassword
{
    /// <summary>A change of password.</summary>
    /// <param name="Current">The password until now.</param>
    /// <param name="New">The password from now on.</param>
    public sealed record Request(string? Current, string? New);

    public sealed record Command(string Hash, DateTimeOffset At);

    public static Decision<UserEvent> Decide(User user, Command c)
    {
        if (!user.Exists)
            return new UserNotFound();
        UserEvent explained = user.OneTimePassword is { } earlier
            ? new UserEvent.TakenOver(user.Id, earlier.InvitationId, c.At)
            : new UserEvent.PasswordReplaced(user.Id, PasswordReplacedBy.Owner);
        return new[] { new UserEvent.PasswordSet(user.Id, c.Hash, MustChange: false), explained };
    }

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/me/password", Handle).WithName(nameof(ChangePassword)).WithTags("Own account").Requires(Permission.OwnPassword);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, Sessions sessions, OwnPassword own,
        Passwords passwords, EndedSessions ended, TimeProvider clock, CancellationToken ct)
    {
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(caller.Id), ct: ct) ?? User.Initial;
        var errors = new FieldErrors();
        errors.Demand(!string.IsNullOrEmpty(request.Current), "current", "Enter the password that you have now.");
        foreach (var reason in Passwords.Check(request.New, user.Email, user.FirstName, user.LastName))
            errors.Add("new", reason);
        errors.Demand(string.IsNullOrEmpty(request.New) || request.New != request.Current, "new", "The new password is the one that you have now.");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        if (await own.WhyNot(user, request.Current!, http, ct) is { } no)
            return no;

        var command = new Command(await passwords.Hash(request.New!, ct), clock.GetUtcNow());
        var (outcome, over) = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var decided = await session.Decide<User, UserEvent>(User.Stream(caller.Id), u => Decide(u, command), ct);
                return (decided, await EndSession.AllOf(caller.Id, SessionEnd.PasswordChanged, session, sessions, clock, ct, keep: caller.SessionId));
            },
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        EndSession.InThisProcess(ended, over, caller.Id, clock);
        return TypedResults.NoContent();
    }
}
