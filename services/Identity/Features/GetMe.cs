using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows the caller who they are, what they may and where they belong.</summary>
internal static class GetMe
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/me", Handle).WithName(nameof(GetMe)).WithTags("Own account").Requires(Permission.OwnAccount);

    private static async Task<Results<Ok<UserDetails>, ProblemHttpResult>> Handle(CurrentUser user, Users users, CancellationToken ct) =>
        await users.Details(user.Id, ct) is { } me ? TypedResults.Ok(me) : new UserNotFound().ToProblem();
}
