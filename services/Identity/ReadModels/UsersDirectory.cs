using System.Text.Json.Serialization;
using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.ReadModels;

/// <summary>
/// A user as the directory shows it (USR-01): <c>InvitationError</c> says what went wrong (INV-16), <c>AvatarId</c> is null where initials stand
/// for the picture, <c>LastActivityAt</c> when never.
/// </summary>
internal sealed record UserRow(
    Guid Id, string Email, string? Username, string FirstName, string LastName, string Language, string SystemRole, string InvitationStatus,
    string? InvitationError, Guid? AvatarId, DateTimeOffset CreatedAt, DateTimeOffset? LastActivityAt, [property: JsonIgnore] string RoleNames)
{
    /// <summary>Each with a badge.</summary>
    public string[] Roles { get; } = RoleNames.Split(' ');

    public string Initials { get; } = string.Concat(FirstName.EnumerateRunes().Take(1).Concat(LastName.EnumerateRunes().Take(1))).ToUpperInvariant();
}

/// <summary>Which users are asked for; null is any.</summary>
internal sealed record UserFilter(string? Role, Guid? OrganizationId, string? InvitationStatus)
{
    /// <summary>The first day, by UTC, on which they may have been added.</summary>
    public DateOnly? CreatedFrom { get; init; }

    /// <summary>The last day, by UTC, on which they may have been added.</summary>
    public DateOnly? CreatedTo { get; init; }

    /// <summary>The first day, by UTC, on which they may have been last active.</summary>
    public DateOnly? LastActivityFrom { get; init; }

    /// <summary>The last day, by UTC, on which they may have been last active.</summary>
    public DateOnly? LastActivityTo { get; init; }

    /// <summary>True for those who never were, false for those who were.</summary>
    public bool? NeverActive { get; init; }

    /// <summary>Whether the totals that are kept say how many there are.</summary>
    public bool IsCounted => OrganizationId is null && this is { CreatedFrom: null, CreatedTo: null, LastActivityFrom: null, LastActivityTo: null, NeverActive: null };
}

/// <summary>What the organizations of a person allow, all of them, where people are invited to their accounts (INV-14).</summary>
internal sealed record InvitationWishes(Guid UserId, bool AllowSms, bool AllowOneTimePasswords)
{
    /// <summary>Of somebody who belongs to no organization: whoever invites decides.</summary>
    public static InvitationWishes None { get; } = new(Guid.Empty, AllowSms: true, AllowOneTimePasswords: true);
}

/// <summary>
/// The directory of users (USR-01), made for a million of them. What is counted is walked in its order; of anything else, the order is found
/// once for all its pages.
/// </summary>
internal sealed class UsersDirectory(PostgresEventStore store, FoundIds found)
{
    // As it is indexed: never is before all else.
    private const string LastActivity = "coalesce(u.last_activity_at, '-infinity'::timestamptz)";

    private static readonly (string Field, string Sql)[] Orders =
    [
        ("firstName", "u.first_name_key"), ("lastName", "u.last_name_key"), ("email", "u.email_key collate \"C\""), ("createdAt", "u.created_at"),
        ("lastActivityAt", LastActivity), ("systemRole", "u.system_role"),
    ];

    /// <summary>A page of users, by first name unless asked otherwise.</summary>
    public async Task<Page<UserRow>> List(ListQuery list, UserFilter filter, CancellationToken ct)
    {
        var order = $"{list.OrderBy(Orders)}, u.id {(list.Descending ? "desc" : "asc")}";
        var where = Where(list.Search, filter);
        var asked = Asked(list.Search, filter);
        asked.AddDynamicParams(new { size = list.PageSize, offset = list.Offset });

        // What user_counts counts is known before, and has an index in the order of first names.
        if (list.Search is null && filter.IsCounted && (filter.Role is null || IsSystemRole(filter.Role)))
        {
            return new(
                await Rows($"(select u.id from users u where {where} order by {order} limit @size offset @offset)", order, asked, ct),
                list.Page, list.PageSize, await Ask<long>($"select coalesce(sum(u.users), 0)::bigint from user_counts u where {where}", asked, ct));
        }

        var version = await Ask<long?>($"select last_value from users_version where {FoundIds.NobodyWrites}", asked, ct);
        var ids = await found.Of(
            version is null ? null : (list.Search, filter, order, version),
            enough => Ask<Guid[]>($"select array(select u.id from users u where {where} order by {order})", asked, enough), ct);
        var page = list.PageOf(ids);
        return new(await Rows("(select unnest(@page) as id)", order, new { page }, ct), list.Page, list.PageSize, ids.Length);
    }

