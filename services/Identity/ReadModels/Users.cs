using Dapper;
using InviteHub.Contracts;
using InviteHub.EventStore;
using PersonalDataAttribute = InviteHub.EventStore.PersonalData.PersonalDataAttribute;

namespace InviteHub.Identity.ReadModels;

/// <summary>A role of an app as users' pages show it; not open while the organization asks for a validated identity and there is none (IDN-01).</summary>
internal sealed record AppRoleRow(Guid OrganizationId, Guid AppId, Guid SubscriptionId, string Role, bool IsOpen);

/// <summary>A role at an organization or a service as users' pages show it.</summary>
internal sealed record AssignedRoleRow(string Role, Guid HolderId);

/// <summary>A user with everything that belongs to them; the personal number is masked. <c>InvitationError</c> says what went wrong (INV-16).</summary>
internal record UserDetails(
    Guid Id, string Email, string? Username, string FirstName, string LastName, string? Phone, string? PersonalNumber, string Language,
    string SystemRole, bool MustChangePassword, string InvitationStatus, string? InvitationError, DateTimeOffset CreatedAt, DateTimeOffset? LastActivityAt)
{
    public IReadOnlyList<Guid> Organizations { get; init; } = [];

    public IReadOnlyList<AppRoleRow> AppRoles { get; init; } = [];

    public IReadOnlyList<AssignedRoleRow> Roles { get; init; } = [];
}

/// <summary>A user's page, for themselves and for those who may see the personal number (USR-04).</summary>
internal sealed record UserProfile : UserDetails
{
    public UserProfile(UserDetails details, User user)
        : base(details)
    {
        PersonalNumber = user.PersonalNumber;
        (LmaNumber, Gender, SwedishCitizen, EuCitizen) = (user.LmaNumber, user.Gender, user.SwedishCitizen, user.EuCitizen);
        (EmailVerified, AvatarId) = (user.EmailVerified, user.AvatarId);
    }

    public string? LmaNumber { get; }

    public string? Gender { get; }

    public bool? SwedishCitizen { get; }

    public bool? EuCitizen { get; }

    public bool EmailVerified { get; }

    public Guid? AvatarId { get; }
}

/// <summary>Users, where they belong and what they may use: written with the events, so that unique rules hold at once.</summary>
internal sealed class Users(PostgresEventStore store)
{
    /// <summary>The unique index over addresses.</summary>
    public const string EmailRule = "users_email_key";

    /// <summary>How old the last activity that lists show may be.</summary>
    public static readonly TimeSpan ActivityIsNotedEvery = TimeSpan.FromMinutes(5);

    /// <summary>The unique index over usernames.</summary>
    public const string UsernameRule = "users_username";

    public static string KeyOf(string email) =>
        EmailAddress.TryParse(email, out var address, out _) ? address.Key : email.Trim().ToLowerInvariant();

    /// <summary>The refusal when one of the unique rules was broken.</summary>
    public static Refusal? Taken(UniqueRuleException broken) => broken.Constraint switch
    {
        EmailRule => new EmailTaken(),
        UsernameRule => new UsernameTaken(),
        _ => null,
    };

