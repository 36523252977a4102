using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Lists users: a page of them, found by name or address, by role, by organization, by invitation status, by when they were added and last active (USR-01, INV-16).</summary>
internal static class ListUsers
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("", Handle).WithName(nameof(ListUsers)).WithTags("Users").Requires(Permission.ManageUsers);

    private static async Task<Ok<Page<UserRow>>> Handle(
        ListQuery list, string? role, Guid? organizationId, string? invitationStatus, DateOnly? createdFrom, DateOnly? createdTo,
        DateOnly? lastActivityFrom, DateOnly? lastActivityTo, bool? neverActive, CurrentUser caller, UsersDirectory directory, ReaderLog readers,
        CancellationToken ct)
    {
        var filter = new UserFilter(role, organizationId, invitationStatus)
        {
            CreatedFrom = createdFrom, CreatedTo = createdTo, LastActivityFrom = lastActivityFrom, LastActivityTo = lastActivityTo, NeverActive = neverActive,
        };
        var page = await directory.List(list, filter, ct);
        await readers.Note(caller.Id, "list", page.Items.Select(user => user.Id), ct);
        return TypedResults.Ok(page);
    }
}
