using System.Globalization;
using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.Invitations.Features;

namespace InviteHub.Invitations.Integration;

/// <summary>What inviters are told of their invitations (NOT-02): event to notice, so that each goes out once. Pure.</summary>
internal static class Notices
{
    public static Func<Invitation, object?>? OfOne(RecordedEvent happened) => happened.Data switch
    {
        InvitationEvent.Declined => invitation => Ended(happened, invitation.Offer!, "declined"),
        InvitationEvent.NewLinkAsked => invitation => Ended(happened, invitation.Offer!, "newLinkAsked"),
        _ => null,
    };

    public static object? OfExpired(RecordedEvent happened)
    {
        if (happened.Data is not ExpiryDigestEvent.Due e)
            return null;
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["what"] = "expired", ["count"] = e.Expired.ToString(CultureInfo.InvariantCulture),
        };
        if (e.InvitationId is { } only)
            facts["invitationId"] = $"{only}";
        return new NoticeDue(
            happened.Id, NoticeKind.InvitationEnded, e.InviterId, e.OrganizationId == InviteAccount.Platform ? null : e.OrganizationId, facts,
            happened.Timestamp, ExpiresAt: null);
    }

    private static NoticeDue Ended(RecordedEvent happened, InvitationEvent.Requested offer, string what) => new(
        happened.Id, NoticeKind.InvitationEnded, offer.InvitedBy, offer.Way.IsToAccount() ? null : offer.OrganizationId,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["invitationId"] = $"{offer.InvitationId}", ["what"] = what }, happened.Timestamp, ExpiresAt: null);
}
