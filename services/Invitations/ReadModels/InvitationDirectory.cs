using System.Text;
using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Npgsql;

namespace InviteHub.Invitations.ReadModels;

/// <summary>Filters of the list, by their names in the API; null is any.</summary>
internal sealed record InvitationFilter(string? Status, Guid? OrganizationId, string? Way, string? Channel, Guid? SentBy, string? Approval);

/// <summary>
/// The list of invitations (INV-06), made for a million of them. What is counted and has an index in the order that is asked for is walked; few
/// that match are gathered, by the index that finds them, and sorted; of very many, the order is found once for all its pages. How many there are
/// is never guessed: it is kept by organization, way and status, and anything else is counted.
/// </summary>
internal sealed class InvitationDirectory(PostgresEventStore store, BroadSearches broad, TimeProvider clock)
{
    private const int Trigram = 3;

    private static readonly (string Field, string Sql)[] Orders =
    [
        ("firstName", "i.first_name_key"), ("lastName", "i.last_name_key"), ("organization", "i.organization_key"), ("email", "i.email_key collate \"C\""),
        ("sentOn", "i.sent_on"),
    ];

    // What the orders are made of, and no more: those that were gathered are to stay in memory.
    private const string Ordered = "i.first_name_key, i.last_name_key, i.organization_key, i.email_key, i.sent_on";

    static InvitationDirectory() => SqlTypes.Register();

    /// <summary>A page of the invitations that the caller may see: those that wait for an answer or ran out of time, unless a status is asked for.</summary>
    public async Task<Page<InvitationView>> List(CurrentUser caller, InvitationFilter filter, ListQuery list, CancellationToken ct)
    {
        var order = $"{list.OrderBy(Orders)}, i.id {(list.Descending ? "desc" : "asc")}";
        var where = $"{Scope("i", caller, filter)} and {StatusIs(filter.Status)}{Others(list.Search, filter)}";
        var asked = new DynamicParameters(new
        {
            list.Search, filter.OrganizationId, filter.Way, filter.Channel, filter.SentBy, filter.Approval, Caller = caller.Id,
            Now = clock.GetUtcNow(), list.PageSize, list.Offset, BroadSearches.Few,
        });
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        if (IsWalked(caller, filter, list) && await Ask<long>(connection, Kept(caller, filter), ct) is var total and > BroadSearches.Few)
            return Page((await Rows("", $"invitation_list i where {where} order by {order} limit @PageSize offset @Offset", "0::bigint")).Rows, total);

        var search = (list.Search, filter, order, Caller: caller.IsSystemAdmin ? Guid.Empty : caller.Id,
            Version: await Ask<long>(connection, "select last_value from invitations_version", ct));
        if (broad.Kept(search) is not { } found)
        {
            var few = await Rows(
                $"with found as materialized (select i.id, {Ordered} from invitation_list i where {where} limit @Few + 1)",
                $"found i order by {order} limit @PageSize offset @Offset", "(select count(*) from found)");
            if (few.Total <= BroadSearches.Few)
                return Page(few.Rows, few.Total);
            found = await broad.Find(search, InOrder, ct);
        }

        asked.Add("Ids", found.Skip((int)Math.Min(list.Offset, found.Length)).Take(list.PageSize).ToArray());
        return Page((await Rows("", "invitation_list i where i.id = any(@Ids)", "0::bigint")).Rows, found.Length);

        Page<InvitationView> Page(IReadOnlyList<InvitationView> rows, long of) => new(rows, list.Page, list.PageSize, of);

        async Task<Guid[]> InOrder(CancellationToken unhurried)
        {
            await using var own = await store.Database.OpenConnectionAsync(unhurried);
            return await Ask<Guid[]>(own, $"select array(select i.id from invitation_list i where {where} order by {order})", unhurried);
        }

        async Task<T> Ask<T>(NpgsqlConnection on, string sql, CancellationToken until) =>
            (await on.ExecuteScalarAsync<T>(new CommandDefinition(sql, asked, cancellationToken: until)))!;

        async Task<(IReadOnlyList<InvitationView> Rows, long Total)> Rows(string with, string from, string count)
        {
            (long Total, InvitationQueries.Row? Row)[] rows = [.. await connection.QueryAsync<long, InvitationQueries.Row?, (long, InvitationQueries.Row?)>(
                new CommandDefinition(
                    $"""
                    {with}
                    select counted.total, view.*
                    from (select {count} as total) as counted
                    left join (select row_number() over (order by {order}) as place, i.id from {from}) as page on true
                    left join lateral (select {InvitationQueries.Columns} where i.id = page.id) as view on true
                    order by page.place
                    """,
                    asked,
                    cancellationToken: ct),
                (total, row) => (total, row),
                splitOn: "id")];
            return ([.. rows.Select(row => row.Row).OfType<InvitationQueries.Row>().Select(row => row.View())], rows[0].Total);
        }
    }

