using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.ReadModels;

/// <summary>A team link as those see it who may make one; <c>Token</c> is told once, to its maker. Its status is <c>active</c>, <c>full</c>, <c>expired</c> or <c>revoked</c>.</summary>
internal sealed record TeamLinkView
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid AppId { get; init; }

    public Guid SubscriptionId { get; init; }

    public string Role { get; init; } = "";

    public string Status { get; init; } = "";

    public int MostUses { get; init; }

    public int Uses { get; init; }

    public string[] Domains { get; init; } = [];

    public DateTimeOffset ExpiresOn { get; init; }

    public DateTimeOffset? RevokedOn { get; init; }

    public Guid CreatedBy { get; init; }

    public DateTimeOffset CreatedOn { get; init; }

    public string? Token { get; init; }
}

/// <summary>Names for what a team link offers, as far as they are known here.</summary>
internal sealed record TeamLinkNames(string? Organization, string? App, string? RoleName, string? InvitedBy);

/// <summary>Keeps <c>team_links</c> in the commit of each command.</summary>
internal sealed class TeamLinkList : IInlineProjection, IProjection
{
    public string Name => "invitations.team_links.v1";

    public IReadOnlyList<string> Tables => ["team_links"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case TeamLinkEvent.Created e:
                sql.Execute(
                    """
                    insert into team_links (id, organization_id, app_id, subscription_id, role, most_uses, uses, domains, token_hash, expires_on,
                        created_by, created_on)
                    values ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11)
                    """,
                    e.TeamLinkId, e.OrganizationId, e.AppId, e.SubscriptionId, e.Role, e.MostUses, e.Domains.ToArray(), e.TokenHash, e.ExpiresAt, e.By, e.At);
                break;
            case TeamLinkEvent.Joined:
                sql.Execute("update team_links set uses = uses + 1 where id = $1", happened.Stream.Key);
                break;
            case TeamLinkEvent.Revoked e:
                sql.Execute("update team_links set revoked_on = $2 where id = $1", happened.Stream.Key, e.At);
                break;
        }
    }
}

/// <summary>Questions about team links.</summary>
internal sealed class TeamLinkQueries(PostgresEventStore store, TimeProvider clock)
{
    private const string Columns =
        """
        id, organization_id, app_id, subscription_id, role,
        case when revoked_on is not null then 'revoked' when expires_on <= @Now then 'expired' when uses >= most_uses then 'full' else 'active' end as status,
        most_uses, uses, domains, expires_on, revoked_on, created_by, created_on
        """;

    private const string Visible =
        "(@IsSystemAdmin or organization_id in (select organization_id from organization_access where user_id = @Caller and cardinality(permissions) > 0))";

    static TeamLinkQueries() => SqlTypes.Register();

    /// <summary>A page of the links that the caller may see.</summary>
    public async Task<Page<TeamLinkView>> List(Guid? organizationId, ListQuery list, CurrentUser caller, CancellationToken ct)
    {
        var order = list.OrderBy(("createdOn", list.Sort is null ? "created_on desc" : "created_on"), ("expiresOn", "expires_on"), ("uses", "uses"));
        var where = $"{Visible} and (@OrganizationId is null or organization_id = @OrganizationId)";
        var asked = new
        {
            OrganizationId = organizationId, Caller = caller.Id, caller.IsSystemAdmin, Now = clock.GetUtcNow(), list.PageSize, list.Offset,
        };
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new($"select count(*) from team_links where {where}", asked, cancellationToken: ct));
        var rows = await connection.QueryAsync<TeamLinkView>(new(
            $"select {Columns} from team_links where {where} order by {order}, id limit @PageSize offset @Offset", asked, cancellationToken: ct));
        return new([.. rows], list.Page, list.PageSize, total);
    }

    /// <summary>One link, if the caller may see it.</summary>
    public async Task<TeamLinkView?> Link(Guid id, CurrentUser caller, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<TeamLinkView>(new(
            $"select {Columns} from team_links where id = @Id and {Visible}",
            new { Id = id, Caller = caller.Id, caller.IsSystemAdmin, Now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>The link that a token belongs to, as its stream says.</summary>
    public async Task<TeamLink?> Find(string token, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var (id, organization) = await connection.QuerySingleOrDefaultAsync<(Guid, Guid)>(new(
            "select id, organization_id from team_links where token_hash = @Hash", new { Hash = LinkTokens.HashOf(token) }, cancellationToken: ct));
        return id == Guid.Empty
            ? null
            : await store.OpenSession().AggregateStream<TeamLink, TeamLinkEvent>(TeamLink.Stream(organization, id), ct: ct);
    }

    /// <summary>What the last invitation to the same subscription called things.</summary>
    public async Task<TeamLinkNames?> Names(TeamLinkEvent.Created terms, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<TeamLinkNames>(new(
            """
            select i.organization, i.app, case when i.role = @Role then i.role_name end as role_name, p.first_name || ' ' || p.last_name as invited_by
            from (select @By as id) as maker left join people p on p.user_id = maker.id
            left join lateral (
                select * from invitation_list i
                where i.organization_id = @OrganizationId and i.subscription_id = @SubscriptionId and i.organization is not null limit 1) i on true
            """,
            new { terms.By, terms.OrganizationId, terms.SubscriptionId, terms.Role }, cancellationToken: ct));
    }
}
