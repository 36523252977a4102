using Dapper;
using InviteHub.EventStore;

namespace InviteHub.Identity.ReadModels;

/// <summary>The one-time secrets by which a registering process signs the person in (INV-10).</summary>
internal sealed class SignInGrants(PostgresEventStore store, TimeProvider clock)
{
    /// <summary>Uses a grant up: of two who come with it at once, one gets the user.</summary>
    public async Task<Guid?> Take(string hash, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "delete from sign_in_grants where grant_hash = @hash and valid_until > @now returning user_id",
            new { hash, now = clock.GetUtcNow() },
            cancellationToken: ct));
    }

    /// <summary>Writes the table.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            // Who accepts with an account is signed in already and brings no secret.
            if (happened.Data is not ProvisioningEvent.Completed { GrantHash.Length: > 0 } e)
                return;
            sql.Execute("delete from sign_in_grants where valid_until < $1", happened.Timestamp);
            sql.Execute(
                "insert into sign_in_grants (grant_hash, user_id, valid_until) values ($1, $2, $3) on conflict do nothing",
                e.GrantHash, e.UserId, e.GrantUntil);
        }
    }
}
