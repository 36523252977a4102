using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>
/// What happens to an organization. Events about a user's access state all that the user has afterwards: that is what other services
/// are told, and it makes their order among different users unimportant.
/// </summary>
internal abstract record OrganizationEvent
{
    private OrganizationEvent()
    {
    }

    [EventType("organization.created.v1")]
    public sealed record Created(Guid OrganizationId, string Name, IReadOnlyList<string> Kinds) : OrganizationEvent;

    [EventType("organization.changed.v1")]
    public sealed record Changed(Guid OrganizationId, string Name, IReadOnlyList<string> Kinds) : OrganizationEvent;

    [EventType("organization.applicant_assigned.v1")]
    public sealed record ApplicantAssigned(Guid OrganizationId, Guid UserId, IReadOnlyList<string> Access) : OrganizationEvent;

    [EventType("organization.applicant_unassigned.v1")]
    public sealed record ApplicantUnassigned(Guid OrganizationId, Guid UserId, IReadOnlyList<string> Access) : OrganizationEvent;

    [EventType("organization.permissions_granted.v1")]
    public sealed record PermissionsGranted(Guid OrganizationId, Guid UserId, IReadOnlyList<string> Access) : OrganizationEvent;

    [EventType("organization.app_entitled.v1")]
    public sealed record AppEntitled(Guid OrganizationId, Guid AppId) : OrganizationEvent;

    [EventType("organization.settings_changed.v1")]
    public sealed record SettingsChanged(Guid OrganizationId, OrganizationSettings Settings) : OrganizationEvent;
}
