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
        if (await links.Find(request.Token, ct) is not { } link)
            return new LinkUnknown().ToProblem();

        var now = clock.GetUtcNow();
        // Signed in already: nobody is to be signed in with a grant, so none exists whose hash this could be.
        var command = new Command(link.Generation, Guid.CreateVersion7(now), user.Id, GrantHash: "", now);
        var refusal = await Acceptance.Begin(store, http, link.Stream, invitation => Decide(invitation, command), user, ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var invitation = await Acceptance.Outcome(store, link.Stream, command.RegistrationId, wait, ct);
        return invitation switch
        {
            { Status: InvitationStatus.Accepted } => TypedResults.Ok((await queries.Invitation(link.Stream.Key, ct))!),
            { Registration.Refusal: { } no } => RefusedElsewhere.From(no.Kind, no.Code, no.Detail).ToProblem(),
            _ => TypedResults.Accepted($"/api/v1/invitations/{link.Stream.Key}"),
        };
    }
}
