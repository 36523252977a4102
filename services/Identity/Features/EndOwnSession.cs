using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Signs the caller out somewhere else, or everywhere: here too (USR-08).</summary>
internal static class EndOwnSession
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapDelete("/me/sessions/{id:guid}", One).WithName(nameof(EndOwnSession)).WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapDelete("/me/sessions", All).WithName("EndOwnSessions").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> One(
        Guid id, CurrentUser caller, HttpContext http, PostgresEventStore store, EndedSessions ended, TimeProvider clock, CancellationToken ct)
    {
        var refusal = await store.Transact(
            caller.Metadata(http),
            async session =>
            {
                var open = await session.FetchForWriting<Session, SessionEvent>(Session.Stream(id), ct);
                if (open.Aggregate.UserId != caller.Id)
                    return new SessionNotFound();
                open.AppendMany(EndSession.Decide(open.Aggregate, new(SessionEnd.SignedOut, EndSession.TokensUntil(clock))).Events);
                return null;
            },
            ct);
        if (refusal is not null)
            return refusal.ToProblem();
        EndSession.InThisProcess(ended, id, caller.Id, clock);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> All(
        CurrentUser caller, HttpContext http, PostgresEventStore store, Sessions sessions, EndedSessions ended, TimeProvider clock, CancellationToken ct)
    {
        var over = await store.Transact(
            caller.Metadata(http), session => EndSession.All(session, sessions, caller.Id, SessionEnd.SignedOut, clock, ct), ct);
        EndSession.InThisProcess(ended, over, caller.Id, clock);
        return TypedResults.NoContent();
    }
}
