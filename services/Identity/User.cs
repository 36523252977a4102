using System.Collections.Immutable;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Identity;

/// <summary>A role of an app that a user holds on a subscription, and the invitation that it came by.</summary>
internal sealed record AppRole(Guid OrganizationId, Guid AppId, Guid SubscriptionId, string Role, Guid InvitationId);

/// <summary>The last link to set a new password that was sent; <c>IsUsed</c> since a password was set, by the link or in another way.</summary>
internal sealed record PasswordResetLink(string TokenHash, DateTimeOffset ExpiresAt, bool IsUsed);

/// <summary>A password that an invitation's message carries (INV-14): what it is made from, and until when it works.</summary>
internal sealed record OneTimePassword(Guid InvitationId, DateTimeOffset Until);

/// <summary>A role that an organization or a service gave a user, and the request that it was given by (ROL-05, ROL-06).</summary>
internal sealed record AssignedRole(Guid RequestId, Role Role, Guid HolderId);

/// <summary>A person with an account; the user's id is the person's, and the data subject's.</summary>
internal sealed record User : IAggregate<User, UserEvent>
{
    public static string Category => "user";

    public static User Initial { get; } = new();

    public Guid Id { get; private init; }

    public bool Exists => Id != Guid.Empty && !IsClosed;

    /// <summary>Whether its person was anonymized: it is as if it had never been, but nothing comes in its place.</summary>
    public bool IsClosed { get; private init; }

    public string Email { get; private init; } = "";

    public string FirstName { get; private init; } = "";

    public string LastName { get; private init; } = "";

    public string? Phone { get; private init; }

    public string Language { get; private init; } = "";

    public string? PersonalNumber { get; private init; }

    public string? LmaNumber { get; private init; }

    public string? Gender { get; private init; }

    public bool? SwedishCitizen { get; private init; }

    public bool? EuCitizen { get; private init; }

    public string? Username { get; private init; }

    public bool EmailVerified { get; private init; }

    /// <summary>Which picture, if there is one.</summary>
    public Guid? AvatarId { get; private init; }

    /// <summary>The invitation that the account came by, if it did.</summary>
    public Guid? InvitationId { get; private init; }

    public Role SystemRole { get; private init; }

    /// <summary>Null when there is none, or when it went with the person's data.</summary>
    public string? PasswordHash { get; private init; }

    public bool MustChangePassword { get; private init; }

    /// <summary>The latest that was sent and nothing took the place of.</summary>
    public OneTimePassword? OneTimePassword { get; private init; }

    /// <summary>Whether the person signs in with a password that nobody else chose.</summary>
    public bool HasOwnPassword => PasswordHash is not null && !MustChangePassword;

    public PasswordResetLink? PasswordReset { get; private init; }

    /// <summary>The invitations to the account that were asked for.</summary>
    public ImmutableHashSet<Guid> Invitations { get; private init; } = [];

    public ImmutableHashSet<Guid> Organizations { get; private init; } = [];

    public ImmutableList<AppRole> AppRoles { get; private init; } = [];

    /// <summary>By the requests that they were given by: a role taken back while the next one is on its way stays held.</summary>
    public ImmutableList<AssignedRole> AssignedRoles { get; private init; } = [];

    /// <summary>The set that the rules of exclusivity are about.</summary>
    public IReadOnlyCollection<Role> Roles => [.. AssignedRoles.Select(r => r.Role).Concat(AppRoles.Select(_ => Role.App)).Prepend(SystemRole).Distinct()];

    public static StreamId Stream(Guid id) => StreamId.Of(Category, id);

    public User Apply(UserEvent happened) => happened switch
    {
        UserEvent.Registered e => this with
        {
            Id = e.UserId, Email = e.Email, FirstName = e.FirstName, LastName = e.LastName, Phone = e.Phone, Language = e.Language,
            SystemRole = e.SystemRole, InvitationId = e.InvitationId, EmailVerified = e.EmailVerified, Username = e.Username,
            PersonalNumber = e.PersonalNumber, LmaNumber = e.LmaNumber, Gender = e.Gender,
            SwedishCitizen = e.SwedishCitizen, EuCitizen = e.EuCitizen,
        },
        UserEvent.DetailsChanged e => this with
        {
            Email = e.Email, FirstName = e.FirstName, LastName = e.LastName, Phone = e.Phone, Language = e.Language, Username = e.Username,
            PersonalNumber = e.PersonalNumber, LmaNumber = e.LmaNumber, Gender = e.Gender,
            SwedishCitizen = e.SwedishCitizen, EuCitizen = e.EuCitizen,
        },
        UserEvent.AvatarChanged e => this with { AvatarId = e.AvatarId },
        UserEvent.OrganizationJoined e => this with { Organizations = Organizations.Add(e.OrganizationId) },
        UserEvent.AppRoleGranted e => this with { AppRoles = AppRoles.Add(new(e.OrganizationId, e.AppId, e.SubscriptionId, e.Role, e.InvitationId)) },
        UserEvent.AppRoleEnded e => this with { AppRoles = AppRoles.RemoveAll(role => role.InvitationId == e.InvitationId) },
        UserEvent.RoleGranted e => this with { AssignedRoles = AssignedRoles.Add(new(e.RequestId, e.Role, e.HolderId)) },
        UserEvent.RoleEnded e => this with { AssignedRoles = AssignedRoles.RemoveAll(role => role.RequestId == e.RequestId) },
        UserEvent.SystemRoleChanged e => this with { SystemRole = e.To },
        UserEvent.PasswordSet e => this with
        {
            PasswordHash = e.Hash == PersonalDataAttribute.Erased ? null : e.Hash, MustChangePassword = e.MustChange, OneTimePassword = null,
            PasswordReset = PasswordReset is null ? null : PasswordReset with { IsUsed = true },
        },
        UserEvent.PasswordResetRequested e => this with { PasswordReset = new(e.TokenHash, e.ExpiresAt, IsUsed: false) },
        UserEvent.PasswordReplaced => this,
        UserEvent.InvitationDue e => this with
        {
            Invitations = Invitations.Add(e.InvitationId), MustChangePassword = MustChangePassword || e.OneTimePasswordUntil is not null,
            OneTimePassword = e.OneTimePasswordUntil is { } until ? new(e.InvitationId, until) : null,
        },
        UserEvent.OneTimePasswordEnded => this with { OneTimePassword = null },
        UserEvent.TakenOver => this with { EmailVerified = true },
        UserEvent.Activated => this with { EmailVerified = true },
        UserEvent.Closed => this with
        {
            IsClosed = true, PasswordHash = null, PasswordReset = null, Organizations = [], AppRoles = [], AssignedRoles = [], SystemRole = Role.Guest,
        },
        _ => throw new InvalidOperationException($"a user does not know {happened.GetType()}"),
    };
}
