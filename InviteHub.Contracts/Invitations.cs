namespace InviteHub.Contracts.Invitations;

/// <summary>Somebody asked for an invitation; Subscriptions says whether it may go out, and reserves the seat if it takes one (INV-12).</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization it is for.</param>
/// <param name="Way"><c>customer</c>, <c>access</c> or <c>workspace</c>.</param>
/// <param name="InvitedBy">The user who invites.</param>
/// <param name="InvitedByRole">That user's system role when asking.</param>
/// <param name="InviteeId">The person: an existing user's id, or the id that the new account will have.</param>
/// <param name="AppId">Access: the app.</param>
/// <param name="SubscriptionId">Access: the subscription that gives the seat.</param>
/// <param name="Role">Access: the key of the app's role.</param>
public sealed record InvitationRequested(
    Guid InvitationId, Guid OrganizationId, string Way, Guid InvitedBy, string InvitedByRole, Guid InviteeId,
    Guid? AppId, Guid? SubscriptionId, string? Role)
{
    /// <summary>How often this invitation was asked for, this time included: one that had expired is asked for again when it is resent (INV-08).</summary>
    public int Round { get; init; } = 1;
}

/// <summary>A batch wants to know what would become of its invitations; nothing is reserved. The lists say, place by place, to what is invited.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="OrganizationId">The organization it is for.</param>
/// <param name="Way"><c>customer</c> or <c>access</c>.</param>
/// <param name="InvitedBy">The user who invites.</param>
/// <param name="InvitedByRole">That user's system role when asking.</param>
/// <param name="AppIds">Access: the apps.</param>
/// <param name="SubscriptionIds">Access: the subscriptions that give the seats.</param>
/// <param name="Roles">Access: the keys of the apps' roles; empty for another way.</param>
public sealed record InvitationBatchUploaded(
    Guid BatchId, Guid OrganizationId, string Way, Guid InvitedBy, string InvitedByRole,
    IReadOnlyList<Guid?> AppIds, IReadOnlyList<Guid?> SubscriptionIds, IReadOnlyList<string> Roles)
{
    /// <summary>Those of its invitees who have an account and may hold a role already (INV-13): some thousands at a time, so that no message grows with the file.</summary>
    public IReadOnlyList<Guid> People { get; init; } = [];

    /// <summary>To what each of them is invited, by its place in the lists.</summary>
    public IReadOnlyList<int> PeopleTargets { get; init; } = [];

    /// <summary>The row up to which <see cref="People"/> are told of: the answer names it, and the next are asked about. Null with the last of them.</summary>
    public int? Through { get; init; }
}

/// <summary>Some invitations of a batch to the same thing; Subscriptions admits them in one commit (INV-20).</summary>
/// <param name="ChunkId">These invitations; the answer names it.</param>
/// <param name="BatchId">The batch.</param>
/// <param name="OrganizationId">The organization it is for.</param>
/// <param name="Way"><c>customer</c> or <c>access</c>.</param>
/// <param name="InvitedBy">The user who invites.</param>
/// <param name="InvitedByRole">That user's system role when asking.</param>
/// <param name="AppId">Access: the app.</param>
/// <param name="SubscriptionId">Access: the subscription that gives the seats.</param>
/// <param name="Role">Access: the key of the app's role.</param>
/// <param name="Waits">Whether they were shown as waiting for a seat; else with one, if their way takes one. What turns out otherwise is refused (INV-24).</param>
/// <param name="InvitationIds">The invitations, the first first.</param>
/// <param name="InviteeIds">Their invitees, place by place.</param>
public sealed record InvitationsRequested(
    Guid ChunkId, Guid BatchId, Guid OrganizationId, string Way, Guid InvitedBy, string InvitedByRole,
    Guid? AppId, Guid? SubscriptionId, string? Role, bool Waits, IReadOnlyList<Guid> InvitationIds, IReadOnlyList<Guid> InviteeIds);

/// <summary>An invitation is pending: its mail may go out. The link is made by the sender and never crosses the bus.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization it is for.</param>
/// <param name="Way"><c>customer</c> or <c>access</c>.</param>
/// <param name="Generation">Which link of this invitation, from 1; each resend makes a new one.</param>
/// <param name="InviteeId">The person.</param>
/// <param name="Email">Where it goes.</param>
/// <param name="FirstName">How the person is addressed.</param>
/// <param name="Language"><c>en</c> or <c>sv</c>.</param>
/// <param name="OrganizationName">Who invites.</param>
/// <param name="AppName">Access: to what.</param>
/// <param name="RoleName">Access: as what.</param>
/// <param name="InvitedByName">The person who invites, when known.</param>
/// <param name="ExpiresAt">When the link stops working.</param>
public sealed record InvitationOpened(
    Guid InvitationId, Guid OrganizationId, string Way, int Generation, Guid InviteeId,
    [property: PersonalData] string Email, [property: PersonalData] string FirstName, string Language,
    string OrganizationName, string? AppName, string? RoleName, [property: PersonalData] string? InvitedByName, DateTimeOffset ExpiresAt)
{
    /// <summary>What it goes out by: <c>email</c>, or <c>sms</c> to <see cref="Phone"/> (INV-14).</summary>
    public string Channel { get; init; } = "email";

    /// <summary>Where an SMS goes: E.164.</summary>
    [PersonalData]
    public string? Phone { get; init; }

    /// <summary>The last name, where the account is made before its person comes (INV-18).</summary>
    [PersonalData]
    public string? LastName { get; init; }

    /// <summary>The username that the account has or is to have, where that is told (INV-14, INV-18).</summary>
    [PersonalData]
    public string? Username { get; init; }

    /// <summary>What the one-time password is made from that the message carries instead of a link; null for a link (INV-14).</summary>
    public Guid? OneTimePasswordId { get; init; }

    /// <summary>Whether it is one of a batch: its mail gives way to others.</summary>
    public bool IsBulk { get; init; }

    /// <summary>Who invites; whoever keeps their name keeps it as data of theirs.</summary>
    public Guid? InvitedBy { get; init; }
}

