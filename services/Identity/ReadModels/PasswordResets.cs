using Dapper;
using InviteHub.EventStore;

namespace InviteHub.Identity.ReadModels;

/// <summary>Whose link to set a new password a token belongs to (USR-08).</summary>
internal sealed class PasswordResets(PostgresEventStore store)
{
    // So long a dead link can say why it is dead.
    private static readonly TimeSpan Remember = TimeSpan.FromDays(30);

    public async Task<Guid?> UserOf(string tokenHash, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "select user_id from password_resets where token_hash = @tokenHash", new { tokenHash }, cancellationToken: ct));
    }

    /// <summary>Writes the table.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            if (happened.Data is UserEvent.Closed closed)
                sql.Execute("delete from password_resets where user_id = $1", closed.UserId);
            if (happened.Data is not UserEvent.PasswordResetRequested e)
                return;
            sql.Execute("delete from password_resets where expires_at < $1", happened.Timestamp - Remember);
            sql.Execute(
                "insert into password_resets (token_hash, user_id, expires_at) values ($1, $2, $3)", e.TokenHash, e.UserId, e.ExpiresAt);
        }
    }
}
