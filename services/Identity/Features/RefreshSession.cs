using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Gives a session new tokens for its refresh token, which is used up by that. An old one that comes again means that two hold the session,
/// and nobody can tell which of them is the thief: it ends (RFC 9700, 4.14.2).
/// </summary>
internal static class RefreshSession
{
    /// <summary>How long a refresh token waits for its use.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromDays(7);

    /// <summary>How long a session lives however often it is refreshed.</summary>
    public static readonly TimeSpan LongestSession = TimeSpan.FromDays(30);

    /// <summary>The session to go on with.</summary>
    /// <param name="RefreshToken">The newest refresh token of the session.</param>
    public sealed record Request(string? RefreshToken);

    public sealed record Command(string Hash, string NewHash, DateTimeOffset At, DateTimeOffset TokensUntil);

    public static Decision<SessionEvent> Decide(Session session, Command c) => session switch
    {
        { Exists: false } or { HasEnded: true } => new InvalidRefreshToken(),
        _ when session.EarlierHashes.Contains(c.Hash) =>
            new SessionEvent.Ended(session.UserId, SessionEnd.RefreshTokenReused, c.TokensUntil),
        _ when session.RefreshHash != c.Hash || c.At >= session.ExpiresAt => new InvalidRefreshToken(),
        _ => new SessionEvent.Refreshed(c.NewHash, c.At + GoodFor < session.EndsAt ? c.At + GoodFor : session.EndsAt),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/session/refresh", Handle).WithName(nameof(RefreshSession)).WithTags("Session").Requires(Permission.Anyone);

    private static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, PostgresEventStore store, EndedSessions ended, Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        if (Tokens.Read(request.RefreshToken) is not var (id, hash))
            return new InvalidRefreshToken().ToProblem();

        var (refreshToken, newHash) = Tokens.NewRefreshToken(id);
        var outcome = await store.Transact(
            new(CausationId: http.TraceIdentifier),
            session => session.Decide<Session, SessionEvent>(
                Session.Stream(id), s => Decide(s, new(hash, newHash, clock.GetUtcNow(), EndSession.TokensUntil(clock))), ct),
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        if (outcome.State.HasEnded)
        {
            EndSession.InThisProcess(ended, id, outcome.State.UserId, clock);
            return new InvalidRefreshToken().ToProblem();
        }

        // The role may have changed since: tokens carry what is so now.
        return await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(outcome.State.UserId), ct: ct) is { } user
            ? TypedResults.Ok(tokens.Issue(user, id, refreshToken))
            : new InvalidRefreshToken().ToProblem();
    }
}
