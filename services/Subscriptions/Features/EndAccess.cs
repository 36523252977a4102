using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Features;

/// <summary>Ends all that somebody who is forgotten had in an organization, also as its last founder: a System admin names another one (GDP-05).</summary>
internal static class EndAccess
{
    public static Decision<OrganizationEvent> Decide(Organization organization, Guid userId) => organization.AccessOf(userId).Count == 0
        ? Nothing.Happened
        : new OrganizationEvent.PermissionsGranted(organization.Id, userId, []);
}
