using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.ReadModels;

/// <summary>Filters of the list, by their names in the API; null is any.</summary>
internal sealed record InvitationFilter(string? Status, Guid? OrganizationId, string? Way, string? Channel, Guid? SentBy, string? Approval);

/// <summary>
/// The list of invitations (INV-06), made for a million of them. What is counted and has an index in the order that is asked for is walked; of
/// anything else, the order is found once for all its pages. How many there are is never guessed: it is kept by organization, way and status, or
/// counted.
/// </summary>
internal sealed class InvitationDirectory(PostgresEventStore store, FoundIds found, TimeProvider clock)
{
    private const string KeptCounts = "(select * from invitation_counts union all select * from invitation_count_changes)";
    private const string IsOverdue = "i.status = 'pending' and i.expires_on <= @Now";

    private static readonly (string Field, string Sql)[] Orders =
    [
        ("firstName", "i.first_name_key"), ("lastName", "i.last_name_key"), ("organization", "i.organization_key"), ("email", "i.email_key collate \"C\""),
        ("sentOn", "i.sent_on"),
    ];

    static InvitationDirectory() => SqlTypes.Register();

    /// <summary>A page of the invitations that the caller may see: those that wait for an answer or ran out of time, unless a status is asked for.</summary>
    public async Task<Page<InvitationView>> List(CurrentUser caller, InvitationFilter filter, ListQuery list, CancellationToken ct)
    {
        var order = $"{list.OrderBy(Orders)}, i.id {(list.Descending ? "desc" : "asc")}";
        var where = $"{Scope(caller)} and {StatusIs(filter.Status)}{Others(list.Search, filter)}";
        var asked = new
        {
            list.Search, filter.OrganizationId, filter.Way, filter.Channel, filter.SentBy, filter.Approval, Caller = caller.Id,
            Now = clock.GetUtcNow(), list.PageSize, list.Offset,
        };
        if (IsWalked(filter, list) && (caller.IsSystemAdmin || await Ask<bool>(SeesMuch(caller, filter.Status), asked, ct)))
        {
            return new(
                await Rows($"(select i.id from {Walked(caller, filter.Status, order)} order by {order} limit @PageSize offset @Offset)", order, asked, ct),
                list.Page, list.PageSize, await Ask<long>(Kept(caller, filter.Status), asked, ct));
        }

        // Nothing but events changes the list, and nothing but them and that what a caller may see.
        var version = await Ask<string?>(
            $"select concat_ws(' ', e.last_value, a.last_value) from mt_events_sequence e, organization_access_version a where {FoundIds.NobodyWrites}", asked, ct);
        var ids = await found.Of(
            version is null ? null : (list.Search, filter, order, caller.IsSystemAdmin ? Guid.Empty : caller.Id, version),
            enough => Ask<Guid[]>($"select array(select i.id from invitation_list i where {where} order by {order})", asked, enough), ct);
        var page = list.PageOf(ids);
        return new(await Rows("(select unnest(@page) as id)", order, new { page, asked.Now }, ct), list.Page, list.PageSize, ids.Length);
    }

    private async Task<T> Ask<T>(string sql, object asked, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return (await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, asked, cancellationToken: ct)))!;
    }

    private async Task<IReadOnlyList<InvitationView>> Rows(string page, string order, object asked, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<InvitationQueries.Row>(new CommandDefinition(
            $"select {InvitationQueries.Columns} join {page} as page on page.id = i.id order by {order}", asked, cancellationToken: ct))).Select(row => row.View())];
    }

    // Every order has an index over those that the list shows unless asked otherwise; the first order has one for each status too.
    private static bool IsWalked(InvitationFilter filter, ListQuery list) =>
        Others(list.Search, filter).Length == 0 && (filter.Status is null || list.Sort is null || list.Sort == Orders[0].Field);

    // Those that the clock alone has expired are few, since its worker comes by every few seconds: they are put in between the others.
    private static string Walked(CurrentUser caller, string? status, string order) => status != "expired"
        ? $"invitation_list i where {Scope(caller)} and {StatusIs(status)}"
        : $"""
          ((select i.id, i.first_name_key from invitation_list i where {Scope(caller)} and i.status = 'expired' order by {order} limit @PageSize + @Offset)
           union all
           (select i.id, i.first_name_key from invitation_list i where {Scope(caller)} and {IsOverdue} order by {order} limit @PageSize + @Offset)) i
          """;

    /// <summary>How many there are by what is kept, and by the clock: a pending one whose time is up counts as expired.</summary>
    private static string Kept(CurrentUser caller, string? status) =>
        $"""
        select (select coalesce(sum(i.invitations), 0)::bigint from {KeptCounts} i where {Scope(caller)} and i.{StoredStatus(status)})
             {(status is "pending" or "expired" ? $"{(status == "pending" ? '-' : '+')} (select count(*) from invitation_list i where {Scope(caller)} and {IsOverdue})" : "")}
        """;

    // Whoever sees at least a quarter of all finds their page by walking past the others; of less, the order is sooner found.
    private static string SeesMuch(CurrentUser caller, string? status) =>
        $"select coalesce(sum(i.invitations) filter (where {Scope(caller)}) * 4 >= sum(i.invitations), false) from {KeptCounts} i where i.{StoredStatus(status)}";

    /// <summary>What a caller may see: a System admin all, others the invitations of organizations where they have a say.</summary>
    private static string Scope(CurrentUser caller) => caller.IsSystemAdmin ? "true"
        : "i.organization_id = any(array(select a.organization_id from organization_access a where a.user_id = @Caller and cardinality(a.permissions) > 0))";

    // As constants, of which the planner knows that they are among those of the indexes; a pending one whose time is up is expired,
    // whether or not the clock's worker has come by.
    private static string StatusIs(string? status) => status switch
    {
        "pending" => "i.status = 'pending' and (i.expires_on > @Now or i.expires_on is null)",
        "expired" => $"(i.status = 'expired' or {IsOverdue})",
        _ => $"i.{StoredStatus(status)}",
    };

    private static string StoredStatus(string? status) => status switch
    {
        null => "status in ('requested', 'waiting', 'pending', 'expired')",
        _ when status.All(char.IsAsciiLetter) => $"status = '{status}'",
        _ => "status is null",
    };

    private static string Others(string? search, InvitationFilter filter) => string.Concat(
        search is null ? "" : ListQuery.HasTrigram(search)
            ? " and i.search_key like invitations_pattern(@Search)"
            : " and i.search_starts @> invitations_starts(invitations_fold(@Search), 2) and invitations_starts(invitations_fold(@Search), 2) <> '{}'",
        filter.OrganizationId is null ? "" : " and i.organization_id = @OrganizationId",
        filter.Way is null ? "" : " and i.way = @Way",
        filter.Channel is null ? "" : " and i.channel = @Channel",
        filter.SentBy is null ? "" : " and i.sent_by = @SentBy",
        filter.Approval is null ? "" : " and i.id in (select w.invitation_id from invitation_approvals w where w.status = @Approval)");
}
