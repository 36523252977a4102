using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.ReadModels;

/// <summary>A request to be removed; of one that is over, neither the reason nor who it was is kept.</summary>
/// <param name="Id">The request.</param>
/// <param name="UserId">Who asks.</param>
/// <param name="FirstName">First name; null once the person is anonymized.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Email">Address.</param>
/// <param name="Status"><c>pending</c>, <c>processed</c> or <c>withdrawn</c>.</param>
/// <param name="Reason">Why, in the person's words.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="EndedAt">When it was processed or withdrawn.</param>
/// <param name="EndedBy">By whom.</param>
internal sealed record RemovalRequestRow(
    Guid Id, Guid UserId, string? FirstName, string? LastName, string? Email, string Status, string? Reason, DateTimeOffset RequestedAt,
    DateTimeOffset? EndedAt, Guid? EndedBy);

/// <summary>Requests to be removed (GDP-01).</summary>
internal sealed class RemovalRequests(PostgresEventStore store)
{
    private const string Columns =
        """
        r.id, r.user_id as "UserId", u.first_name as "FirstName", u.last_name as "LastName", u.email, r.status, r.reason,
        r.requested_at as "RequestedAt", r.ended_at as "EndedAt", r.ended_by as "EndedBy"
        from removal_requests r left join users u on u.id = r.user_id
        """;

    /// <summary>A page of them, the longest waiting first unless asked otherwise.</summary>
    public async Task<Page<RemovalRequestRow>> List(ListQuery list, string? status, CancellationToken ct)
    {
        var order = list.OrderBy(
            ("requestedAt", "r.requested_at"), ("firstName", "u.first_name_key"), ("lastName", "u.last_name_key"), ("email", "u.email_key collate \"C\""),
            ("status", "r.status"));
        var where = string.Concat("true", status is null ? "" : " and r.status = @status", list.Search is null ? "" : " and u.search_key like users_pattern(@Search)");
        var asked = new { status, list.Search, list.PageSize, list.Offset };
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"select count(*) from removal_requests r left join users u on u.id = r.user_id where {where}", asked, cancellationToken: ct));
        var rows = await connection.QueryAsync<RemovalRequestRow>(new CommandDefinition(
            $"select {Columns} where {where} order by {order}, r.id limit @PageSize offset @Offset", asked, cancellationToken: ct));
        return new([.. rows], list.Page, list.PageSize, total);
    }

    public async Task<RemovalRequestRow?> Find(Guid id, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<RemovalRequestRow>(new CommandDefinition(
            $"select {Columns} where r.id = @id", new { id }, cancellationToken: ct));
    }

    /// <summary>Writes the table.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            switch (happened.Data)
            {
                case RemovalEvent.Requested e:
                    sql.Execute(
                        """
                        insert into removal_requests (id, user_id, status, reason, requested_at) values ($1, $2, 'pending', $3, $4)
                        on conflict (id) do update set reason = excluded.reason
                        """,
                        e.RequestId, e.UserId, e.Reason, happened.Timestamp);
                    break;
                case RemovalEvent.Withdrawn e:
                    End(e.RequestId, "withdrawn", e.UserId);
                    break;
                case RemovalEvent.Processed e:
                    End(e.RequestId, "processed", e.By);
                    break;
            }

            void End(Guid id, string status, Guid by) => sql.Execute(
                "update removal_requests set status = $2, reason = null, ended_at = $3, ended_by = $4 where id = $1", id, status, happened.Timestamp, by);
        }
    }
}
