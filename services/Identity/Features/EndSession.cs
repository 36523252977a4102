using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Signs the caller out: the session and every token of it end (USR-08).</summary>
internal static class EndSession
{
    /// <summary>Why it ends, and when its last access token will have run out.</summary>
    public sealed record Command(SessionEnd Why, DateTimeOffset TokensUntil);

    public static Decision<SessionEvent> Decide(Session session, Command c) => session is { Exists: true, HasEnded: false }
        ? new SessionEvent.Ended(session.UserId, c.Why, c.TokensUntil)
        : Nothing.Happened;

    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/session", Handle).WithName(nameof(EndSession)).WithTags("Session").Requires(Permission.OwnPassword);

    /// <summary>When the last access token that a session may have been given by now will have run out.</summary>
    public static DateTimeOffset TokensUntil(TimeProvider clock) => clock.GetUtcNow() + ServiceHost.AccessTokenLivesFor;

    /// <summary>Ends a user's sessions, but for the one to keep, with what else the unit of work does.</summary>
    /// <returns>Those that ended.</returns>
    public static async Task<IReadOnlyList<Guid>> All(
        EventSession session, Sessions sessions, Guid userId, SessionEnd why, TimeProvider clock, CancellationToken ct, Guid? keep = null)
    {
        var open = (await sessions.Of(userId, ct)).Where(id => id != keep).ToArray();
        foreach (var id in open)
            await session.Decide<Session, SessionEvent>(Session.Stream(id), s => Decide(s, new(why, TokensUntil(clock))), ct);
        return open;
    }

    /// <summary>Refuses the session's tokens in this process at once; the others hear of it.</summary>
    public static void InThisProcess(EndedSessions ended, Guid sessionId, Guid userId, TimeProvider clock) =>
        ended.Add(new SessionEnded(sessionId, userId, TokensUntil(clock)));

    /// <inheritdoc cref="InThisProcess(EndedSessions, Guid, Guid, TimeProvider)"/>
    public static void InThisProcess(EndedSessions ended, IEnumerable<Guid> sessionIds, Guid userId, TimeProvider clock)
    {
        foreach (var id in sessionIds)
            InThisProcess(ended, id, userId, clock);
    }

    private static async Task<NoContent> Handle(
        CurrentUser user, HttpContext http, PostgresEventStore store, EndedSessions ended, TimeProvider clock, CancellationToken ct)
    {
        await store.Transact(
            user.Metadata(http),
            session => session.Decide<Session, SessionEvent>(
                Session.Stream(user.SessionId), s => Decide(s, new(SessionEnd.SignedOut, TokensUntil(clock))), ct),
            ct);
        InThisProcess(ended, user.SessionId, user.Id, clock);
        return TypedResults.NoContent();
    }
}
