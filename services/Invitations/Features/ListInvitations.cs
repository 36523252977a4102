using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>The invitations of all organizations that the caller may see (INV-06).</summary>
internal static class ListInvitations
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/invitations", Handle).WithName(nameof(ListInvitations)).WithTags("Invitations").Requires(Permission.Invite);

    private static async Task<Ok<Page<InvitationView>>> Handle(
        [AsParameters] InvitationFilter filter, ListQuery list, CurrentUser user, InvitationDirectory directory, CancellationToken ct) =>
        TypedResults.Ok(await directory.List(user, filter, list, ct));
}

/// <summary>One invitation, with what became of its mail.</summary>
internal static class GetInvitation
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/invitations/{id:guid}", Handle).WithName(nameof(GetInvitation)).WithTags("Invitations").Requires(Permission.Invite);

    private static async Task<Results<Ok<InvitationView>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, HttpContext http, PostgresEventStore store, InvitationQueries queries, CancellationToken ct)
    {
        if (await queries.Invitation(id, user, ct) is not { } invitation)
            return new InvitationNotFound().ToProblem();
        var stream = await store.OpenSession().AggregateStream<Invitation, InvitationEvent>(Invitation.Stream(invitation.Organization.Id, id), ct: ct);
        http.Response.SetVersion(stream!.Revision);
        return TypedResults.Ok(invitation with { Language = stream.Offer!.Language, Changeable = EditInvitation.Changeable(stream.Offer) });
    }
}
