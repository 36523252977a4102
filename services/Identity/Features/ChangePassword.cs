using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Changes the caller's password and ends their other sessions (USR-08).</summary>
internal static class ChangePassword
{
    /// <summary>A change of password.</summary>
    /// <param name="Current">The password until now.</param>
    /// <param name="New">The password from now on.</param>
    public sealed record Request(string? Current, string? New);

    public sealed record Command(string Hash);

    public static Decision<UserEvent> Decide(User user, Command c) =>
        user.Exists ? new UserEvent.PasswordSet(user.Id, c.Hash, MustChange: false) : new UserNotFound();

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/me/password", Handle).WithName(nameof(ChangePassword)).WithTags("Own account").Requires(Permission.OwnAccount);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, CurrentUser caller, HttpContext http, PostgresEventStore store, Sessions sessions, SignInAttempts attempts,
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

        // A stolen session must not be a way to guess the password.
        var account = Users.KeyOf(user.Email);
        if (await attempts.Take(account, http.Connection.RemoteIpAddress, ct) is { } wait)
        {
            http.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
            return new TooManyAttempts(wait).ToProblem();
        }

        if (!await passwords.Verify(user.PasswordHash, request.Current!, ct))
            return new CurrentPasswordWrong().ToProblem();
        await attempts.Succeeded(account, ct);

        var command = new Command(await passwords.Hash(request.New!, ct));
        var others = (await sessions.Of(caller.Id, ct)).Where(id => id != caller.SessionId).ToArray();
        var outcome = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var end = new EndSession.Command(SessionEnd.PasswordChanged, EndSession.TokensUntil(clock));
                foreach (var id in others)
                    await session.Decide<Session, SessionEvent>(Session.Stream(id), s => EndSession.Decide(s, end), ct);
                return await session.Decide<User, UserEvent>(User.Stream(caller.Id), u => Decide(u, command), ct);
            },
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        foreach (var id in others)
            EndSession.InThisProcess(ended, id, caller.Id, clock);
        return TypedResults.NoContent();
    }
}
