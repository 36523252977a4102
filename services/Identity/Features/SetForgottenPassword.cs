using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Sets a new password by the link that was mailed, once, and ends all sessions (USR-08).</summary>
internal static class SetForgottenPassword
{
    /// <summary>The password from now on.</summary>
    /// <param name="Password">The new password.</param>
    public sealed record Request(string? Password);

    public sealed record Command(string TokenHash, string PasswordHash, DateTimeOffset At);

    public static Decision<UserEvent> Decide(User user, Command c)
    {
        if (WhyNot(user, c.TokenHash, c.At) is { } refusal)
            return refusal;
        return new UserEvent[]
        {
            new UserEvent.PasswordSet(user.Id, c.PasswordHash, MustChange: false),
            new UserEvent.PasswordReplaced(user.Id, PasswordReplacedBy.MailedLink),
        };
    }

    /// <summary>What is wrong with a link, or null.</summary>
    public static Refusal? WhyNot(User user, string tokenHash, DateTimeOffset at) => user.PasswordReset switch
    {
        null => new ResetLinkUnknown(),
        var link when link.TokenHash != tokenHash => new ResetLinkReplaced(),
        { IsUsed: true } => new ResetLinkUsed(),
        var link when at >= link.ExpiresAt => new ResetLinkExpired(),
        _ => null,
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/password-resets/{token}", Handle).WithName(nameof(SetForgottenPassword)).WithTags("Session").Requires(Permission.Anyone);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string token, Request request, HttpContext http, PostgresEventStore store, PasswordResets resets, Sessions sessions, SignInAttempts attempts,
        Passwords passwords, EndedSessions ended, TimeProvider clock, CancellationToken ct)
    {
        var hash = LinkTokens.HashOf(token);
        if (await resets.UserOf(hash, ct) is not { } id)
            return new ResetLinkUnknown().ToProblem();
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(id), ct: ct) ?? User.Initial;
        if (WhyNot(user, hash, clock.GetUtcNow()) is { } dead)
            return dead.ToProblem();
        var errors = new FieldErrors();
        foreach (var reason in Passwords.Check(request.Password, user.Email, user.FirstName, user.LastName))
            errors.Add("password", reason);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var command = new Command(hash, await passwords.Hash(request.Password!, ct), clock.GetUtcNow());
        var (outcome, over) = await store.Transact(
            new(CausationId: http.TraceIdentifier),
            async session =>
            {
                var decided = await session.Decide<User, UserEvent>(User.Stream(id), u => Decide(u, command), ct);
                return (decided, decided.Refusal is null ? await EndSession.All(session, sessions, id, SessionEnd.PasswordChanged, clock, ct) : []);
            },
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        EndSession.InThisProcess(ended, over, id, clock);
        // It was the owner of the mailbox: what others tried before is not held against them.
        await attempts.Succeeded(Users.KeyOf(user.Email), http.Connection.RemoteIpAddress, ct);
        return TypedResults.NoContent();
    }
}
