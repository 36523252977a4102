using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using MassTransit;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Which queues hear which integration event. Publishers declare them too: a message that is published before its consumer has
/// started for the first time waits in the consumer's queue instead of being lost.
/// </summary>
public static class Topology
{
    /// <summary>Each integration event with the queues of its consumers; a test holds it against what the services really consume.</summary>
    public static IReadOnlyDictionary<Type, string[]> Queues { get; } = new Dictionary<Type, string[]>
    {
        [typeof(InvitationRequested)] = ["subscriptions-invitation-requested", "identity-invitation-requested"],
        [typeof(InvitationBatchUploaded)] = ["subscriptions-invitation-batch-uploaded"],
        [typeof(InvitationBatchChecked)] = ["invitations-invitation-batch-checked"],
        [typeof(InvitationsRequested)] = ["subscriptions-invitations-requested", "identity-invitations-requested"],
        [typeof(InvitationsAnswered)] = ["invitations-invitations-answered"],
        [typeof(InvitationWithdrawn)] = 
            ["subscriptions-invitation-withdrawn", "notifications-invitation-withdrawn", "identity-invitation-withdrawn"],
        [typeof(InvitationOpened)] = ["notifications-invitation-opened", "identity-invitation-opened"],
        [typeof(InvitationsOpened)] = ["notifications-invitations-opened", "identity-invitations-opened"],
        [typeof(InvitationReminderDue)] = ["notifications-invitation-reminder-due"],
        [typeof(RegistrationStarted)] = ["identity-registration-started"],
        [typeof(InviteeProvisioned)] = ["subscriptions-invitee-provisioned"],
        [typeof(InvitationAccepted)] = ["identity-invitation-accepted", "notifications-invitation-accepted"],
        [typeof(InvitationAdmitted)] = ["invitations-invite"],
        [typeof(InvitationRefused)] = ["invitations-invite"],
        [typeof(InvitationWaitlisted)] = ["invitations-invite"],
        [typeof(WithdrawalSettled)] = ["invitations-invite"],
        [typeof(SeatConfirmed)] = ["invitations-register", "notifications-seat-confirmed"],
        [typeof(SeatTransferred)] = ["identity-seat-transferred", "notifications-seat-transferred"],
        [typeof(SeatTakenBack)] = ["identity-seat-taken-back", "notifications-seat-taken-back"],
        [typeof(OrganizationChanged)] = ["identity-organization-changed"],
        [typeof(OrganizationSettingsChanged)] =
            ["notifications-organization-settings-changed", "identity-organization-settings-changed", "invitations-organization-settings-changed"],
        [typeof(OrganizationAccessChanged)] =
            ["invitations-organization-access-changed", "identity-organization-access-changed", "notifications-organization-access-changed"],
        [typeof(AccountInvitationDue)] = ["invitations-account-invitation-due"],
        [typeof(AccountTakenOver)] = ["invitations-account-taken-over"],
        [typeof(AccountProvisioned)] = ["invitations-register"],
        [typeof(AccountRefused)] = ["invitations-register"],
        [typeof(PersonChanged)] = ["invitations-person-changed", "notifications-person-changed", "subscriptions-person-changed"],
        [typeof(SessionEnded)] = [],
        [typeof(ErasureDue)] = ["invitations-erasure-due", "subscriptions-erasure-due", "notifications-erasure-due", "identity-erasure-due"],
        [typeof(PersonErased)] = ["identity-anonymize"],
        [typeof(LastNoticeSettled)] = ["identity-anonymize"],
        [typeof(RoleAssignmentRequested)] = ["identity-role-assignment-requested"],
        [typeof(RoleAssignmentEnded)] = ["identity-role-assignment-ended"],
        [typeof(RoleAssignmentGranted)] = ["subscriptions-role-assignment-granted"],
        [typeof(RoleAssignmentRefused)] = ["subscriptions-role-assignment-refused"],
        [typeof(NoticeDue)] = ["notifications-notice-due"],
        [typeof(InvitationDeliveryChanged)] =
            ["invitations-invitation-delivery-changed", "identity-invitation-delivery-changed", "notifications-invitation-delivery-changed"],
    };

    internal static void DeclareQueues(IRabbitMqBusFactoryConfigurator rabbit, bool areQuorum)
    {
        foreach (var (message, queues) in Queues)
        {
            rabbit.Publish(message, publish =>
            {
                foreach (var queue in queues)
                {
                    publish.BindQueue(queue, queue, bound =>
                    {
                        // As its consumer declares it: a queue has one type for good.
                        if (areQuorum)
                            bound.SetQueueArgument("x-queue-type", "quorum");
                    });
                }
            });
        }

        rabbit.DeployPublishTopology = true;
    }
}
