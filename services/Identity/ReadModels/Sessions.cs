using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.ReadModels;

/// <summary>A session as its owner sees it; it is used when its tokens are renewed, every quarter of an hour.</summary>
internal sealed record SessionRow(Guid Id, DateTimeOffset StartedAt, DateTimeOffset LastUsedAt, string Device, bool Current);

/// <summary>Everybody's open sessions.</summary>
internal sealed class Sessions(PostgresEventStore store, TimeProvider clock)
{
    /// <summary>The ids of a user's open sessions.</summary>
    public async Task<IReadOnlyList<Guid>> Of(Guid userId, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from sessions where user_id = @userId order by id", new { userId }, cancellationToken: ct))];
    }

    /// <summary>A page of a user's sessions, the last used first.</summary>
    public async Task<Page<SessionRow>> List(ListQuery list, CurrentUser user, CancellationToken ct)
    {
        var order = list.Sort is null ? "refreshed_at desc" : list.OrderBy(("lastUsedAt", "refreshed_at"), ("startedAt", "started_at"), ("device", "device"));
        const string where = "from sessions where user_id = @Id and expires_at > @now";
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            select count(*) {where};
            select id, started_at as "StartedAt", refreshed_at as "LastUsedAt", device, id = @SessionId as "Current"
            {where} order by {order}, id limit @size offset @offset
            """,
            new { user.Id, user.SessionId, now = clock.GetUtcNow(), size = list.PageSize, offset = list.Offset },
            cancellationToken: ct));
        var total = await rows.ReadSingleAsync<long>();
        return new([.. await rows.ReadAsync<SessionRow>()], list.Page, list.PageSize, total);
    }

    /// <summary>Writes the table.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            switch (happened.Data)
            {
                case SessionEvent.Started e:
                    sql.Execute("delete from sessions where user_id = $1 and expires_at < $2", e.UserId, happened.Timestamp);
                    sql.Execute(
                        "insert into sessions (id, user_id, started_at, refreshed_at, expires_at) values ($1, $2, $3, $3, $4)",
                        happened.Stream.Key, e.UserId, happened.Timestamp, e.ExpiresAt);
                    break;
                case SessionEvent.DeviceSeen e:
                    sql.Execute("update sessions set device = $2 where id = $1", happened.Stream.Key, e.Device);
                    break;
                case SessionEvent.Refreshed e:
                    sql.Execute(
                        "update sessions set refreshed_at = $2, expires_at = $3 where id = $1", happened.Stream.Key, happened.Timestamp, e.ExpiresAt);
                    break;
                case SessionEvent.Ended:
                    sql.Execute("delete from sessions where id = $1", happened.Stream.Key);
                    break;
            }
        }
    }
}
