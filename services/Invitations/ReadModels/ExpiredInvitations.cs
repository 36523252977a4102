using Dapper;
using InviteHub.EventStore;
using InviteHub.Invitations.Features;
using InviteHub.ServiceDefaults;
using Npgsql;

namespace InviteHub.Invitations.ReadModels;

/// <summary>
/// Keeps <c>expired_invitations</c> in the commit of each command: one that is asked for again has nothing to be told of. Stands behind
/// <see cref="InvitationList"/>, which knows the inviter. However many of one inviter expire at once, none waits for another.
/// </summary>
internal sealed class ExpiredInvitations : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case InvitationEvent.Expired e:
                sql.Execute(
                    """
                    insert into expired_invitations (invitation_id, organization_id, inviter_id) select id, $2, sent_by from invitation_list where id = $1
                    on conflict (invitation_id) do nothing
                    """,
                    happened.Stream.Key, Guid.Parse(happened.Stream.TenantId));
                sql.Execute(
                    """
                    insert into expiry_digests (organization_id, inviter_id, due_at) select $2, sent_by, $3 from invitation_list where id = $1
                    on conflict (organization_id, inviter_id) do nothing
                    """,
                    happened.Stream.Key, Guid.Parse(happened.Stream.TenantId), e.At + TellInviters.Gathers);
                break;
            case InvitationEvent.RenewalRequested:
                sql.Execute("delete from expired_invitations where invitation_id = $1", happened.Stream.Key);
                break;
        }
    }
}

/// <summary>Whom to tell of expired invitations, each to one taker at a time.</summary>
internal sealed class DueDigests(NpgsqlDataSource database)
{
    /// <summary>How long whoever took one up has for it: if it died, another takes it after that.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    static DueDigests() => SqlTypes.Register();

    /// <summary>Takes one that is due, past those that another is taking at this moment; null when there is none.</summary>
    public async Task<(Guid OrganizationId, Guid InviterId)?> Take(DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<(Guid, Guid)?>(new CommandDefinition(
            """
            update expiry_digests d set due_at = @until
            from (select organization_id, inviter_id from expiry_digests where due_at <= @now order by due_at limit 1 for update skip locked) next
            where d.organization_id = next.organization_id and d.inviter_id = next.inviter_id
            returning d.organization_id, d.inviter_id
            """,
            new { now, until = now + Lease }, cancellationToken: ct));
    }

    /// <summary>What expired of an inviter's and was not told.</summary>
    public async Task<Guid[]> Untold(Guid organizationId, Guid inviterId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "select invitation_id from expired_invitations where organization_id = @organizationId and inviter_id = @inviterId",
            new { organizationId, inviterId }, cancellationToken: ct))];
    }

    /// <summary>Notes with a commit what was told, and when there may be more.</summary>
    public static void Told(SqlQueue sql, Guid organizationId, Guid inviterId, Guid[] invitations, DateTimeOffset next)
    {
        sql.Execute("delete from expired_invitations where invitation_id = any($1)", invitations);
        sql.Execute("update expiry_digests set due_at = $3 where organization_id = $1 and inviter_id = $2", organizationId, inviterId, next);
    }
}