    /// <summary>Whom a search and a filter find, at most so many.</summary>
    public async Task<IReadOnlyList<Guid>> Ids(string? search, UserFilter filter, int most, CancellationToken ct)
    {
        var sought = string.IsNullOrWhiteSpace(search) ? null : search.Trim();
        var asked = Asked(sought, filter);
        asked.AddDynamicParams(new { most });
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            $"select u.id from users u where {Where(sought, filter)} limit @most",
            asked, cancellationToken: ct))];
    }

    /// <summary>The users of these whose address mail came back from for good, each with the reason.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> Undeliverable(Guid[] users, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid User, string Why)>(new CommandDefinition(
            "select id, undeliverable from users where id = any(@users) and undeliverable is not null", new { users }, cancellationToken: ct)))
            .ToDictionary(one => one.User, one => one.Why);
    }

    /// <summary>What the organizations of these users allow; nothing about who belongs to none.</summary>
    public async Task<IReadOnlyDictionary<Guid, InvitationWishes>> Wishes(IReadOnlyList<Guid> users, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<InvitationWishes>(new CommandDefinition(
            """
            select o.user_id as "UserId", bool_and(coalesce(s.allows_sms, false)) as "AllowSms",
                   bool_and(coalesce(s.allows_one_time_passwords, false)) as "AllowOneTimePasswords"
            from (select user_id, organization_id from user_organizations
                  union select user_id, organization_id from user_app_roles
                  union select a.user_id, a.organization_id from organization_access a where cardinality(array_remove(a.permissions, 'applicant')) > 0) as o
            left join organization_settings s on s.organization_id = o.organization_id
            where o.user_id = any(@users) group by o.user_id
            """,
            new { users = users.ToArray() }, cancellationToken: ct))).ToDictionary(wishes => wishes.UserId);
    }

    private async Task<T> Ask<T>(string sql, object asked, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return (await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, asked, cancellationToken: ct)))!;
    }

    private async Task<IReadOnlyList<UserRow>> Rows(string page, string order, object asked, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<UserRow>(new CommandDefinition(
            $"""
            select u.id as "Id", u.email, u.username, u.first_name as "FirstName", u.last_name as "LastName", u.language,
                   u.system_role as "SystemRole", u.invitation_status as "InvitationStatus",
                   u.invitation_error as "InvitationError", u.avatar_id as "AvatarId",
                   u.created_at as "CreatedAt", u.last_activity_at as "LastActivityAt",
                   concat_ws(' ', u.system_role, (select string_agg(distinct r.role, ' ') from user_roles r where r.user_id = u.id),
                       (select 'app' where exists (select from user_app_roles a where a.user_id = u.id))) as "RoleNames"
            from {page} as page join users u on u.id = page.id
            order by {order}
            """,
            asked,
            cancellationToken: ct))];
    }

    /// <summary>The condition that a user <c>u</c> is found by <c>@search</c>.</summary>
    public static string Matches(string? search) =>
        search is null ? "true"
        : ListQuery.HasTrigram(search) ? "u.search_key like users_pattern(@search)"
        : "(u.search_starts @> users_starts(users_fold(@search), 2) and users_starts(users_fold(@search), 2) <> '{}')";

    private static bool IsSystemRole(string role) => Enum.TryParse<Role>(role, ignoreCase: true, out var parsed) && parsed.IsSystemRole();

    private static DynamicParameters Asked(string? search, UserFilter filter) => new(new
    {
        search, filter.Role, filter.OrganizationId, filter.InvitationStatus,
        CreatedFrom = FirstOf(filter.CreatedFrom), CreatedTo = LastOf(filter.CreatedTo),
        LastActivityFrom = FirstOf(filter.LastActivityFrom), LastActivityTo = LastOf(filter.LastActivityTo),
    });

    private static DateTimeOffset? FirstOf(DateOnly? day) => day is { } d ? new(d, TimeOnly.MinValue, TimeSpan.Zero) : null;

    private static DateTimeOffset? LastOf(DateOnly? day) => day is { } d ? new(d, TimeOnly.MaxValue, TimeSpan.Zero) : null;

    private static string Where(string? search, UserFilter filter) => string.Concat(
        Matches(search),
        filter.Role is null ? "" : IsSystemRole(filter.Role)
            ? " and u.system_role = @Role"
            : """
               and u.id in (select r.user_id from user_roles r where r.role = @Role
                            union all select a.user_id from user_app_roles a where @Role = 'app')
              """,
        filter.InvitationStatus is null ? "" : " and u.invitation_status = @InvitationStatus",
        filter.CreatedFrom is null ? "" : " and u.created_at >= @CreatedFrom",
        filter.CreatedTo is null ? "" : " and u.created_at <= @CreatedTo",
        filter.LastActivityFrom is null ? "" : $" and {LastActivity} >= @LastActivityFrom",
        filter.LastActivityTo is null ? "" : $" and {LastActivity} <= @LastActivityTo",
        filter.NeverActive switch
        {
            null when filter.LastActivityTo is null => "",
            true => $" and {LastActivity} = '-infinity'",
            _ => $" and {LastActivity} > '-infinity'",
        },
        filter.OrganizationId is null ? "" :
            """
             and u.id in (select o.user_id from user_organizations o where o.organization_id = @OrganizationId
                          union all select a.user_id from user_app_roles a where a.organization_id = @OrganizationId
                          union all select r.user_id from user_roles r where r.holder_id = @OrganizationId)
            """);
}
