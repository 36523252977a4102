using Dapper;
using InviteHub.EventStore;

namespace InviteHub.Identity.ReadModels;

/// <summary>How far users who were chosen together have come.</summary>
/// <param name="Id">The request.</param>
/// <param name="Status">running, ready (all were tried, nobody is invited yet), finished or cancelled.</param>
/// <param name="Total">How many users were chosen.</param>
/// <param name="Planned">How many would be invited, where they were tried first.</param>
/// <param name="Done">How many are being invited.</param>
/// <param name="Failed">How many are not, or would not be, for the reasons beside them.</param>
/// <param name="Cancelled">How many were left out since it was cancelled.</param>
/// <param name="StartedBy">Who chose them.</param>
/// <param name="StartedAt">When.</param>
/// <param name="EndedAt">When it was finished or cancelled.</param>
internal sealed record InvitationRunProgress(
    Guid Id, string Status, long Total, long Planned, long Done, long Failed, long Cancelled, Guid StartedBy, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt);

/// <summary>One of the users, and what came or would come of it: waiting, planned, done, failed (then why) or cancelled.</summary>
internal sealed record InvitationRunRow(Guid UserId, string State, string? Code, string? Reason);

/// <summary>A user whom somebody works on.</summary>
internal sealed record TakenInvitation(
    Guid RunId, int Place, Guid UserId, bool IsTrial, string Channel, bool OneTimePassword, Guid AskedBy, string AskedByRole);

/// <summary>A run with nobody left to do, and what came of its users.</summary>
internal sealed record SettledRun(Guid Id, int Planned, int Done, int Failed);

/// <summary>Users who were chosen together to be invited (INV-14).</summary>
internal sealed class InvitationRuns(PostgresEventStore store, TimeProvider clock)
{
    /// <summary>How long whoever took users has for them: if it died, another takes them after that.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Keeps in the commit of the start who was chosen.</summary>
    public static void Keep(SqlQueue sql, Guid run, Guid[] users) => sql.Execute(
        "insert into invitation_run_rows (run_id, place, user_id) select $1, place, who from unnest($2) with ordinality as chosen (who, place)", run, users);

    /// <summary>Notes in the commit that invites somebody, or not, what came of it; who is invited stays so.</summary>
    public static void Settle(SqlQueue sql, TakenInvitation row, Refusal? refusal) => sql.Execute(
        "update invitation_run_rows set state = $3, code = $4, reason = $5 where run_id = $1 and place = $2 and state <> 'done'",
        row.RunId, row.Place, refusal is not null ? "failed" : row.IsTrial ? "planned" : "done", refusal?.Code, refusal?.Detail);

    public async Task<InvitationRunProgress?> Progress(Guid id, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<InvitationRunProgress>(new CommandDefinition(
            """
            select i.id, i.status, count(r) as "Total", count(r) filter (where r.state = 'planned') as "Planned",
                   count(r) filter (where r.state = 'done') as "Done", count(r) filter (where r.state = 'failed') as "Failed",
                   count(r) filter (where r.state = 'cancelled') as "Cancelled", i.started_by as "StartedBy", i.started_at as "StartedAt",
                   i.ended_at as "EndedAt"
            from invitation_runs i left join invitation_run_rows r on r.run_id = i.id where i.id = @id group by i.id
            """, new { id }, cancellationToken: ct));
    }

    /// <summary>Some of its users in the order in which they were chosen.</summary>
    public async Task<IReadOnlyList<InvitationRunRow>> Rows(Guid id, string? state, long offset, int most, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<InvitationRunRow>(new CommandDefinition(
            """
            select user_id as "UserId", state, code, reason from invitation_run_rows
            where run_id = @id and (@state::varchar is null or state = @state) order by place limit @most offset @offset
            """, new { id, state, most, offset }, cancellationToken: ct))];
    }

    /// <summary>Takes users who wait, of one run or of any, each for one caller alone as long as the lease lasts.</summary>
    public async Task<IReadOnlyList<TakenInvitation>> Take(Guid? run, int atMost, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<TakenInvitation>(new CommandDefinition(
            """
            update invitation_run_rows r set taken_until = @until from invitation_runs i
            -- By their places, where they are locked: however little is known of the table, that is never a scan for each.
            where i.id = r.run_id and r.ctid = any(array(
                select r.ctid from (select id from invitation_runs where status = 'running' and (@run::uuid is null or id = @run) order by id) i
                cross join lateral (
                    select r.ctid from invitation_run_rows r
                    where r.run_id = i.id and r.state = 'waiting' and (r.taken_until is null or r.taken_until <= @now)
                    order by r.place limit @atMost for update skip locked) r
                limit @atMost))
            returning r.run_id as "RunId", r.place, r.user_id as "UserId", i.is_trial as "IsTrial", i.channel, i.one_time_password as "OneTimePassword",
                      i.asked_by as "AskedBy", i.asked_by_role as "AskedByRole"
            """, new { run, now, until = now + Lease, atMost }, cancellationToken: ct))];
    }

    /// <summary>The running runs, or the one, that have nobody left to do.</summary>
    public async Task<IReadOnlyList<SettledRun>> Settled(Guid? run, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<SettledRun>(new CommandDefinition(
            """
            select i.id, (count(*) filter (where r.state = 'planned'))::int as "Planned", (count(*) filter (where r.state = 'done'))::int as "Done",
                   (count(*) filter (where r.state = 'failed'))::int as "Failed"
            from invitation_runs i join invitation_run_rows r on r.run_id = i.id
            where i.status = 'running' and (@run::uuid is null or i.id = @run)
              and not exists (select from invitation_run_rows w where w.run_id = i.id and w.state = 'waiting')
            group by i.id
            """, new { run }, cancellationToken: ct))];
    }

    /// <summary>Leaves out the users of cancelled runs whom nobody works on.</summary>
    public async Task Sweep(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update invitation_run_rows r set state = 'cancelled' from invitation_runs i
            where i.id = r.run_id and i.status = 'cancelled'
              and (r.state = 'planned' or r.state = 'waiting' and (r.taken_until is null or r.taken_until <= @now))
            """, new { now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Writes the table of runs.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            switch (happened.Data)
            {
                case InvitationRunEvent.Started e:
                    sql.Execute(
                        """
                        insert into invitation_runs (id, status, is_trial, channel, one_time_password, asked_by, asked_by_role, started_by, started_at)
                        values ($1, 'running', $2, $3, $4, $5, $6, $5, $7)
                        """,
                        e.RunId, e.DryRun, e.Channel, e.OneTimePassword, e.By, e.ByRole, happened.Timestamp);
                    break;
                case InvitationRunEvent.Checked e:
                    sql.Execute("update invitation_runs set status = 'ready' where id = $1", e.RunId);
                    break;
                case InvitationRunEvent.Committed e:
                    sql.Execute(
                        "update invitation_runs set status = 'running', is_trial = false, asked_by = $2, asked_by_role = $3 where id = $1",
                        e.RunId, e.By, e.ByRole);
                    sql.Execute("update invitation_run_rows set state = 'waiting', taken_until = null where run_id = $1 and state = 'planned'", e.RunId);
                    break;
                case InvitationRunEvent.Finished e:
                    sql.Execute("update invitation_runs set status = 'finished', ended_at = $2 where id = $1", e.RunId, happened.Timestamp);
                    break;
                case InvitationRunEvent.Cancelled e:
                    sql.Execute("update invitation_runs set status = 'cancelled', ended_at = $2 where id = $1", e.RunId, happened.Timestamp);
                    break;
            }
        }
    }
}
