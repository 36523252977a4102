using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Lists where the caller is signed in (USR-08).</summary>
internal static class ListSessions
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/me/sessions", Handle).WithName(nameof(ListSessions)).WithTags("Own account").Requires(Permission.OwnAccount);

    private static async Task<Ok<Page<SessionRow>>> Handle(ListQuery list, CurrentUser caller, Sessions sessions, CancellationToken ct) =>
        TypedResults.Ok(await sessions.List(list, caller, ct));
}
