using InviteHub.Contracts;
using InviteHub.Contracts.Invitations;
using InviteHub.EventStore;

namespace InviteHub.Identity.Features;

/// <summary>
/// An internal user was invited: the account is made at once and belongs to the organization, so that it can be worked on before its person
/// comes (INV-18). It has no password: that comes by the link.
/// </summary>
internal static class MakeInternalUser
{
    /// <summary>The way of internal users.</summary>
    public const string Workspace = "workspace";

    public static Decision<UserEvent> Decide(User user, InvitationOpened c)
    {
        if (c.Way != Workspace || user.Exists || user.IsClosed || !EmailAddress.TryParse(c.Email, out _, out _))
            return Nothing.Happened;
        return new UserEvent[]
        {
            new UserEvent.Registered(
                c.InviteeId, c.Email, c.FirstName, c.LastName ?? "", PersonalNumber: null, LmaNumber: null, c.Phone, Gender: null, SwedishCitizen: null,
                EuCitizen: null, c.Username, c.Language, Role.Guest, EmailVerified: false, PrivacyPolicyVersion: null, RegisteredBy.Invitation, c.InvitationId),
            new UserEvent.OrganizationJoined(c.OrganizationId, Workspace, c.InvitationId),
        };
    }

    public static Task Handle(InvitationOpened c, EventSession session, CancellationToken ct) => c.Way == Workspace
        ? session.Decide<User, UserEvent>(User.Stream(c.InviteeId), user => Decide(user, c), ct)
        : Task.CompletedTask;
}
