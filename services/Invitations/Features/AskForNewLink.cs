using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Whoever holds a link that has expired asks for a new one (INV-05): the inviter is told, once for each link, and decides. A link that was
/// replaced is no reason, as long as the newer one works.
/// </summary>
internal static class AskForNewLink
{
    public sealed record Command(int Generation, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) =>
        GetRegistration.Problem(invitation, invitation.Link?.Generation ?? 0, c.At) switch
        {
            LinkExpired when invitation.IsAskedFor => Nothing.Happened,
            LinkExpired => new InvitationEvent.NewLinkAsked(c.At),
            { } other => other,
            null when c.Generation < invitation.Link!.Generation => new LinkReplaced(),
            null => Nothing.Happened,
        };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/registrations/{token}/new-link", Handle).WithName(nameof(AskForNewLink)).WithTags("Registration").Requires(Permission.Anyone);

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        string token, InvitationLinks links, HttpContext http, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        if (await links.Find(token, ct) is not { } link)
            return new LinkUnknown().ToProblem();
        var outcome = await store.Transact(
            new EventMetadata(link.Stream.Key.ToString(), http.TraceIdentifier),
            session => session.Decide<Invitation, InvitationEvent>(
                link.Stream, invitation => Decide(invitation, new(link.Generation, clock.GetUtcNow())), ct),
            ct);
        return outcome.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.Accepted((string?)null);
    }
}
