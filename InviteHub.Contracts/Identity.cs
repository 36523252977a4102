namespace InviteHub.Contracts.Identity;

/// <summary>The account of a registration exists and holds what was offered.</summary>
/// <param name="RegistrationId">The attempt.</param>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="UserId">The account.</param>
public sealed record AccountProvisioned(Guid RegistrationId, Guid InvitationId, Guid OrganizationId, Guid UserId);

/// <summary>The account of a registration can't be made or can't have what was offered; nothing was changed.</summary>
/// <param name="RegistrationId">The attempt.</param>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="Kind">What the refusal is about: <c>notFound</c>, <c>forbidden</c>, <c>conflict</c> or <c>invalid</c>.</param>
/// <param name="Code">The stable code, such as <c>email-taken</c> or <c>role-conflict</c>.</param>
/// <param name="Detail">The reason and what would allow it, for people (INV-25).</param>
public sealed record AccountRefused(Guid RegistrationId, Guid InvitationId, Guid OrganizationId, string Kind, string Code, string Detail)
{
    /// <summary>
    /// The facts that decided, by name, for programs: for <c>role-conflict</c> <c>wanted</c> and <c>inTheWay</c> (roles, separated by commas). Null
    /// when the code says all.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}

/// <summary>A person has an account, or its details changed: what other services show and write to.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Email">Its e-mail, as typed.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Phone">E.164, when given.</param>
/// <param name="Language"><c>en</c> or <c>sv</c>.</param>
/// <param name="SystemRole"><c>guest</c>, <c>systemAdmin</c>, <c>economyAdmin</c>, <c>applicant</c> or <c>serviceAdmin</c>.</param>
public sealed record PersonChanged(
    Guid UserId, [property: PersonalData] string Email, [property: PersonalData] string FirstName, [property: PersonalData] string LastName,
    [property: PersonalData] string? Phone, string Language, string SystemRole);

/// <summary>A user is to be invited to the account that was made for them: by the link they choose a password (INV-14, INV-17, INV-18).</summary>
/// <param name="InvitationId">The invitation to make; where one waits for the user's answer already, that is sent again.</param>
/// <param name="UserId">The account.</param>
/// <param name="Way"><c>account</c>, or <c>created</c> when it was made to be accepted by this invitation.</param>
/// <param name="Channel"><c>email</c>, or <c>sms</c> to <paramref name="Phone"/>.</param>
/// <param name="Email">The account's e-mail.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Phone">E.164, when given.</param>
/// <param name="Username">When there is one.</param>
/// <param name="Language"><c>en</c> or <c>sv</c>.</param>
/// <param name="By">Who invites.</param>
/// <param name="ByRole">That user's system role when asking.</param>
public sealed record AccountInvitationDue(
    Guid InvitationId, Guid UserId, string Way, string Channel, [property: PersonalData] string Email, [property: PersonalData] string FirstName,
    [property: PersonalData] string LastName, [property: PersonalData] string? Phone, [property: PersonalData] string? Username, string Language,
    Guid By, string ByRole)
{
    /// <summary>
    /// Until when a one-time password works that the message is to carry instead of a link; null for a link. It is made from
    /// <see cref="InvitationId"/> when the message is sent, and never crosses the bus.
    /// </summary>
    public DateTimeOffset? OneTimePasswordUntil { get; init; }
}

/// <summary>A person has replaced the one-time password of an invitation by one of their own: the account is theirs (INV-14).</summary>
/// <param name="UserId">The account.</param>
/// <param name="At">When.</param>
public sealed record AccountTakenOver(Guid UserId, DateTimeOffset At);

/// <summary>A session ended: every service refuses its tokens from now on.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">Whose.</param>
/// <param name="TokensUntil">When the last token of it would have run out by itself.</param>
public sealed record SessionEnded(Guid SessionId, Guid UserId, DateTimeOffset TokensUntil);

/// <summary>A role that was asked for goes with the others of the person, who has it from now on.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="UserId">Who has it.</param>
/// <param name="Role">The role, as in the request.</param>
/// <param name="HolderId">The organization or service.</param>
public sealed record RoleAssignmentGranted(Guid RequestId, Guid UserId, string Role, Guid HolderId);

/// <summary>A role that was asked for does not go with the others of the person; nothing was changed.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="UserId">Who was to have it.</param>
/// <param name="Role">The role, as in the request.</param>
/// <param name="HolderId">The organization or service.</param>
/// <param name="Kind">What the refusal is about: <c>notFound</c>, <c>forbidden</c>, <c>conflict</c> or <c>invalid</c>.</param>
/// <param name="Code">The stable code, such as <c>role-conflict</c>.</param>
/// <param name="Detail">The reason and what would allow it, for people (INV-25).</param>
public sealed record RoleAssignmentRefused(Guid RequestId, Guid UserId, string Role, Guid HolderId, string Kind, string Code, string Detail);

/// <summary>
/// A person is to be forgotten (GDP-03): the services that are named erase what they keep of them and say so with <see cref="PersonErased"/>.
/// Repeated, it finds nothing more; what comes of the person later is not kept.
/// </summary>
/// <param name="UserId">The account.</param>
/// <param name="Services">Who is to erase now, such as <c>invitations</c>.</param>
/// <param name="Emails">Every address that the account ever had, one a line.</param>
/// <param name="SubjectIds">The further ids under which the person is known, as invitees of invitations to these addresses.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="RequestedAt">When: who has one of these addresses later is somebody else.</param>
public sealed record ErasureDue(
    Guid UserId, IReadOnlyList<string> Services, [property: PersonalData] string? Emails, IReadOnlyList<Guid> SubjectIds, Guid By, DateTimeOffset RequestedAt);

/// <summary>A service keeps nothing of a person any more.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Service">Which service.</param>
/// <param name="SubjectIds">Further ids under which it knew the person.</param>
/// <param name="What">What it erased: its keys, and the names of its tables.</param>
/// <param name="Items">How many, place by place.</param>
/// <param name="At">When it was done.</param>
public sealed record PersonErased(
    Guid UserId, string Service, IReadOnlyList<Guid> SubjectIds, IReadOnlyList<string> What, IReadOnlyList<long> Items, DateTimeOffset At);
