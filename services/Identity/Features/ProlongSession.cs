using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Gives the gateway a new access token for a session whose refresh token it keeps in a cookie (USR-08). That token stays the same: it never
/// was in the hands of a script, and a browser that asks for five things at once would come with an old one four times.
/// </summary>
internal static class ProlongSession
{
    // Five at once prolong it once.
    private static readonly TimeSpan WorthAnEvent = TimeSpan.FromMinutes(1);

    /// <summary>The session to go on with.</summary>
    /// <param name="RefreshToken">Its refresh token.</param>
    public sealed record Request(string? RefreshToken);

    public sealed record Command(string Hash, DateTimeOffset At);

    public static Decision<SessionEvent> Decide(Session session, Command c)
    {
        if (!session.Exists || session.HasEnded || session.RefreshHash != c.Hash || c.At >= session.ExpiresAt)
            return new InvalidRefreshToken();
        var until = c.At + RefreshSession.GoodFor < session.EndsAt ? c.At + RefreshSession.GoodFor : session.EndsAt;
        return until - session.ExpiresAt >= WorthAnEvent ? new SessionEvent.Prolonged(until) : Nothing.Happened;
    }

    public static void Map(RouteGroupBuilder inner) =>
        inner.MapPost("/session-tokens", Handle).WithName(nameof(ProlongSession)).Requires(Permission.Internal).ExcludeFromDescription();

    private static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, PostgresEventStore store, Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        if (Tokens.Read(request.RefreshToken) is not var (id, hash))
            return new InvalidRefreshToken().ToProblem();
        var outcome = await store.Transact(
            new(CausationId: http.TraceIdentifier),
            session => session.Decide<Session, SessionEvent>(Session.Stream(id), s => Decide(s, new(hash, clock.GetUtcNow())), ct),
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();
        return await store.OpenSession().AggregateStream<User, UserEvent>(User.Stream(outcome.State.UserId), ct: ct) is { } user
            ? TypedResults.Ok(tokens.Issue(user, id, request.RefreshToken!))
            : new InvalidRefreshToken().ToProblem();
    }
}
