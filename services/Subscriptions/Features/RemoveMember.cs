using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Ends a membership with all its permissions (SUB-01); the assignment of an Applicant stays. Who may, and what protects founders, is
/// said by <see cref="GrantPermissions"/>. <c>force</c> removes the last founder.
/// </summary>
internal static class RemoveMember
{
    public static void Map(RouteGroupBuilder organizations) => organizations.MapDelete("/{id:guid}/members/{userId:guid}", Handle)
        .Requires(Permission.RunOrganizations).WithName(nameof(RemoveMember));

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid userId, bool? force, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var command = new GrantPermissions.Command(userId, [], user.Id, user.IsSystemAdmin, force ?? false);
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Organization, OrganizationEvent>(
                Organization.StreamOf(id), organization => GrantPermissions.Decide(organization, command), ct),
            ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }
}
