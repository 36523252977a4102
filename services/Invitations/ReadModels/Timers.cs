using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Npgsql;

namespace InviteHub.Invitations.ReadModels;

/// <summary>Something that time does to an invitation.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="OrganizationId">Its organization.</param>
/// <param name="DaysBefore">How many days before the end it reminds; 0 is the end itself.</param>
/// <param name="DueAt">Until when it is this taker's alone.</param>
/// <param name="UsefulUntil">After which it is of no use.</param>
internal sealed record InvitationTimer(Guid InvitationId, Guid OrganizationId, int DaysBefore, DateTimeOffset DueAt, DateTimeOffset? UsefulUntil);

/// <summary>Keeps <c>invitation_timers</c> in the commit of each command: they come with the link and go with the end.</summary>
internal sealed class InvitationTimers : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql) => Project([happened], sql);

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        var ids = alike.Select(happened => happened.Stream.Key).ToArray();
        if (alike[0].Data is InvitationEvent.Opened or InvitationEvent.Resent)
        {
            var links = alike.Select(happened => happened.Data switch
            {
                InvitationEvent.Opened e => (e.At, e.ExpiresAt),
                InvitationEvent.Resent e => (e.At, e.ExpiresAt),
                _ => throw new InvalidOperationException($"no link is made by {happened.Type}"),
            }).ToArray();
            sql.Execute(
                "select set_invitation_timers($1, $2, $3, $4)", ids, alike.Select(happened => Guid.Parse(happened.Stream.TenantId)).ToArray(),
                Array.ConvertAll(links, link => link.At), Array.ConvertAll(links, link => link.ExpiresAt));
        }
        else if (alike[0].Data is InvitationEvent.Accepted or InvitationEvent.Revoked or InvitationEvent.Declined or InvitationEvent.Expired)
        {
            sql.Execute("delete from invitation_timers where invitation_id = any($1)", (object)ids);
        }
    }
}

/// <summary>Hands due timers out, each to one taker at a time.</summary>
internal sealed class DueTimers(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long whoever took timers has for them: if it died, another takes them after that.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    static DueTimers() => SqlTypes.Register();

    /// <summary>Takes some of those that are due, the longest due first, past those that another is taking at this moment.</summary>
    public async Task<IReadOnlyList<InvitationTimer>> Take(int atMost, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<InvitationTimer>(new(
            """
            select invitation_id, organization_id, days_before, due_at, nullif(useful_until, 'infinity') as useful_until
            from take_invitation_timers(@atMost, @now, @until)
            """,
            new { now, until = now + Lease, atMost }, cancellationToken: ct))];
    }

    /// <summary>Notes with a commit that a timer is done, unless it was set anew meanwhile.</summary>
    public static void Done(SqlQueue sql, InvitationTimer timer) => sql.Execute(
        "delete from invitation_timers where invitation_id = $1 and days_before = $2 and due_at = $3", timer.InvitationId, timer.DaysBefore, timer.DueAt);
}