    // Every order has an index over those that the list shows unless asked otherwise; the first order has one for each status too.
    private static bool IsWalked(CurrentUser caller, InvitationFilter filter, ListQuery list) =>
        caller.IsSystemAdmin && filter.OrganizationId is null && Others(list.Search, filter).Length == 0
        && (filter.Status is null || list.Sort is null || list.Sort == Orders[0].Field);

    /// <summary>How many there are by what is kept, and by the clock: a pending one whose time is up counts as expired.</summary>
    private static string Kept(CurrentUser caller, InvitationFilter filter)
    {
        var late = $"(select count(*) from invitation_list i where i.status = 'pending' and i.expires_on <= @Now and {Scope("i", caller, filter)})";
        var kept =
            $"""
            (select coalesce(sum(c.invitations), 0)::bigint
             from (select * from invitation_counts union all select * from invitation_count_changes) c
             where {Scope("c", caller, filter)} and c.{StoredStatus(filter.Status)})
            """;
        return $"select {kept} {filter.Status switch { "pending" => $"- {late}", "expired" => $"+ {late}", _ => "" }}";
    }

    /// <summary>What a caller may see, and what is kept as a number: a System admin all, others the invitations of organizations where they have a say.</summary>
    private static string Scope(string of, CurrentUser caller, InvitationFilter filter) => string.Concat(
        caller.IsSystemAdmin ? "true"
            : $"{of}.organization_id in (select a.organization_id from organization_access a where a.user_id = @Caller and cardinality(a.permissions) > 0)",
        filter.OrganizationId is null ? "" : $" and {of}.organization_id = @OrganizationId",
        filter.Way is null ? "" : $" and {of}.way = @Way");

    // As constants, of which the planner knows that they are among those of the indexes; a pending one whose time is up is expired,
    // whether or not the clock's worker has come by.
    private static string StatusIs(string? status) => status switch
    {
        "pending" => "i.status = 'pending' and (i.expires_on > @Now or i.expires_on is null)",
        "expired" => "(i.status = 'expired' or i.status = 'pending' and i.expires_on <= @Now)",
        _ => $"i.{StoredStatus(status)}",
    };

    private static string StoredStatus(string? status) => status switch
    {
        null => "status in ('requested', 'waiting', 'pending', 'expired')",
        _ when status.All(char.IsAsciiLetter) => $"status = '{status}'",
        _ => "status is null",
    };

    private static string Others(string? search, InvitationFilter filter) => string.Concat(
        search is null ? "" : HasTrigram(search)
            ? " and i.search_key like invitations_pattern(@Search)"
            : " and i.search_starts @> invitations_starts(invitations_fold(@Search), 2) and invitations_starts(invitations_fold(@Search), 2) <> '{}'",
        filter.Channel is null ? "" : " and i.channel = @Channel",
        filter.SentBy is null ? "" : " and i.sent_by = @SentBy",
        filter.Approval is null ? "" : " and i.id in (select w.invitation_id from invitation_approvals w where w.status = @Approval)");

    // Less than three letters in a row are no trigram, and somewhere in nearly every name: they are taken for how a word begins.
    private static bool HasTrigram(string text)
    {
        var search = text.Normalize(NormalizationForm.FormKC);
        return Enumerable.Range(0, search.Length).Any(i => i + Trigram <= search.Length && search.AsSpan(i, Trigram).ToArray().All(char.IsLetterOrDigit));
    }
}
