using Dapper;
using InviteHub.EventStore;
using InviteHub.Invitations.Features;
using InviteHub.ServiceDefaults;
using Npgsql;

namespace InviteHub.Invitations.ReadModels;

/// <summary>What an organization asks of every invitation to it, whichever door it comes through.</summary>
/// <param name="ValidForDays">How long a link lives (INV-05).</param>
/// <param name="AllowedDomains">The domains that may be invited, in ASCII; any when empty (INV-23).</param>
/// <param name="HourlyLimit">How many invitations may be asked for in an hour, or null (INV-23).</param>
/// <param name="RequiresApproval">Whether a second person approves each (INV-23).</param>
/// <param name="IsCallersOwn">Whether the caller has something to do with the organization, and so may be told what it asks.</param>
internal sealed record InvitationPolicy(
    int ValidForDays, IReadOnlyList<string> AllowedDomains, int? HourlyLimit, bool RequiresApproval, bool IsCallersOwn)
{
    /// <summary>Of an organization that chose nothing.</summary>
    public static InvitationPolicy Default { get; } = new(365, [], HourlyLimit: null, RequiresApproval: false, IsCallersOwn: true);

    /// <summary>Whether anything is asked.</summary>
    public bool AsksSomething => AllowedDomains.Count > 0 || HourlyLimit is not null || RequiresApproval;
}

/// <summary>What an organization asks of a batch as a whole.</summary>
internal sealed record BatchPolicy(bool RequiresApproval, HourlyPlaces? Hourly)
{
    /// <summary>Of an organization that chose nothing.</summary>
    public static BatchPolicy None { get; } = new(RequiresApproval: false, Hourly: null);
}

/// <summary>Questions about what organizations ask. Late by moments, but for the limit of an hour, which is held in the commit.</summary>
internal sealed class InvitationPolicies(NpgsqlDataSource database)
{
    // Who may look through what others ask for: those who may do everything there, and those who may invite there themselves.
    private const string Approvers = "array['founder', 'user_registration']";

    static InvitationPolicies() => SqlTypes.Register();

    /// <summary>What an organization asks of a caller.</summary>
    public async Task<InvitationPolicy> Of(Guid organizationId, CurrentUser caller, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new(
            """
            select valid_for_days, allowed_domains, hourly_limit, requires_approval, @IsSystemAdmin or exists (
                select from organization_access a
                where a.organization_id = s.organization_id and a.user_id = @Caller and cardinality(a.permissions) > 0) as is_callers_own
            from organization_settings s where organization_id = @OrganizationId
            """,
            new { OrganizationId = organizationId, Caller = caller.Id, caller.IsSystemAdmin }, cancellationToken: ct));
        return row?.Policy() ?? InvitationPolicy.Default;
    }

    /// <summary>What an organization asks of a batch, and what its limit of an hour leaves.</summary>
    public async Task<BatchPolicy> OfBatch(Guid organizationId, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (asked, limit, used, first) = await connection.QuerySingleOrDefaultAsync<(bool, int?, int, DateTimeOffset?)>(new(
            """
            select s.requires_approval, s.hourly_limit, coalesce(sum(h.invitations), 0)::int, min(h.minute)
            from organization_settings s left join hourly_invitations h on h.organization_id = s.organization_id and h.minute > @CountsFrom
            where s.organization_id = @Id group by s.requires_approval, s.hourly_limit
            """,
            new { Id = organizationId, CountsFrom = now - HourlyInvitations.CountsFor }, cancellationToken: ct));
        return new(asked, limit is { } most ? new(most, Math.Max(0, most - used), (first ?? now) + HourlyInvitations.CountsFor) : null);
    }

    /// <summary>Whether a caller has something to do with an organization.</summary>
    public async Task<bool> Belongs(Guid organizationId, CurrentUser caller, CancellationToken ct)
    {
        if (caller.IsSystemAdmin)
            return true;
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new(
            "select exists (select from organization_access where organization_id = @Id and user_id = @Caller and cardinality(permissions) > 0)",
            new { Id = organizationId, Caller = caller.Id }, cancellationToken: ct));
    }

    /// <summary>Whether a caller may be the second person who approves (INV-23).</summary>
    public async Task<bool> MayApprove(Guid organizationId, CurrentUser caller, CancellationToken ct)
    {
        if (caller.IsSystemAdmin)
            return true;
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new(
            $"select exists (select from organization_access where organization_id = @Id and user_id = @Caller and permissions && {Approvers})",
            new { Id = organizationId, Caller = caller.Id }, cancellationToken: ct));
    }

    /// <summary>Why no place of the hour was left, with when one will be.</summary>
    public async Task<HourlyLimitReached> LimitReached(Guid organizationId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (limit, first) = await connection.QuerySingleAsync<(int, DateTimeOffset)>(new(
            """
            select coalesce(s.hourly_limit, 0), (select min(minute) from hourly_invitations h where h.organization_id = s.organization_id)
            from organization_settings s where s.organization_id = @Id
            """,
            new { Id = organizationId }, cancellationToken: ct));
        return new(limit, first + HourlyInvitations.CountsFor);
    }

    private sealed class Row
    {
        public int ValidForDays { get; init; }

        public string[] AllowedDomains { get; init; } = [];

        public int? HourlyLimit { get; init; }

        public bool RequiresApproval { get; init; }

        public bool IsCallersOwn { get; init; }

        public InvitationPolicy Policy() => new(ValidForDays, AllowedDomains, HourlyLimit, RequiresApproval, IsCallersOwn);
    }
}

/// <summary>
/// Holds organizations to their limit of an hour, like a unique rule: every request, through whatever door, takes a place in its own commit,
/// or the commit fails. What was refused afterwards never went out, and gives its place back.
/// </summary>
internal sealed class HourlyInvitations : IInlineProjection
{
    /// <summary>The rule that is broken when no place is left.</summary>
    public const string Limit = "hourly_invitation_limit";

    /// <summary>How long a minute counts from its beginning.</summary>
    public static readonly TimeSpan CountsFor = TimeSpan.FromMinutes(61);

    public void Project(RecordedEvent happened, SqlQueue sql) => Project([happened], sql);

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        // Each of these leads to a mail, or is one.
        var asked = alike.Select(happened => (Organization: Guid.Parse(happened.Stream.TenantId), At: happened.Data switch
        {
            InvitationEvent.Requested e => e.At,
            InvitationEvent.RenewalRequested e => e.At,
            InvitationEvent.Resent e => e.At,
            _ => (DateTimeOffset?)null,
        }));
        foreach (var together in asked.Where(one => one.At is not null && one.Organization != InviteAccount.Platform).GroupBy(one => one))
            sql.Execute("select take_hourly_place($1, $2, $3)", together.Key.Organization, together.Key.At, together.Count());
        foreach (var happened in alike.Where(happened => happened.Data is InvitationEvent.Refused or InvitationEvent.RenewalRefused or InvitationEvent.Rejected))
        {
            sql.Execute(
                """
                update hourly_invitations h set invitations = invitations - 1 from invitation_list i
                where i.id = $1 and h.organization_id = i.organization_id and h.minute = date_trunc('minute', coalesce(i.asked_on, i.sent_on)) and h.invitations > 0
                """,
                happened.Stream.Key);
        }
    }
}
