using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Signs a person in with e-mail address and password (USR-08). Unknown and known addresses get the same answer after the same work,
/// and both wait after repeated failures.
/// </summary>
internal static class SignIn
{
    /// <summary>What a person signs in with.</summary>
    /// <param name="Email">The account's address, in any case.</param>
    /// <param name="Password">The password.</param>
    /// <param name="Code">The second factor; not asked for yet.</param>
    public sealed record Request(string? Email, string? Password, string? Code);

    public sealed record Command(Guid UserId, string RefreshHash, SignedInBy How, DateTimeOffset At);

    public static Decision<SessionEvent> Decide(Session session, Command c) => session.Exists
        ? Nothing.Happened
        : new SessionEvent.Started(c.UserId, c.RefreshHash, c.At + RefreshSession.GoodFor, c.At + RefreshSession.LongestSession, c.How);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/session", Handle).WithName(nameof(SignIn)).WithTags("Session").Requires(Permission.Anyone);

    /// <summary>Starts a session of a user and answers with its tokens.</summary>
    public static async Task<SessionTokens> Start(
        User user, SignedInBy how, HttpContext http, PostgresEventStore store, Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var (refreshToken, hash) = Tokens.NewRefreshToken(id);
        var session = store.OpenSession(new CurrentUser(user.Id, id, user.SystemRole.ToText()).Metadata(http));
        session.StartStream<Session, SessionEvent>(Session.Stream(id)).AppendMany(Decide(Session.Initial, new(user.Id, hash, how, now)).Events);
        await session.SaveChanges(ct);
        return tokens.Issue(user, id, refreshToken);
    }

    private static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, PostgresEventStore store, Users users, SignInAttempts attempts, Passwords passwords, Tokens tokens,
        TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(!string.IsNullOrWhiteSpace(request.Email), "email", "Enter your e-mail address.");
        errors.Demand(!string.IsNullOrEmpty(request.Password), "password", "Enter your password.");
        if (errors.Refusal is { } incomplete)
            return incomplete.ToProblem();

        var account = Users.KeyOf(request.Email!);
        if (await attempts.Take(account, http.Connection.RemoteIpAddress, ct) is { } wait)
        {
            http.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
            return new TooManyAttempts(wait).ToProblem();
        }

        // The same steps for an address that nobody has: a stream that is not there, a hash that nothing matches.
        var id = await users.IdOf(request.Email!, ct) ?? Guid.Empty;
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(id), ct: ct);
        if (!await passwords.Verify(user?.PasswordHash, request.Password!, ct))
            return new InvalidCredentials().ToProblem();

        await attempts.Succeeded(account, ct);
        return TypedResults.Ok(await Start(user!, SignedInBy.Password, http, store, tokens, clock, ct));
    }
}
