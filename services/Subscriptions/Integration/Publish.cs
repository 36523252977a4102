using System.Text.Json;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.Integration;

/// <summary>What other services are told of.</summary>
internal static class Publish
{
    /// <summary>The integration event behind an event, or null when it concerns nobody else.</summary>
    public static object? From(RecordedEvent happened) => happened.Data switch
    {
        OrganizationEvent.Created e => new OrganizationChanged(e.OrganizationId, e.Name, e.Kinds),
        OrganizationEvent.Changed e => new OrganizationChanged(e.OrganizationId, e.Name, e.Kinds),
        OrganizationEvent.ApplicantAssigned e => new OrganizationAccessChanged(e.OrganizationId, e.UserId, e.Access),
        OrganizationEvent.ApplicantUnassigned e => new OrganizationAccessChanged(e.OrganizationId, e.UserId, e.Access),
        OrganizationEvent.PermissionsGranted e => new OrganizationAccessChanged(e.OrganizationId, e.UserId, e.Access),
        OrganizationEvent.SettingsChanged { Settings: var s } e => new OrganizationSettingsChanged(
            e.OrganizationId, s.InvitationValidForDays, s.Channels, s.AllowedDomains, s.HourlyInvitationLimit, s.RequiresApproval, s.WhoMayInvite,
            s.RequiresValidatedIdentity, s.OneTimePasswords, s.ReminderDays, s.Branding.Name, s.Branding.LogoUrl, s.Branding.Color, s.Branding.Words),
        AdmissionEvent.Granted { BatchId: not null } or AdmissionEvent.Refused { BatchId: not null } or AdmissionEvent.Waitlisted { BatchId: not null } => null,
        AdmissionChunkEvent.Answered e => new InvitationsAnswered(
            happened.Stream.Key, e.BatchId, e.OrganizationId, e.OrganizationName, e.AppName, e.RoleName, e.ValidForDays, e.Admitted, e.Waitlisted,
            [.. e.Refused.Select(no => no.InvitationId)], [.. e.Refused.Select(no => JsonNamingPolicy.CamelCase.ConvertName(no.Kind.ToString()))],
            [.. e.Refused.Select(no => no.Code)], [.. e.Refused.Select(no => no.Detail)]) { Facts = ByPlace(e.Refused.Select(no => no.Facts)) },
        AdmissionEvent.Granted e => new InvitationAdmitted(
            happened.Stream.Key, e.OrganizationId, e.OrganizationName, e.AppName, e.RoleName, e.ValidForDays),
        AdmissionEvent.Refused e => new InvitationRefused(
            happened.Stream.Key, e.OrganizationId, JsonNamingPolicy.CamelCase.ConvertName(e.Kind.ToString()), e.Code, e.Detail) { Facts = e.Facts },
        AdmissionEvent.Waitlisted e => new InvitationWaitlisted(happened.Stream.Key, e.OrganizationId, e.OrganizationName, e.AppName, e.RoleName),
        AdmissionEvent.Withdrawn e => new WithdrawalSettled(happened.Stream.Key, e.OrganizationId),
        AdmissionEvent.Confirmed e => new SeatConfirmed(happened.Stream.Key, e.OrganizationId, e.SubscriptionId, e.UserId),
        AdmissionEvent.TakenBack e => new SeatTakenBack(happened.Stream.Key, e.OrganizationId, e.SubscriptionId, e.UserId),
        SubscriptionEvent.SeatTransferred e => new SeatTransferred(
            e.InvitationId, Guid.Parse(happened.Stream.TenantId), happened.Stream.Key, e.FromUserId, e.ToUserId),
        AppointmentEvent.RequestedInClear e => new RoleAssignmentRequested(e.RequestId, e.UserId, e.Role, e.HolderId, e.By),
        AppointmentEvent.Requested e => new RoleAssignmentRequested(e.RequestId, e.UserId, e.Role, e.HolderId, e.By),
        AppointmentEvent.Ended e => new RoleAssignmentEnded(e.RequestId, e.UserId, e.Role, e.HolderId, e.By),
        _ => null,
    };

    /// <summary>The facts of several refusals in one table: the bus knows no lists of tables.</summary>
    public static IReadOnlyDictionary<string, string> ByPlace(IEnumerable<IReadOnlyDictionary<string, string>?> each) => each.Index()
        .SelectMany(one => one.Item ?? new Dictionary<string, string>(StringComparer.Ordinal), (one, fact) => (Key: $"{one.Index}.{fact.Key}", fact.Value))
        .ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal);
}
