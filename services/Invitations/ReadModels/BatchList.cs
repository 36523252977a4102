using InviteHub.EventStore;
using InviteHub.Invitations.Features;

namespace InviteHub.Invitations.ReadModels;

/// <summary>Keeps <c>invitation_batches</c>, and what was found to become of the rows, in the commit of each command.</summary>
internal sealed class BatchList : IInlineProjection
{
    // The rows of a batch ($1) to a subscription ($2), or to none, of which nobody has said yet what becomes of them.
    private const string Unplanned = "batch_id = $1 and state = 'read' and subscription_id is not distinct from $2";

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        if (happened.Data is not InvitationBatchEvent batch)
            return;
        var (id, at) = (happened.Stream.Key, happened.Timestamp);
        switch (batch)
        {
            case InvitationBatchEvent.Uploaded e:
                sql.Execute(
                    """
                    insert into invitation_batches (id, organization_id, way, status, dry_run, total, invited_by_role, started_by, started_at)
                    values ($1, $2, $3, 'checking', $4, $5, $6, $7, $8)
                    """,
                    id, e.OrganizationId, e.Way.Name(), e.DryRun, e.Rows, e.ByRole, e.By, at);
                break;
            case InvitationBatchEvent.PeopleChecked e:
                foreach (var no in e.Refused)
                    Refuse(id, no, sql);
                break;
            case InvitationBatchEvent.Checked e:
                Plan(id, e.Targets, sql);
                if (e.Hourly is { } hour)
                    Limit(id, hour, sql);
                sql.Execute("update invitation_batches set status = 'ready', ready_until = $2 where id = $1", id, at + LapseBatch.ReadyFor);
                break;
            case InvitationBatchEvent.ApprovalAsked:
                sql.Execute("update invitation_batches set approval = 'awaited', ready_until = $2 where id = $1", id, at + LapseBatch.AwaitsApprovalFor);
                break;
            case InvitationBatchEvent.Approved e:
                Decided("approved", e.By);
                break;
            case InvitationBatchEvent.Rejected e:
                Decided("rejected", e.By);
                Becomes("cancelled", at, e.By);
                break;
            case InvitationBatchEvent.Lapsed:
                Becomes("cancelled", at);
                break;
            case InvitationBatchEvent.Committed e:
                sql.Execute("update invitation_batches set status = 'running', committed_by = $2, committed_at = $3 where id = $1", id, e.By, at);
                break;
            case InvitationBatchEvent.Finished:
                Becomes("finished", at);
                break;
            case InvitationBatchEvent.Cancelled e:
                Becomes("cancelled", at, e.By);
                break;
            case InvitationBatchEvent.UndoStarted e:
                Becomes("undoing", at, e.By);
                break;
            case InvitationBatchEvent.Undone:
                Becomes("undone", at);
                break;
        }

        void Decided(string approval, Guid by) =>
            sql.Execute("update invitation_batches set approval = $2, approval_decided_by = $3 where id = $1", id, approval, by);

        void Becomes(string status, DateTimeOffset? end = null, Guid? by = null) => sql.Execute(
            "update invitation_batches set status = $2, ended_at = coalesce($3, ended_at), ended_by = coalesce($4, ended_by) where id = $1", id, status, end, by);
    }

    /// <summary>Rows beyond the limit of the hour fail, in the order of the file, as they would when they are begun.</summary>
    private static void Limit(Guid id, HourlyPlaces hour, SqlQueue sql)
    {
        var no = new HourlyLimitReached(hour.Limit, hour.FreeAt);
        sql.Execute(
            """
            update invitation_batch_rows set state = 'failed', plan = null, code = $3, reason = $4, facts = $5::jsonb
            where batch_id = $1 and state = 'planned' and line > coalesce((
                select max(line) from (select line from invitation_batch_rows where batch_id = $1 and state = 'planned' order by line limit $2) first), 0)
            """,
            id, hour.Free, no.Code, no.Detail, InvitationBatches.JsonOf(no.Facts));
    }

    /// <summary>Rows of people who hold the role fail before seats are counted: they take none.</summary>
    private static void Refuse(Guid id, PeopleRefused no, SqlQueue sql) => sql.Execute(
        """
        update invitation_batch_rows set state = 'failed', code = $5, reason = $6, columns = 'role', facts = $8::jsonb
        where batch_id = $1 and state = 'read' and app_id is not distinct from $2 and subscription_id is not distinct from $3
        and role is not distinct from $4 and is_existing and invitee_id = any($7)
        """,
        id, no.Target.AppId, no.Target.SubscriptionId, no.Target.Role, no.Code, no.Detail, no.People.ToArray(), InvitationBatches.JsonOf(no.Facts));

    /// <summary>What would become of each row: rows take seats in the order of the file, as they will when the batch is committed.</summary>
    private static void Plan(Guid id, IReadOnlyList<TargetChecked> targets, SqlQueue sql)
    {
        foreach (var no in targets.Where(t => t.Code is not null))
        {
            sql.Execute(
                """
                update invitation_batch_rows set state = 'failed', code = $5, reason = $6, facts = $7::jsonb
                where batch_id = $1 and state = 'read' and app_id is not distinct from $2 and subscription_id is not distinct from $3
                and role is not distinct from $4
                """,
                id, no.Target.AppId, no.Target.SubscriptionId, no.Target.Role, no.Code, no.Detail, InvitationBatches.JsonOf(no.Facts));
        }

        foreach (var seats in targets.Where(t => t.Code is null).GroupBy(t => t.Target.SubscriptionId).Select(same => same.First()))
        {
            if (seats.Target.SubscriptionId is { } subscription)
            {
                sql.Execute(
                    "insert into invitation_batch_seats (batch_id, subscription_id, free, waits) values ($1, $2, $3, $4)",
                    id, subscription, seats.Free, seats.Waits);
            }

            // By where they stand, and joined with nothing: of a file that has just come in, PostgreSQL knows no numbers to choose a good join by.
            sql.Execute(
                $"""
                update invitation_batch_rows set state = 'planned', plan = 'invite'
                where {Unplanned} and ($3::int is null or line <= (
                    select max(line) from (
                        select line from invitation_batch_rows
                        where {Unplanned} order by line limit $3) first))
                """,
                id, seats.Target.SubscriptionId, seats.Free);
            if (seats.Waits)
            {
                sql.Execute(
                    $"""
                    update invitation_batch_rows set state = 'planned', plan = 'wait'
                    where {Unplanned}
                    """,
                    id, seats.Target.SubscriptionId);
            }
            else if (seats.Free is { } free)
            {
                sql.Execute(
                    $"""
                    update invitation_batch_rows set state = 'failed', code = 'seat-limit-reached',
                        reason = format('No seat is left: %s are free, and earlier rows take them. Raise the limit by %s, or give as many seats back.', $3, missing),
                        facts = jsonb_build_object('free', $3::text, 'missing', missing::text)
                    from (select count(*) as missing from invitation_batch_rows where {Unplanned}) beyond
                    where {Unplanned}
                    """,
                    id, seats.Target.SubscriptionId, free);
            }
        }
    }
}
