using InviteHub.Contracts.Identity;
using InviteHub.EventStore;

namespace InviteHub.Identity.Integration;

/// <summary>What other services hear of: accounts, people, roles, and (see <see cref="TellOfEndedSessions"/>) sessions that ended.</summary>
internal static class Publish
{
    public static object? Map(RecordedEvent happened) => happened.Data switch
    {
        ProvisioningEvent.Completed e => new AccountProvisioned(e.RegistrationId, e.InvitationId, e.OrganizationId, e.UserId),
        ProvisioningEvent.Refused e => new AccountRefused(e.RegistrationId, e.InvitationId, e.OrganizationId, e.Kind, e.Code, e.Detail) { Facts = e.Facts },
        RoleAssignmentEvent.Granted e => new RoleAssignmentGranted(e.RequestId, e.UserId, e.Role, e.HolderId),
        RoleAssignmentEvent.Refused e => new RoleAssignmentRefused(e.RequestId, e.UserId, e.Role, e.HolderId, e.Kind, e.Code, e.Detail),
        UserEvent.Registered e => new PersonChanged(e.UserId, e.Email, e.FirstName, e.LastName, e.Phone, e.Language, e.SystemRole.ToText()),
        UserEvent.DetailsChanged e => new PersonChanged(e.UserId, e.Email, e.FirstName, e.LastName, e.Phone, e.Language, e.SystemRole.ToText()),
        UserEvent.InvitationDue e => new AccountInvitationDue(
            e.InvitationId, e.UserId, e.Way, e.Channel, e.Email, e.FirstName, e.LastName, e.Phone, e.Username, e.Language, e.By, e.ByRole)
        {
            OneTimePasswordUntil = e.OneTimePasswordUntil,
        },
        UserEvent.TakenOver e => new AccountTakenOver(e.UserId, e.At),
        AnonymizationEvent.ErasureDue e => new ErasureDue(e.UserId, e.Services, e.Emails, e.SubjectIds, e.By, e.RequestedAt),
        UserEvent.SystemRoleChanged e => new PersonChanged(e.UserId, e.Email, e.FirstName, e.LastName, e.Phone, e.Language, e.To.ToText()),
        _ => null,
    };

    /// <summary>The message about a session that ended, or null for any other event.</summary>
    public static SessionEnded? MapEnd(RecordedEvent happened) =>
        happened.Data is SessionEvent.Ended e ? new(happened.Stream.Key, e.UserId, e.TokensUntil) : null;
}
