using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Identity;

/// <summary>Through what an account came to be.</summary>
internal enum RegisteredBy
{
    /// <summary>An invitation's link.</summary>
    Invitation,

    /// <summary>The environment: the first System admin.</summary>
    Bootstrap,

    /// <summary>An administrator, by hand.</summary>
    Administrator,

    /// <summary>An administrator, from a file.</summary>
    Import,

    /// <summary>An administrator, by hand, with an invitation by which its person chooses the password.</summary>
    AdministratorInviting,
}

/// <summary>Through what a password took the place of another one.</summary>
internal enum PasswordReplacedBy
{
    /// <summary>Its owner, who knew the earlier one.</summary>
    Owner,

    /// <summary>The link of a forgotten password.</summary>
    MailedLink,

    /// <summary>An administrator: a temporary one.</summary>
    Administrator,
}

/// <summary>What happens to a user. Whatever changes what other services show carries the whole of it, so that publishing is a map.</summary>
internal abstract record UserEvent
{
    private UserEvent()
    {
    }

    [EventType("user.registered.v1")]
    public sealed record Registered(
        Guid UserId,
        [property: PersonalData(nameof(Registered.UserId))] string Email,
        [property: PersonalData(nameof(Registered.UserId))] string FirstName,
        [property: PersonalData(nameof(Registered.UserId))] string LastName,
        [property: PersonalData(nameof(Registered.UserId))] string? PersonalNumber,
        [property: PersonalData(nameof(Registered.UserId))] string? LmaNumber,
        [property: PersonalData(nameof(Registered.UserId))] string? Phone,
        [property: PersonalData(nameof(Registered.UserId))] string? Gender,
        [property: PersonalData(nameof(Registered.UserId))] bool? SwedishCitizen,
        [property: PersonalData(nameof(Registered.UserId))] bool? EuCitizen,
        [property: PersonalData(nameof(Registered.UserId))] string? Username,
        string Language, Role SystemRole, bool EmailVerified, string? PrivacyPolicyVersion, RegisteredBy How, Guid? InvitationId) : UserEvent;

    [EventType("user.details_changed.v1")]
    public sealed record DetailsChanged(
        Guid UserId,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string Email,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string FirstName,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string LastName,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string? PersonalNumber,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string? LmaNumber,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string? Phone,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string? Gender,
        [property: PersonalData(nameof(DetailsChanged.UserId))] bool? SwedishCitizen,
        [property: PersonalData(nameof(DetailsChanged.UserId))] bool? EuCitizen,
        [property: PersonalData(nameof(DetailsChanged.UserId))] string? Username,
        string Language, Role SystemRole) : UserEvent;

    [EventType("user.avatar_changed.v1")]
    public sealed record AvatarChanged(Guid UserId, Guid? AvatarId) : UserEvent;

    [EventType("user.organization_joined.v1")]
    public sealed record OrganizationJoined(Guid OrganizationId, string Way, Guid InvitationId) : UserEvent;

    [EventType("user.app_role_granted.v1")]
    public sealed record AppRoleGranted(Guid OrganizationId, Guid AppId, Guid SubscriptionId, string Role, Guid InvitationId) : UserEvent;

    /// <summary>The seat that it came with went to somebody else, or was taken back.</summary>
    [EventType("user.app_role_ended.v1")]
    public sealed record AppRoleEnded(Guid OrganizationId, Guid AppId, Guid SubscriptionId, string Role, Guid InvitationId) : UserEvent;

    [EventType("user.system_role_changed.v1")]
    public sealed record SystemRoleChanged(
        Guid UserId,
        [property: PersonalData(nameof(SystemRoleChanged.UserId))] string Email,
        [property: PersonalData(nameof(SystemRoleChanged.UserId))] string FirstName,
        [property: PersonalData(nameof(SystemRoleChanged.UserId))] string LastName,
        [property: PersonalData(nameof(SystemRoleChanged.UserId))] string? Phone,
        string Language, Role From, Role To, Guid By, string Why) : UserEvent;

    [EventType("user.role_granted.v1")]
    public sealed record RoleGranted(Guid RequestId, Role Role, Guid HolderId, Guid By) : UserEvent;

    [EventType("user.role_ended.v1")]
    public sealed record RoleEnded(Guid RequestId, Role Role, Guid HolderId, Guid By) : UserEvent;

    [EventType("user.password_set.v1")]
    public sealed record PasswordSet(
        Guid UserId, [property: PersonalData(nameof(PasswordSet.UserId))] string Hash, bool MustChange) : UserEvent;

    /// <summary>The person is to be invited to the account (INV-14).</summary>
    [EventType("user.invitation_due.v1")]
    public sealed record InvitationDue(
        Guid UserId, Guid InvitationId, string Way, string Channel,
        [property: PersonalData(nameof(InvitationDue.UserId))] string Email,
        [property: PersonalData(nameof(InvitationDue.UserId))] string FirstName,
        [property: PersonalData(nameof(InvitationDue.UserId))] string LastName,
        [property: PersonalData(nameof(InvitationDue.UserId))] string? Phone,
        [property: PersonalData(nameof(InvitationDue.UserId))] string? Username,
        string Language, Guid By, string ByRole) : UserEvent
    {
        /// <summary>Until when the one-time password works that the message carries; for a link, nothing is stored.</summary>
        public DateTimeOffset? OneTimePasswordUntil { get; init; }
    }

    /// <summary>The invitation that the one-time password came with was taken back, or its time was up.</summary>
    [EventType("user.one_time_password_ended.v1")]
    public sealed record OneTimePasswordEnded(Guid UserId, Guid InvitationId) : UserEvent;

    /// <summary>The person has a password of their own instead of the one-time password (INV-14). Stands behind that <see cref="PasswordSet"/>.</summary>
    [EventType("user.taken_over.v1")]
    public sealed record TakenOver(Guid UserId, Guid InvitationId, DateTimeOffset At) : UserEvent;

    /// <summary>The person took the account over by an invitation's link, which proves the address too (INV-10).</summary>
    [EventType("user.activated.v1")]
    public sealed record Activated(Guid UserId, Guid InvitationId, string? PrivacyPolicyVersion) : UserEvent;

    [EventType("user.password_reset_requested.v1")]
    public sealed record PasswordResetRequested(Guid UserId, Guid NoticeId, string TokenHash, DateTimeOffset ExpiresAt) : UserEvent;

    /// <summary>Stands behind the <see cref="PasswordSet"/> that it explains; the person is told of it.</summary>
    [EventType("user.password_replaced.v1")]
    public sealed record PasswordReplaced(Guid UserId, PasswordReplacedBy By) : UserEvent;

    /// <summary>The account is over: nobody signs in to it or finds it any more, and what it says of its person is erased (GDP-02).</summary>
    [EventType("user.closed.v1")]
    public sealed record Closed(Guid UserId, Role SystemRole, Guid By) : UserEvent;
}
