using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Signs a person in with e-mail address and password (USR-08). Unknown and known addresses get the same answer after the same work,
/// and both wait after repeated failures; a second factor that is wrong is such a failure too.
/// </summary>
internal static class SignIn
{
    /// <summary>What a person signs in with.</summary>
    /// <param name="Email">The account's address or username, in any case.</param>
    /// <param name="Password">The password.</param>
    /// <param name="Code">The second factor, where the account has one: of the app, by e-mail, or a recovery code.</param>
    public sealed record Request(string? Email, string? Password, string? Code);

    public sealed record Command(Guid UserId, string RefreshHash, SignedInBy How, string Device, DateTimeOffset At);

    public static Decision<SessionEvent> Decide(Session session, Command c) => session.Exists
        ? Nothing.Happened
        : new SessionEvent[]
        {
            new SessionEvent.Started(c.UserId, c.RefreshHash, c.At + RefreshSession.GoodFor, c.At + RefreshSession.LongestSession, c.How),
            new SessionEvent.DeviceSeen(c.Device),
        };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/session", Handle).WithName(nameof(SignIn)).WithTags("Session").Requires(Permission.Anyone);

    /// <summary>What is missing of that which everybody signs in with, or null.</summary>
    public static ValidationFailed? Incomplete(string? email, string? password)
    {
        var errors = new FieldErrors();
        errors.Demand(!string.IsNullOrWhiteSpace(email), "email", "Enter your e-mail address.");
        errors.Demand(!string.IsNullOrEmpty(password), "password", "Enter your password.");
        return errors.Refusal;
    }

    /// <summary>Starts a session of a user, with what else the unit of work does, and makes its tokens.</summary>
    public static SessionTokens Start(EventSession session, User user, SignedInBy how, HttpContext http, Tokens tokens, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var (refreshToken, hash) = Tokens.NewRefreshToken(id);
        session.Metadata = new CurrentUser(user.Id, id, user.SystemRole.ToText()).Metadata(http);
        session.StartStream<Session, SessionEvent>(Session.Stream(id))
            .AppendMany(Decide(Session.Initial, new(user.Id, hash, how, Device.Of(http.Request.Headers.UserAgent), now)).Events);
        return tokens.Issue(user, id, refreshToken);
    }

    private static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, PostgresEventStore store, Users users, SignInAttempts attempts, AccountPasswords passwords, LinkTokens links,
        Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        if (Incomplete(request.Email, request.Password) is { } incomplete)
            return incomplete.ToProblem();

        var account = Users.KeyOf(request.Email!);
        if (await attempts.Take(SignInAttempts.SignIn, account, http.Connection.RemoteIpAddress, ct) is { } wait)
            return new TooManyAttempts(wait).ToProblem(http);

        // The same steps for an address that nobody has: a stream that is not there, a hash that nothing matches.
        var id = await users.IdOfWhoSignsIn(request.Email!, ct) ?? Guid.Empty;
        var user = await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(id), ct: ct);
        if (!await passwords.Verify(user, request.Password!, ct))
            return new InvalidCredentials().ToProblem();

        var (started, refusal) = await store.Transact<(SessionTokens?, SecondFactorRefusal?)>(
            new(CausationId: http.TraceIdentifier),
            async session =>
            {
                // Looking at the password took a while: one that was replaced meanwhile opens nothing any more.
                var now = await session.AggregateStream<User, UserEvent>(User.Stream(id), ct: ct);
                if ((now?.PasswordHash, now?.OneTimePassword) != (user!.PasswordHash, user.OneTimePassword))
                    return (null, null);
                return await ProveSecondFactor.Handle(id, request.Code, session, links, clock, ct) is { } no
                    ? (null, no)
                    : (Start(session, now!, SignedInBy.Password, http, tokens, clock), null);
            },
            ct);
        if (started is null)
            return refusal?.ToProblem() ?? new InvalidCredentials().ToProblem();
        await attempts.Succeeded(account, http.Connection.RemoteIpAddress, ct);
        return TypedResults.Ok(started);
    }
}
