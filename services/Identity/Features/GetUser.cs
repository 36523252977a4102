using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows one user with roles and organizations (USR-04).</summary>
internal static class GetUser
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("/{id:guid}", Handle).WithName(nameof(GetUser)).WithTags("Users").Requires(Permission.ManageUsers).NotesReader("profile");

    private static async Task<Results<Ok<UserDetails>, ProblemHttpResult>> Handle(Guid id, Users users, CancellationToken ct) =>
        await users.Details(id, ct) is { } user ? TypedResults.Ok(user) : new UserNotFound().ToProblem();
}
