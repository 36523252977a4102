using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>Takes an invitation back (INV-09): its link stops working at once, its seat comes back.</summary>
internal static class RevokeInvitation
{
    public sealed record Command(Guid By, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation.Status switch
    {
        InvitationStatus.None => new InvitationNotFound(),
        InvitationStatus.Requested or InvitationStatus.Waiting or InvitationStatus.Pending => new InvitationEvent.Revoked(c.By, c.At),
        InvitationStatus.Registering => new RegistrationUnderWay(),
        InvitationStatus.Revoked => Nothing.Happened,
        var ended => new InvitationEnded(ended),
    };

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations/{id:guid}/revoke", Handle).WithName(nameof(RevokeInvitation)).WithTags("Invitations").Requires(Permission.Invite);

    private static async Task<Results<Ok<InvitationView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PreferWait wait, HttpContext http, PostgresEventStore store, InvitationQueries queries,
        TimeProvider clock, CancellationToken ct)
    {
        if (await queries.Invitation(id, user, ct) is not { } visible)
            return new InvitationNotFound().ToProblem();

        var stream = Invitation.Stream(visible.Organization.Id, id);
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Invitation, InvitationEvent>(stream, invitation => Decide(invitation, new(user.Id, clock.GetUtcNow())), ct),
            ct);
        if (outcome.Refusal is { } refusal)
            return refusal.ToProblem();

        // Whoever looks at the seats next shall see this one free.
        await store.WaitFor<Invitation, InvitationEvent>(stream, invitation => invitation.IsSettled, wait.Time, ct);
        return TypedResults.Ok((await queries.Invitation(id, ct))!);
    }
}
