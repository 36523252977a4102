using System.Text.Json;
using InviteHub.Contracts;
using InviteHub.Contracts.Invitations;
using InviteHub.EventStore;

namespace InviteHub.Identity.Features;

/// <summary>
/// Answers a registration: makes the account or finds it, grants what was offered after the rules of exclusivity were checked again
/// (INV-10, ROL-09), and keeps the answer, so that the same registration is answered once.
/// </summary>
internal static class ProvisionAccount
{
    /// <summary>What there is to grant for a registration; the account's events, possibly none.</summary>
    public static Decision<UserEvent> Decide(User user, RegistrationStarted c)
    {
        if (user.IsClosed || (c.IsExistingUser && !user.Exists))
            return new UserNotFound();
        // The same invitation may come to a second attempt when the first one was given up too early: the account stays as it is.
        if (!c.IsExistingUser && user.Exists && user.InvitationId != c.InvitationId)
            return new AccountExists();
        if (!user.Exists && !EmailAddress.TryParse(c.Email, out _, out _))
            return new RegistrationUnusable("e-mail address");
        if (!user.Exists && string.IsNullOrEmpty(c.PasswordHash))
            return new RegistrationUnusable("password");

        var (granted, refusal) = Grant(user, c);
        if (refusal is not null)
            return refusal;
        if (!user.Exists)
            return (UserEvent[])[.. New(c), .. granted];
        if (!IsMadeBefore(c) || c.PasswordHash is not { Length: > 0 } hash)
            return granted;
        return user.HasOwnPassword ? new AccountInUse() : (UserEvent[])[.. TakenOver(user, c, hash), .. granted];
    }

    /// <summary>The answer to a registration.</summary>
    public static ProvisioningEvent Answer(RegistrationStarted c, Refusal? refusal, DateTimeOffset at) => refusal is null
        ? new ProvisioningEvent.Completed(
            c.RegistrationId, c.InvitationId, c.OrganizationId, c.UserId, c.GrantHash, at + SignInWithGrant.GoodFor)
        : new ProvisioningEvent.Refused(
            c.RegistrationId, c.InvitationId, c.OrganizationId, JsonNamingPolicy.CamelCase.ConvertName(refusal.Kind.ToString()), refusal.Code, refusal.Detail)
        {
            Facts = refusal.Facts,
        };

    /// <summary>Decides and answers in one session.</summary>
    public static async Task Handle(RegistrationStarted c, EventSession session, DateTimeOffset now, CancellationToken ct)
    {
        var provisioning = await session.FetchForWriting<Provisioning, ProvisioningEvent>(Provisioning.Stream(c.RegistrationId), ct);
        if (provisioning.Aggregate.IsAnswered)
            return;
        var outcome = await session.Decide<User, UserEvent>(User.Stream(c.UserId), user => Decide(user, c), ct);
        provisioning.AppendOne(Answer(c, outcome.Refusal, now));
    }

    /// <summary>Answers that something which has to be unique is taken.</summary>
    public static async Task Refuse(RegistrationStarted c, Refusal refusal, EventSession session, DateTimeOffset now, CancellationToken ct)
    {
        var provisioning = await session.FetchForWriting<Provisioning, ProvisioningEvent>(Provisioning.Stream(c.RegistrationId), ct);
        if (!provisioning.Aggregate.IsAnswered)
            provisioning.AppendOne(Answer(c, refusal, now));
    }

    /// <summary>Whether the account is there before its person comes, who chooses the password by the link (INV-14, INV-18).</summary>
    private static bool IsMadeBefore(RegistrationStarted c) => c.Way is InviteUsers.Account or InviteUsers.Created or MakeInternalUser.Workspace;

    private static UserEvent[] TakenOver(User user, RegistrationStarted c, string hash)
    {
        var username = string.IsNullOrWhiteSpace(c.Username) ? user.Username : c.Username.Trim();
        return
        [
            .. username == user.Username ? [] : new UserEvent[]
            {
                new UserEvent.DetailsChanged(
                    user.Id, user.Email, user.FirstName, user.LastName, user.PersonalNumber, user.LmaNumber, user.Phone, user.Gender, user.SwedishCitizen,
                    user.EuCitizen, username, user.Language, user.SystemRole),
            },
            new UserEvent.PasswordSet(user.Id, hash, MustChange: false),
            new UserEvent.Activated(user.Id, c.InvitationId, c.PrivacyPolicyVersion),
        ];
    }

    private static UserEvent[] New(RegistrationStarted c) =>
    [
        new UserEvent.Registered(
            c.UserId, c.Email.Trim(), c.FirstName, c.LastName, c.PersonalNumber, c.LmaNumber, c.Phone, c.Gender, c.SwedishCitizen, c.EuCitizen,
            string.IsNullOrWhiteSpace(c.Username) ? null : c.Username.Trim(), c.Language, Role.Guest, EmailVerified: true,
            c.PrivacyPolicyVersion, RegisteredBy.Invitation, c.InvitationId),
        new UserEvent.PasswordSet(c.UserId, c.PasswordHash!, MustChange: false),
    ];

    private static (UserEvent[] Granted, Refusal? Refusal) Grant(User user, RegistrationStarted c)
    {
        switch (c)
        {
            case { Way: InviteUsers.Account or InviteUsers.Created }:
                return ([], null);
            case { Way: "customer" or MakeInternalUser.Workspace }:
                return (user.Organizations.Contains(c.OrganizationId) ? [] : [new UserEvent.OrganizationJoined(c.OrganizationId, c.Way, c.InvitationId)], null);
            case { Way: "access", AppId: { } app, SubscriptionId: { } subscription, Role: { Length: > 0 } role }:
                if (Roles.InTheWayOf(Role.App, user.Roles) is { Count: > 0 } inTheWay)
                    return ([], new RoleConflict(Role.App, inTheWay));
                if (user.AppRoles.Find(held => held.SubscriptionId == subscription && held.Role == role) is { } held)
                    return ([], held.InvitationId == c.InvitationId ? null : new RoleAlreadyHeld(role, subscription));
                return ([new UserEvent.AppRoleGranted(c.OrganizationId, app, subscription, role, c.InvitationId)], null);
            default:
                return ([], new RegistrationUnusable("offer"));
        }
    }
}
