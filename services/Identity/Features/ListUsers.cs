using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Lists users: a page of them, found by name or address, by role, by organization, by invitation status (USR-01).</summary>
internal static class ListUsers
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("", Handle).WithName(nameof(ListUsers)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Ok<Page<UserRow>>> Handle(
        ListQuery list, string? role, Guid? organizationId, string? invitationStatus, CurrentUser caller, UsersDirectory directory, ReaderLog readers,
        CancellationToken ct)
    {
        var page = await directory.List(list, new(role, organizationId, invitationStatus), ct);
        await readers.Note(caller.Id, "list", page.Items.Select(user => user.Id), ct);
        return TypedResults.Ok(page);
    }
}
