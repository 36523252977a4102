using Dapper;
using InviteHub.EventStore;

namespace InviteHub.Identity.ReadModels;

/// <summary>Everybody's open sessions.</summary>
internal sealed class Sessions(PostgresEventStore store)
{
    /// <summary>The ids of a user's open sessions.</summary>
    public async Task<IReadOnlyList<Guid>> Of(Guid userId, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from sessions where user_id = @userId order by id", new { userId }, cancellationToken: ct))];
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