    public async Task<Guid?> IdOf(string email, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "select id from users where email_key = @key", new { key = KeyOf(email) }, cancellationToken: ct));
    }

    /// <summary>Whose address or username this is; no username has an @.</summary>
    public async Task<Guid?> IdOfWhoSignsIn(string name, CancellationToken ct)
    {
        if (name.Contains('@', StringComparison.Ordinal))
            return await IdOf(name, ct);
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "select id from users where lower(username) = lower(@name)", new { name = name.Trim() }, cancellationToken: ct));
    }

    public async Task<bool> Any(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select exists (select from users)", cancellationToken: ct));
    }

    public async Task<UserDetails?> Details(Guid id, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            select id, email, username, first_name as "FirstName", last_name as "LastName", phone, personal_number as "PersonalNumber", language,
                   system_role as "SystemRole", password_is_temporary as "MustChangePassword",
                   invitation_status as "InvitationStatus", invitation_error as "InvitationError", created_at as "CreatedAt",
                   last_activity_at as "LastActivityAt"
            from users where id = @id;
            select organization_id from user_organizations where user_id = @id order by organization_id;
            select organization_id as "OrganizationId", app_id as "AppId", subscription_id as "SubscriptionId", role,
                   exists (select from identities i where i.user_id = @id and i.status = 'validated') or not exists (
                       select from organization_settings s where s.organization_id = user_app_roles.organization_id and s.requires_validated_identity) as "IsOpen"
            from user_app_roles where user_id = @id order by subscription_id, role;
            select distinct role, holder_id as "HolderId" from user_roles where user_id = @id order by role, holder_id
            """,
            new { id },
            cancellationToken: ct));
        return await rows.ReadSingleOrDefaultAsync<UserDetails>() is { } user
            ? user with
            {
                Organizations = [.. await rows.ReadAsync<Guid>()], AppRoles = [.. await rows.ReadAsync<AppRoleRow>()],
                Roles = [.. await rows.ReadAsync<AssignedRoleRow>()],
            }
            : null;
    }

    /// <summary>Writes the tables.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            switch (happened.Data)
            {
                case UserEvent.Registered e:
                    sql.Execute(
                        """
                        insert into users (
                            id, email, email_key, username, first_name, last_name, phone, personal_number, language, system_role, created_at, invitation_status,
                            invitation_told_by)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                        """,
                        e.UserId, e.Email, KeyOf(e.Email), e.Username, e.FirstName, e.LastName, e.Phone,
                        Masked(e.PersonalNumber), e.Language, e.SystemRole.ToText(), happened.Timestamp,
                        e.InvitationId is null ? "notInvited" : e.PrivacyPolicyVersion is null ? "waiting" : "accepted", happened.Id);
                    // What became of an internal user's invitation may have been heard before there was an account to show it at.
                    if (e is { InvitationId: { } invitation, PrivacyPolicyVersion: null })
                        sql.Execute("update users u set invitation_status = i.status, invitation_error = i.error from user_invitations i where u.id = $1 and i.invitation_id = $2 and i.status is not null", e.UserId, invitation);
                    break;
                case UserEvent.InvitationDue e:
                    sql.Execute(
                        "insert into user_invitations (invitation_id, user_id, status, told_by, email_key) values ($1, $2, 'waiting', $3, $4) on conflict do nothing",
                        e.InvitationId, e.UserId, happened.Id, KeyOf(e.Email));
                    // Events of one commit have ids of one instant, in no order; what this stream says now is the newest anyway.
                    sql.Execute(
                        "update users set invitation_status = 'waiting', invitation_error = null, invitation_told_by = greatest(invitation_told_by, $2) where id = $1",
                        e.UserId, happened.Id);
                    break;
                case UserEvent.DetailsChanged e:
                    sql.Execute(
                        """
                        update users set email = $2, email_key = $3, username = $4, first_name = $5, last_name = $6, phone = $7, personal_number = $8,
                            language = $9, undeliverable = case when email_key = $3 then undeliverable end
                        where id = $1
                        """,
                        e.UserId, e.Email, KeyOf(e.Email), e.Username, e.FirstName, e.LastName, e.Phone, Masked(e.PersonalNumber), e.Language);
                    break;
                case UserEvent.AvatarChanged e:
                    sql.Execute("update users set avatar_id = $2 where id = $1", e.UserId, e.AvatarId);
                    break;
                case UserEvent.OrganizationJoined e:
                    sql.Execute(
                        "insert into user_organizations (user_id, organization_id) values ($1, $2) on conflict do nothing",
                        happened.Stream.Key, e.OrganizationId);
                    break;
                case UserEvent.AppRoleGranted e:
                    sql.Execute(
                        "insert into user_app_roles (user_id, organization_id, app_id, subscription_id, role) values ($1, $2, $3, $4, $5)",
                        happened.Stream.Key, e.OrganizationId, e.AppId, e.SubscriptionId, e.Role);
                    break;
                case UserEvent.AppRoleEnded e:
                    sql.Execute(
                        "delete from user_app_roles where user_id = $1 and subscription_id = $2 and role = $3",
                        happened.Stream.Key, e.SubscriptionId, e.Role);
                    break;
                case UserEvent.RoleGranted e:
                    sql.Execute(
                        "insert into user_roles (user_id, request_id, role, holder_id) values ($1, $2, $3, $4)",
                        happened.Stream.Key, e.RequestId, e.Role.ToText(), e.HolderId);
                    break;
                case UserEvent.RoleEnded e:
                    sql.Execute("delete from user_roles where user_id = $1 and request_id = $2", happened.Stream.Key, e.RequestId);
                    break;
                case UserEvent.SystemRoleChanged e:
                    sql.Execute("update users set system_role = $2 where id = $1", e.UserId, e.To.ToText());
                    break;
                case UserEvent.PasswordSet e:
                    sql.Execute("update users set password_is_temporary = $2 where id = $1", e.UserId, e.MustChange);
                    break;
                case UserEvent.Closed e:
                    foreach (var table in (string[])["user_organizations", "user_app_roles", "user_roles"])
                        sql.Execute($"delete from {table} where user_id = $1", e.UserId);
                    sql.Execute("delete from users where id = $1", e.UserId);
                    break;
                case SessionEvent.Started e:
                    Active(sql, "select $3::uuid", happened, e.UserId);
                    break;
                case SessionEvent.Refreshed:
                    Active(sql, "select user_id from sessions where id = $3", happened, happened.Stream.Key);
                    break;
            }
        }

        // Often enough to see who is there, and seldom enough not to write a row and its indexes with each token.
        private static void Active(SqlQueue sql, string who, RecordedEvent happened, Guid key) => sql.Execute(
            $"update users set last_activity_at = $1 where id = ({who}) and (last_activity_at is null or last_activity_at < $2)",
            happened.Timestamp, happened.Timestamp - ActivityIsNotedEvery, key);

        private static string? Masked(string? personalNumber) => personalNumber switch
        {
            PersonalDataAttribute.Erased => PersonalDataAttribute.Erased,
            { Length: >= 8 } number => $"{number[..8]}-****",
            _ => null,
        };
    }
}
