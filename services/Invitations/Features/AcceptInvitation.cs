using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>A signed-in user accepts with the link they were sent (INV-13); roles are checked again before anything is granted (ROL-09).</summary>
internal static class AcceptInvitation
{
    public sealed record Request(string? Token);

    public sealed record Command(int Generation, Guid RegistrationId, Guid UserId, string GrantHash, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.Accepted, AcceptedBy: var by } when by == c.UserId => Nothing.Happened,
        _ when GetRegistration.Problem(invitation, c.Generation, c.At) is { } refusal => refusal,
        { Offer.IsExistingUser: false } => new RegisterToAccept(),
        { Offer.InviteeId: var invitee } when invitee != c.UserId => new NotYourInvitation(),
        _ => new InvitationEvent.RegistrationStarted(
            c.RegistrationId, c.UserId, Username: null, PasswordHash: null, invitation.Offer!.Language, PrivacyPolicyVersion: null, c.GrantHash, c.At),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations/acceptances", Handle).WithName(nameof(AcceptInvitation)).WithTags("Registration").Requires(Permission.OwnAccount);

    private static async Task<Results<Ok<InvitationView>, Accepted, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, InvitationLinks links, PreferWait wait, HttpContext http, PostgresEventStore store,
        InvitationQueries queries, TimeProvider clock, CancellationToken ct)
    {
        return await links.Find(request.Token, ct) is { } link
            ? await Accept(link.Stream, _ => link.Generation, user, wait, http, store, queries, clock, ct)
            : new LinkUnknown().ToProblem();
    }

    /// <summary>Begins the acceptance, and waits for what comes of it.</summary>
    public static async Task<Results<Ok<InvitationView>, Accepted, ProblemHttpResult>> Accept(
        StreamId stream, Func<Invitation, int> generation, CurrentUser user, PreferWait wait, HttpContext http, PostgresEventStore store,
        InvitationQueries queries, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Signed in already: nobody is to be signed in with a grant, so none exists whose hash this could be.
        var attempt = Guid.CreateVersion7(now);
        var refusal = await Acceptance.Begin(
            store, http, stream, invitation => Decide(invitation, new(generation(invitation), attempt, user.Id, GrantHash: "", now)), user, ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var invitation = await Acceptance.Outcome(store, stream, attempt, wait, ct);
        return invitation switch
        {
            { Status: InvitationStatus.Accepted } => TypedResults.Ok((await queries.Invitation(stream.Key, ct))!),
            { Registration.Refusal: { } no } => RefusedElsewhere.From(no.Kind, no.Code, no.Detail, no.Facts).ToProblem(),
            _ => TypedResults.Accepted($"/api/v1/invitations/{stream.Key}"),
        };
    }
}
