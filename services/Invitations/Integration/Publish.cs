using InviteHub.Contracts.Invitations;
using InviteHub.EventStore;

namespace InviteHub.Invitations.Integration;

/// <summary>What other services are told of an invitation's events. Pure: the event and the state that it led to, nothing else.</summary>
internal static class Publish
{
    public static object? Contract(RecordedEvent happened, Invitation invitation)
    {
        var offer = invitation.Offer!;
        var (id, organization) = (offer.InvitationId, offer.OrganizationId);
        return happened.Data switch
        {
            // Those of a batch are asked for together.
            InvitationEvent.Requested { BatchId: not null } => null,

            InvitationEvent.Requested => new InvitationRequested(
                id, organization, offer.Way.Name(), offer.InvitedBy, offer.InvitedByRole, offer.InviteeId, offer.AppId, offer.SubscriptionId, offer.Role),

            InvitationEvent.Opened e => new InvitationOpened(
                id, organization, offer.Way.Name(), e.Generation, offer.InviteeId, offer.Email, offer.FirstName, offer.Language,
                e.OrganizationName, e.AppName, e.RoleName, e.InvitedByName, e.ExpiresAt)
            {
                IsBulk = offer.BatchId is not null,
            },

            InvitationEvent.Revoked e => new InvitationWithdrawn(id, organization, "revoked", e.By),

            InvitationEvent.Expired => new InvitationWithdrawn(id, organization, "expired", By: null),

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
}
