using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>
/// The invitee does not want it (INV-26), and may say why: the link stops working, the seat comes back, the inviter is told. By the link, or
/// signed in as the invited user.
/// </summary>
internal static class DeclineInvitation
{
    private const int LongestReason = 500;

    public sealed record Request(string? Reason);

    public sealed record Command(int Generation, string? Reason, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation.Status == InvitationStatus.Declined
        ? Nothing.Happened
        : GetRegistration.Problem(invitation, c.Generation, c.At) is { } refusal
            ? refusal
            : new InvitationEvent.Declined(invitation.Offer!.InviteeId, c.Reason, c.At);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/registrations/{token}/decline", ByLink).WithName("DeclineByLink").WithTags("Registration").Requires(Permission.Anyone);
        api.MapPost("/invitations/{id:guid}/decline", SignedIn).WithName(nameof(DeclineInvitation)).WithTags("Registration").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ByLink(
        string token, Request? request, InvitationLinks links, PreferWait wait, HttpContext http, PostgresEventStore store, TimeProvider clock,
        CancellationToken ct) =>
        await links.Find(token, ct) is { } link
            ? await Decline(
                link.Stream, _ => link.Generation, request, new EventMetadata(link.Stream.Key.ToString(), http.TraceIdentifier), wait, store, clock, ct)
            : new LinkUnknown().ToProblem();

    private static async Task<Results<NoContent, ProblemHttpResult>> SignedIn(
        Guid id, Request? request, CurrentUser user, PreferWait wait, HttpContext http, PostgresEventStore store, InvitationQueries queries,
        TimeProvider clock, CancellationToken ct) =>
        await queries.InvitedTo(id, user, ct) is { } stream
            ? await Decline(stream, invitation => invitation.Link?.Generation ?? 0, request, user.Metadata(http, id), wait, store, clock, ct)
            : new InvitationNotFound().ToProblem();

    private static async Task<Results<NoContent, ProblemHttpResult>> Decline(
        StreamId stream, Func<Invitation, int> generation, Request? request, EventMetadata metadata, PreferWait wait, PostgresEventStore store,
        TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var reason = Fields.Optional(request?.Reason, "reason", LongestReason, errors);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var outcome = await store.Transact(
            metadata,
            session => session.Decide<Invitation, InvitationEvent>(
                stream, invitation => Decide(invitation, new(generation(invitation), reason, clock.GetUtcNow())), ct),
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();

        // Whoever looks at the seats next shall see this one free.
        await store.WaitFor<Invitation, InvitationEvent>(stream, invitation => invitation.IsSettled, wait.Time, ct);
        return TypedResults.NoContent();
    }
}