/// <summary>
/// Some invitations of a batch are pending: their mails may go out (INV-20). No <see cref="InvitationOpened"/> tells of them, and no
/// <see cref="Notifications.InvitationDeliveryChanged"/> that their messages are queued.
/// </summary>
/// <param name="ChunkId">These invitations, as they were asked for.</param>
/// <param name="OrganizationId">The organization they are for.</param>
/// <param name="Invitations">Each of them.</param>
public sealed record InvitationsOpened(Guid ChunkId, Guid OrganizationId, IReadOnlyList<InvitationOpened> Invitations);

/// <summary>An invitation was not answered yet and ends soon: its invitee is reminded (INV-22). The link is the one that was sent before.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization it is for.</param>
/// <param name="Way"><c>customer</c> or <c>access</c>.</param>
/// <param name="Generation">Which link of this invitation.</param>
/// <param name="DaysBefore">Which reminder of this link, by the days that the organization wants it before the end.</param>
/// <param name="InviteeId">The person.</param>
/// <param name="Email">Where it goes.</param>
/// <param name="FirstName">How the person is addressed.</param>
/// <param name="Language"><c>en</c> or <c>sv</c>.</param>
/// <param name="OrganizationName">Who invites.</param>
/// <param name="AppName">Access: to what.</param>
/// <param name="RoleName">Access: as what.</param>
/// <param name="InvitedByName">The person who invites, when known.</param>
/// <param name="ExpiresAt">When the link stops working.</param>
public sealed record InvitationReminderDue(
    Guid InvitationId, Guid OrganizationId, string Way, int Generation, int DaysBefore, Guid InviteeId,
    [property: PersonalData] string Email, [property: PersonalData] string FirstName, string Language,
    string OrganizationName, string? AppName, string? RoleName, [property: PersonalData] string? InvitedByName, DateTimeOffset ExpiresAt)
{
    /// <inheritdoc cref="InvitationOpened.InvitedBy"/>
    public Guid? InvitedBy { get; init; }
}

/// <summary>An invitation ended without being accepted: its seat comes back and unsent mail is stopped.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization it was for.</param>
/// <param name="Reason"><c>revoked</c>, <c>expired</c> or <c>declined</c>.</param>
/// <param name="By">The user who did it, if somebody did.</param>
public sealed record InvitationWithdrawn(Guid InvitationId, Guid OrganizationId, string Reason, Guid? By)
{
    /// <summary>The <see cref="InvitationRequested.Round"/> that it ends: word of an earlier one that comes late ends no later one.</summary>
    public int Round { get; init; } = 1;

    /// <summary>The invitee, where a one-time password of theirs ends with it.</summary>
    public Guid? InviteeId { get; init; }

    /// <summary>What that one-time password was made from.</summary>
    public Guid? OneTimePasswordId { get; init; }
}

/// <summary>An invitee has given what an account needs; Identity makes or finds it and grants what was offered.</summary>
/// <param name="RegistrationId">This attempt.</param>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization it is for.</param>
/// <param name="Way"><c>customer</c> or <c>access</c>.</param>
/// <param name="UserId">The account's id: an existing one's, or the one to make.</param>
/// <param name="IsExistingUser">Whether the account exists already; then nothing below but the grant is used.</param>
/// <param name="Email">Verified by the link.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="PersonalNumber">Twelve digits.</param>
/// <param name="LmaNumber">LMA number.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Gender">As given.</param>
/// <param name="SwedishCitizen">Yes, no, or not given.</param>
/// <param name="EuCitizen">Yes, no, or not given.</param>
/// <param name="Username">When chosen.</param>
/// <param name="PasswordHash">The framework's password hash; the password itself never leaves the process that took it.</param>
/// <param name="Language"><c>en</c> or <c>sv</c>.</param>
/// <param name="PrivacyPolicyVersion">The version that was accepted.</param>
/// <param name="AppId">Access: the app.</param>
/// <param name="SubscriptionId">Access: the subscription.</param>
/// <param name="Role">Access: the key of the role to grant.</param>
/// <param name="GrantHash">SHA-256, in hex, of the one-time secret that the registering process may sign the person in with.</param>
public sealed record RegistrationStarted(
    Guid RegistrationId, Guid InvitationId, Guid OrganizationId, string Way, Guid UserId, bool IsExistingUser,
    [property: PersonalData] string Email, [property: PersonalData] string FirstName, [property: PersonalData] string LastName,
    [property: PersonalData] string? PersonalNumber, [property: PersonalData] string? LmaNumber, [property: PersonalData] string? Phone,
    [property: PersonalData] string? Gender, bool? SwedishCitizen, bool? EuCitizen,
    [property: PersonalData] string? Username, [property: PersonalData] string? PasswordHash, string Language, string? PrivacyPolicyVersion,
    Guid? AppId, Guid? SubscriptionId, string? Role, string GrantHash);

/// <summary>The invitee of an access invitation has an account with the role: the seat can be occupied.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="UserId">Who takes the seat.</param>
public sealed record InviteeProvisioned(Guid InvitationId, Guid OrganizationId, Guid SubscriptionId, Guid UserId);

/// <summary>An invitation was accepted; the person has what was offered.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="Way"><c>customer</c> or <c>access</c>.</param>
/// <param name="UserId">Who accepted.</param>
/// <param name="At">When.</param>
public sealed record InvitationAccepted(Guid InvitationId, Guid OrganizationId, string Way, Guid UserId, DateTimeOffset At);
