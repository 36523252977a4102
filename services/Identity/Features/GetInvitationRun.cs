using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows how far users who were chosen together have come (INV-14), and what came, or would come, of each (INV-15, INV-24).</summary>
internal static class GetInvitationRun
{
    public static void Map(RouteGroupBuilder users)
    {
        users.MapGet("/invitations/{id:guid}", Handle).WithName(nameof(GetInvitationRun)).WithTags("Users").Requires(Permission.ManageUsers);
        users.MapGet("/invitations/{id:guid}/users", Rows).WithName("ListInvitationRunUsers").WithTags("Users").Requires(Permission.ManageUsers);
    }

    private static async Task<Results<Ok<InvitationRunProgress>, ProblemHttpResult>> Handle(Guid id, InvitationRuns runs, CancellationToken ct) =>
        await runs.Progress(id, ct) is { } progress ? TypedResults.Ok(progress) : new InvitationRunNotFound().ToProblem();

    private static async Task<Results<Ok<Page<InvitationRunRow>>, ProblemHttpResult>> Rows(
        Guid id, string? state, ListQuery list, InvitationRuns runs, CancellationToken ct)
    {
        list.OrderBy(("place", "place"));
        if (await runs.Progress(id, ct) is not { } progress)
            return new InvitationRunNotFound().ToProblem();
        var total = state switch
        {
            null => progress.Total,
            "planned" => progress.Planned,
            "done" => progress.Done,
            "failed" => progress.Failed,
            "cancelled" => progress.Cancelled,
            _ => progress.Total - progress.Planned - progress.Done - progress.Failed - progress.Cancelled,
        };
        return TypedResults.Ok(new Page<InvitationRunRow>(await runs.Rows(id, state, list.Offset, list.PageSize, ct), list.Page, list.PageSize, total));
    }
}
