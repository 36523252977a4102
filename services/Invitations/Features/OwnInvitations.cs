using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Invitations.Features;

/// <summary>What a signed-in user is invited to and has not answered yet (INV-13), each to be accepted or declined without its mail.</summary>
internal static class ListOwnInvitations
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/invitations/mine", Handle).WithName(nameof(ListOwnInvitations)).WithTags("Registration").Requires(Permission.OwnAccount);

    private static async Task<Ok<Page<InvitationView>>> Handle(ListQuery list, CurrentUser user, InvitationQueries queries, CancellationToken ct) =>
        TypedResults.Ok(await queries.Mine(user, list, ct));
}

/// <summary>A signed-in user accepts without the link: they are who it was sent to (INV-13).</summary>
internal static class AcceptOwnInvitation
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/invitations/{id:guid}/acceptance", Handle).WithName(nameof(AcceptOwnInvitation)).WithTags("Registration").Requires(Permission.OwnAccount);

    private static async Task<Results<Ok<InvitationView>, Accepted, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PreferWait wait, HttpContext http, PostgresEventStore store, InvitationQueries queries, TimeProvider clock,
        CancellationToken ct) =>
        await queries.InvitedTo(id, user, ct) is { } stream
            ? await AcceptInvitation.Accept(stream, invitation => invitation.Link?.Generation ?? 0, user, wait, http, store, queries, clock, ct)
            : new InvitationNotFound().ToProblem();
}
