using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Lists users: a page of them, found by name or address, by system role, by organization (USR-01).</summary>
internal static class ListUsers
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("", Handle).WithName(nameof(ListUsers)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Ok<Page<UserRow>>> Handle(ListQuery list, string? role, Guid? organizationId, Users users, CancellationToken ct) =>
        TypedResults.Ok(await users.List(list, role, organizationId, ct));
}
