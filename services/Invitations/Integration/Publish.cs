using InviteHub.Contracts.Invitations;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Invitations.Integration;

/// <summary>What other services are told of an invitation's events. Pure: the event and the state that it led to, nothing else.</summary>
internal static class Publish
{
    public static object? Contract(RecordedEvent happened, Invitation invitation)
    {
        // Before it was asked for, there is only that a second person has to approve it.
        if (invitation.Offer is not { } offer)
            return null;
        var (id, organization) = (offer.InvitationId, offer.OrganizationId);
        return happened.Data switch
        {
            // Those of a batch are asked for together.
            InvitationEvent.Requested { BatchId: not null } => null,

            InvitationEvent.Requested when offer.Way.IsToAccount() || invitation.AwaitsApproval => null,

            InvitationEvent.Requested or InvitationEvent.Approved => new InvitationRequested(
                id, organization, offer.Way.Name(), offer.InvitedBy, offer.InvitedByRole, offer.InviteeId, offer.AppId, offer.SubscriptionId, offer.Role),

            InvitationEvent.Opened or InvitationEvent.Resent => Opened(offer, invitation.Link!),

            InvitationEvent.RenewalRequested e => new InvitationRequested(
                id, organization, offer.Way.Name(), e.By, e.ByRole, offer.InviteeId, offer.AppId, offer.SubscriptionId, offer.Role) { Round = e.Round },

            InvitationEvent.Reminded e when invitation.Link is { } link => new InvitationReminderDue(
                id, organization, offer.Way.Name(), e.Generation, e.DaysBefore, offer.InviteeId, offer.Email, offer.FirstName, offer.Language,
                link.OrganizationName, link.AppName, link.RoleName, PersonalDataAttribute.Known(link.InvitedByName), link.ExpiresAt) { InvitedBy = link.InvitedBy },

            InvitationEvent.Revoked e => new InvitationWithdrawn(id, organization, "revoked", e.By).Of(invitation),

            InvitationEvent.Expired => new InvitationWithdrawn(id, organization, "expired", By: null).Of(invitation),

            InvitationEvent.Declined => new InvitationWithdrawn(id, organization, "declined", offer.IsExistingUser ? offer.InviteeId : null).Of(invitation),

            InvitationEvent.RegistrationStarted e => new RegistrationStarted(
                e.RegistrationId, id, organization, offer.Way.Name(), e.UserId, offer.IsExistingUser, offer.Email, offer.FirstName, offer.LastName,
                offer.PersonalNumber, offer.LmaNumber, offer.Phone, offer.Gender, offer.SwedishCitizen, offer.EuCitizen,
                e.Username, e.PasswordHash, e.Language, e.PrivacyPolicyVersion, offer.AppId, offer.SubscriptionId, offer.Role, e.GrantHash),

            InvitationEvent.AccountProvisioned e when offer.SubscriptionId is { } subscription =>
                new InviteeProvisioned(id, organization, subscription, e.UserId),

            InvitationEvent.Accepted e => new InvitationAccepted(id, organization, offer.Way.Name(), e.UserId, e.At),

            _ => null,
        };
    }

    private static InvitationWithdrawn Of(this InvitationWithdrawn withdrawn, Invitation invitation) => withdrawn with
    {
        Round = invitation.Round, OneTimePasswordId = invitation.OneTimePasswordId,
        InviteeId = invitation.OneTimePasswordId is null ? null : invitation.Offer!.InviteeId,
    };

    private static InvitationOpened Opened(InvitationEvent.Requested offer, InvitationEvent.Opened link) => new(
        offer.InvitationId, offer.OrganizationId, offer.Way.Name(), link.Generation, offer.InviteeId, offer.Email, offer.FirstName, offer.Language,
        link.OrganizationName, link.AppName, link.RoleName, PersonalDataAttribute.Known(link.InvitedByName), link.ExpiresAt)
    {
        Channel = link.Channel ?? "email", Phone = offer.Phone, LastName = offer.LastName, Username = offer.Username,
        OneTimePasswordId = link.OneTimePasswordId, InvitedBy = link.InvitedBy,
        // Sent again by hand, it is one by itself.
        IsBulk = offer.BatchId is not null && link.Generation == 1,
    };
}
