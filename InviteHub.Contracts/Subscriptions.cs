namespace InviteHub.Contracts.Subscriptions;

/// <summary>An invitation may go out; an access invitation holds its seat from now on.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="OrganizationName">Its name, for mails and lists.</param>
/// <param name="AppName">Access: the app's name.</param>
/// <param name="RoleName">Access: the role's name.</param>
/// <param name="ValidForDays">How long a link of this organization lives (INV-05).</param>
public sealed record InvitationAdmitted(
    Guid InvitationId, Guid OrganizationId, string OrganizationName, string? AppName, string? RoleName, int ValidForDays);

/// <summary>An invitation may not go out; nothing was reserved.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization that was named.</param>
/// <param name="Kind">What the refusal is about: <c>notFound</c>, <c>forbidden</c>, <c>conflict</c> or <c>invalid</c>.</param>
/// <param name="Code">The stable code, such as <c>seat-limit-reached</c>.</param>
/// <param name="Detail">The reason and what would allow it, for people (INV-25).</param>
public sealed record InvitationRefused(Guid InvitationId, Guid OrganizationId, string Kind, string Code, string Detail)
{
    /// <summary>
    /// The facts that decided, by name, for programs: for <c>seat-limit-reached</c> <c>used</c>, <c>reserved</c>, <c>occupied</c>, <c>limit</c>,
    /// <c>revocable</c>, <c>limitNeeded</c> and <c>founders</c> (user ids, separated by commas). Null when the code says all.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}

/// <summary>What would become of a batch's invitations, place by place as it asked; nothing is reserved.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="Free">How many more seats the subscription would give; null when as many as are asked for.</param>
/// <param name="Waits">Whether an invitation beyond them waits instead of being refused.</param>
/// <param name="Codes">The stable code of why none may go out at all; empty when they may.</param>
/// <param name="Details">That reason, and what would allow it, for people; empty when they may.</param>
public sealed record InvitationBatchChecked(
    Guid BatchId, Guid OrganizationId, IReadOnlyList<int?> Free, IReadOnlyList<bool> Waits, IReadOnlyList<string> Codes, IReadOnlyList<string> Details)
{
    /// <summary>The people among those that were asked about who may not be invited, as they hold the role (INV-13).</summary>
    public IReadOnlyList<Guid> RefusedPeople { get; init; } = [];

    /// <summary>To what each of them may not be invited, by its place in the lists.</summary>
    public IReadOnlyList<int> RefusedTargets { get; init; } = [];

    /// <summary>The stable code of why not, place by place of what is invited to; empty when it refuses none of them.</summary>
    public IReadOnlyList<string> PeopleCodes { get; init; } = [];

    /// <summary>That reason, and what would allow it, for people.</summary>
    public IReadOnlyList<string> PeopleDetails { get; init; } = [];

    /// <summary>The facts that decided on what is invited to, under its place and their name, such as <c>0.roles</c> (INV-25).</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The same of why some people may not be invited to it.</summary>
    public IReadOnlyDictionary<string, string> PeopleFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>What <see cref="Invitations.InvitationBatchUploaded.Through"/> said.</summary>
    public int? Through { get; init; }
}

/// <summary>The answer to some invitations of a batch, all decided in one commit; each is in exactly one of the three lists.</summary>
/// <param name="ChunkId">Which were asked for.</param>
/// <param name="BatchId">The batch.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="OrganizationName">Its name, for mails and lists; empty when none was admitted.</param>
/// <param name="AppName">Access: the app's name.</param>
/// <param name="RoleName">Access: the role's name.</param>
/// <param name="ValidForDays">How long a link of this organization lives (INV-05).</param>
/// <param name="Admitted">Those that may go out, with their seats.</param>
/// <param name="Waitlisted">Those that wait for a seat; each is admitted or refused by itself later.</param>
/// <param name="Refused">Those that may not go out.</param>
/// <param name="Kinds">What each refusal is about, place by place.</param>
/// <param name="Codes">Its stable code.</param>
/// <param name="Details">Its reason and what would allow it, for people.</param>
public sealed record InvitationsAnswered(
    Guid ChunkId, Guid BatchId, Guid OrganizationId, string OrganizationName, string? AppName, string? RoleName, int ValidForDays,
    IReadOnlyList<Guid> Admitted, IReadOnlyList<Guid> Waitlisted, IReadOnlyList<Guid> Refused,
    IReadOnlyList<string> Kinds, IReadOnlyList<string> Codes, IReadOnlyList<string> Details)
{
    /// <summary>The facts that decided on each refusal, under its place and their name, such as <c>0.limit</c> (INV-25).</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}

/// <summary>No seat is free, and the subscription keeps a waitlist: the invitation waits in order, and is admitted or refused later (INV-12).</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="OrganizationName">Its name, for lists.</param>
/// <param name="AppName">The app's name.</param>
/// <param name="RoleName">The role's name.</param>
public sealed record InvitationWaitlisted(Guid InvitationId, Guid OrganizationId, string OrganizationName, string AppName, string RoleName);

/// <summary>The seat of an invitation is occupied by the person who accepted.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="UserId">Who sits there.</param>
public sealed record SeatConfirmed(Guid InvitationId, Guid OrganizationId, Guid SubscriptionId, Guid UserId);

/// <summary>An administrator gave an occupied seat to another member; what the app grants is to follow the seat (SUB-03).</summary>
/// <param name="InvitationId">The invitation that the seat came from.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="FromUserId">Who sat there.</param>
/// <param name="ToUserId">Who sits there now.</param>
public sealed record SeatTransferred(Guid InvitationId, Guid OrganizationId, Guid SubscriptionId, Guid FromUserId, Guid ToUserId);

/// <summary>An administrator took an occupied seat back; what the app granted is to end (SUB-03).</summary>
/// <param name="InvitationId">The invitation that the seat came from.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="UserId">Who sat there.</param>
public sealed record SeatTakenBack(Guid InvitationId, Guid OrganizationId, Guid SubscriptionId, Guid UserId);

/// <summary>What a withdrawn invitation held is given back, its seat included if it had one.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
public sealed record WithdrawalSettled(Guid InvitationId, Guid OrganizationId);

/// <summary>An organization was added, or its name or kinds changed.</summary>
/// <param name="OrganizationId">The organization.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kinds"><c>customer</c>, <c>supplier</c>, <c>business</c>.</param>
public sealed record OrganizationChanged(Guid OrganizationId, string Name, IReadOnlyList<string> Kinds);

/// <summary>What a user may do for an organization changed: an assignment (Applicant to customer), a membership or a permission.</summary>
/// <param name="OrganizationId">The organization.</param>
/// <param name="UserId">The user.</param>
/// <param name="Permissions">All that the user has there now, such as <c>applicant</c>, <c>founder</c>, <c>user_registration</c>; none when empty.</param>
public sealed record OrganizationAccessChanged(Guid OrganizationId, Guid UserId, IReadOnlyList<string> Permissions);

/// <summary>An organization's settings changed: all of them as they are now (SUB-01). Until it is heard, each has its default.</summary>
/// <param name="OrganizationId">The organization.</param>
/// <param name="InvitationValidForDays">How long a link lives (INV-05); 365 by default.</param>
/// <param name="Channels"><c>email</c> (default) or <c>emailAndSms</c>: how people may be invited (INV-14).</param>
/// <param name="AllowedDomains">The domains that may be invited, in ASCII; any when empty (INV-23).</param>
/// <param name="HourlyInvitationLimit">How many invitations may go out in an hour; null (default) when as many as are asked for (INV-23).</param>
/// <param name="RequiresApproval">Whether a second person approves each invitation (INV-23).</param>
/// <param name="WhoMayInvite"><c>founders</c>, <c>authorized</c> (default) or <c>members</c>.</param>
/// <param name="RequiresValidatedIdentity">Whether its apps are closed to accounts without a validated identity (IDN-01).</param>
/// <param name="OneTimePasswords">Whether messages may carry one-time passwords instead of links (INV-14).</param>
/// <param name="ReminderDays">How many days before the end an invitee is reminded, most first; never when empty (INV-22).</param>
/// <param name="BrandName">The name in messages; null for the organization's own (NOT-02).</param>
/// <param name="BrandLogoUrl">An https address of the logo, or null.</param>
/// <param name="BrandColor">A colour as <c>#rrggbb</c> that white text can be read on, or null.</param>
/// <param name="BrandWords">Words that messages close with, or null.</param>
public sealed record OrganizationSettingsChanged(
    Guid OrganizationId, int InvitationValidForDays, string Channels, IReadOnlyList<string> AllowedDomains, int? HourlyInvitationLimit,
    bool RequiresApproval, string WhoMayInvite, bool RequiresValidatedIdentity, bool OneTimePasswords, IReadOnlyList<int> ReminderDays,
    string? BrandName, string? BrandLogoUrl, string? BrandColor, string? BrandWords);

/// <summary>
/// Somebody is to have a role at an organization or a service (ROL-05, ROL-06). Identity decides, since it alone knows all roles of a
/// person and so whether this one goes with them (ROL-02).
/// </summary>
/// <param name="RequestId">This request; the answer names it.</param>
/// <param name="UserId">Who is to have it.</param>
/// <param name="Role"><c>supplierAdmin</c>, <c>customerAdmin</c>, <c>professional</c>, <c>mentor</c> or <c>serviceAdmin</c>.</param>
/// <param name="HolderId">The organization or service that it belongs to.</param>
/// <param name="By">Who gives it.</param>
public sealed record RoleAssignmentRequested(Guid RequestId, Guid UserId, string Role, Guid HolderId, Guid By);

/// <summary>A role at an organization or a service was taken back.</summary>
/// <param name="RequestId">The request that it was given by.</param>
/// <param name="UserId">Who had it.</param>
/// <param name="Role">The role, as in <see cref="RoleAssignmentRequested"/>.</param>
/// <param name="HolderId">The organization or service.</param>
/// <param name="By">Who took it back.</param>
public sealed record RoleAssignmentEnded(Guid RequestId, Guid UserId, string Role, Guid HolderId, Guid By);
