using InviteHub.Contracts.Invitations;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Invitations.Integration;

/// <summary>What other services are told of an invitation's events. Pure: the event and the state that it led to, nothing else.</summary>
internal static class Publish
{
    public static Func<Invitation, object?>? Contract(RecordedEvent happened) => happened.Data switch
    {
        // Those of a batch are asked for together.
        InvitationEvent.Requested { BatchId: not null } => null,

        InvitationEvent.Requested e when e.Way.IsToAccount() => null,

        InvitationEvent.Requested => invitation => invitation.AwaitsApproval ? null : Requested(invitation),

        InvitationEvent.Approved => Requested,

        InvitationEvent.RenewalRequested => invitation => invitation.AwaitsApproval ? null : Requested(invitation),

        // Those that opened together are told of together.
        InvitationEvent.Opened { ChunkId: not null } => null,

        InvitationEvent.Opened or InvitationEvent.Resent => invitation => Opened(invitation.Offer!, invitation.Link!),

        InvitationEvent.Reminded e => invitation => invitation is { Offer: { } offer, Link: { } link }
            ? new InvitationReminderDue(
                offer.InvitationId, offer.OrganizationId, offer.Way.Name(), e.Generation, e.DaysBefore, offer.InviteeId, offer.Email, offer.FirstName,
                offer.Language, link.OrganizationName, link.AppName, link.RoleName, PersonalDataAttribute.Known(link.InvitedByName), link.ExpiresAt)
            {
                InvitedBy = link.InvitedBy,
            }
            : null,

        InvitationEvent.Revoked e => invitation => Withdrawn(invitation, "revoked", e.By),

        InvitationEvent.Expired => invitation => Withdrawn(invitation, "expired", by: null),

        InvitationEvent.Declined => invitation => Withdrawn(invitation, "declined", invitation.Offer!.IsExistingUser ? invitation.Offer.InviteeId : null),

        InvitationEvent.RegistrationStarted e => invitation => Started(invitation.Offer!, e),

        InvitationEvent.AccountProvisioned e => invitation => invitation.Offer is { SubscriptionId: { } subscription } offer
            ? new InviteeProvisioned(offer.InvitationId, offer.OrganizationId, subscription, e.UserId)
            : null,

        InvitationEvent.Accepted e => invitation => new InvitationAccepted(
            invitation.Offer!.InvitationId, invitation.Offer.OrganizationId, invitation.Offer.Way.Name(), e.UserId, e.At),

        _ => null,
    };

    // In the name of who asked last: for one that had expired, of who sent it again.
    private static InvitationRequested Requested(Invitation invitation) => invitation switch
    {
        { Offer: { } offer, Renewal: var renewal } => new(
            offer.InvitationId, offer.OrganizationId, offer.Way.Name(), renewal?.By ?? offer.InvitedBy, renewal?.ByRole ?? offer.InvitedByRole,
            offer.InviteeId, offer.AppId, offer.SubscriptionId, offer.Role)
        {
            Round = invitation.Round,
        },
        _ => throw new InvalidOperationException("nothing was asked for"),
    };

    private static RegistrationStarted Started(InvitationEvent.Requested offer, InvitationEvent.RegistrationStarted e) => new(
        e.RegistrationId, offer.InvitationId, offer.OrganizationId, offer.Way.Name(), e.UserId, offer.IsExistingUser, offer.Email, offer.FirstName,
        offer.LastName, offer.PersonalNumber, offer.LmaNumber, offer.Phone, offer.Gender, offer.SwedishCitizen, offer.EuCitizen,
        e.Username, e.PasswordHash, e.Language, e.PrivacyPolicyVersion, offer.AppId, offer.SubscriptionId, offer.Role, e.GrantHash);

    private static InvitationWithdrawn Withdrawn(Invitation invitation, string reason, Guid? by) =>
        new(invitation.Offer!.InvitationId, invitation.Offer.OrganizationId, reason, by)
        {
            Round = invitation.Round, OneTimePasswordId = invitation.OneTimePasswordId,
            InviteeId = invitation.OneTimePasswordId is null ? null : invitation.Offer.InviteeId,
        };

    /// <summary>That an invitation is pending with a link, and all that its message says.</summary>
    public static InvitationOpened Opened(InvitationEvent.Requested offer, InvitationEvent.Opened link) => new(
        offer.InvitationId, offer.OrganizationId, offer.Way.Name(), link.Generation, offer.InviteeId, offer.Email, offer.FirstName, offer.Language,
        link.OrganizationName, link.AppName, link.RoleName, PersonalDataAttribute.Known(link.InvitedByName), link.ExpiresAt)
    {
        Channel = link.Channel ?? "email", Phone = offer.Phone, LastName = offer.LastName, Username = offer.Username,
        OneTimePasswordId = link.OneTimePasswordId, InvitedBy = link.InvitedBy,
        // Sent again by hand, it is one by itself.
        IsBulk = link is { ChunkId: not null, Generation: 1 },
    };
}
