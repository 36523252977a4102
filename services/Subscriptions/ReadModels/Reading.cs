using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>Reads rows and pages for a caller.</summary>
internal static class Reading
{
    /// <summary>The caller as a parameter of <see cref="Sees"/>: null for a System admin, who sees all.</summary>
    public static Guid? Viewer(this CurrentUser user) => user.IsSystemAdmin ? null : user.Id;

    /// <summary>SQL that holds where the <c>@viewer</c> has something to do with an organization (SEC-02).</summary>
    public static string Sees(string organizationId) =>
        $"(@viewer::uuid is null or exists (select 1 from organization_access m where m.organization_id = {organizationId} and m.user_id = @viewer))";

    /// <summary>What somebody typed as a pattern of ILIKE that finds it anywhere, and only literally.</summary>
    public static string? Pattern(this ListQuery query) => query.Search is { } text
        ? $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%"
        : null;

    /// <summary>A page of what was made by replaying a stream, which has one order: forwards unless asked otherwise.</summary>
    public static Page<T> Of<T>(this ListQuery query, IReadOnlyList<T> all) => new(
        [.. (query.Descending ? all.Reverse() : all).Skip((int)query.Offset).Take(query.PageSize)], query.Page, query.PageSize, all.Count);

    /// <summary>One row, or null.</summary>
    public static async Task<T?> One<T>(this PostgresEventStore store, string sql, object parameters, CancellationToken ct) where T : class
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct));
    }

    /// <summary>All rows that a statement finds.</summary>
    public static async Task<IReadOnlyList<T>> List<T>(this PostgresEventStore store, string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct))).AsList();
    }

    /// <summary>A page and the number of rows in all, in one round trip.</summary>
    /// <param name="store">Where.</param>
    /// <param name="columns">What to select.</param>
    /// <param name="from">From which tables, with the conditions.</param>
    /// <param name="orderBy">In which order, from first to last without ties.</param>
    /// <param name="query">Which page.</param>
    /// <param name="parameters">Of the conditions.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Page<T>> Page<T>(
        this PostgresEventStore store, string columns, string from, string orderBy, ListQuery query, object parameters, CancellationToken ct)
    {
        var given = new DynamicParameters(parameters);
        given.Add("limit", query.PageSize);
        given.Add("offset", query.Offset);
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            $"select {columns} from {from} order by {orderBy} limit @limit offset @offset; select count(*) from {from}", given, cancellationToken: ct));
        var items = (await results.ReadAsync<T>()).AsList();
        return new Page<T>(items, query.Page, query.PageSize, await results.ReadSingleAsync<long>());
    }
}
