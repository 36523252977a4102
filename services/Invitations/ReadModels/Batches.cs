using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Invitations.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.ReadModels;

/// <summary>A batch, and how far it has come.</summary>
internal sealed record BatchView
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string Way { get; init; } = "";

    /// <summary>checking, ready, running, finished, cancelled, undoing or undone.</summary>
    public string Status { get; init; } = "";

    /// <summary>Whether it was to be looked at before anything was done.</summary>
    public bool DryRun { get; init; }

    /// <summary>How many rows it has.</summary>
    public long Total { get; init; }

    /// <summary>How many rows are to go out, or are on their way.</summary>
    public long Planned { get; init; }

    /// <summary>How many rows have their invitation, with a seat or waiting for one.</summary>
    public long Done { get; init; }

    /// <summary>How many have none, for the reasons in the report.</summary>
    public long Failed { get; init; }

    /// <summary>How many were left out since the batch was cancelled.</summary>
    public long Cancelled { get; init; }

    /// <summary>How many were taken back.</summary>
    public long Undone { get; init; }

    public Guid StartedBy { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public Guid? CommittedBy { get; init; }

    public DateTimeOffset? CommittedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>While it is ready: until when it can be committed, or approved. After that it is cancelled.</summary>
    public DateTimeOffset? ReadyUntil { get; init; }

    /// <summary>Where a second person is to approve it: awaited, approved or rejected (INV-23).</summary>
    public string? Approval { get; init; }

    /// <summary>Who approved or rejected it.</summary>
    public Guid? ApprovalDecidedBy { get; init; }

    /// <summary>The seats by subscription; nothing while it is being checked, or when its way takes none.</summary>
    public IReadOnlyList<BatchSeats> Seats { get; init; } = [];
}

/// <summary>A batch and one subscription's seats.</summary>
internal sealed record BatchSeats
{
    public Guid SubscriptionId { get; init; }

    /// <summary>How many more it would have given when the batch was checked; null when as many as asked for.</summary>
    public int? Free { get; init; }

    /// <summary>How many rows take one.</summary>
    public long Taken { get; init; }

    /// <summary>How many rows wait for one.</summary>
    public long Waiting { get; init; }

    /// <summary>How many rows get none.</summary>
    public long Refused { get; init; }
}

/// <summary>A row, and what became or would become of it; nothing of its person.</summary>
internal sealed record BatchRowView
{
    public int Line { get; init; }

    /// <summary>read, planned, asked, done, failed, cancelled or undone.</summary>
    public string State { get; init; } = "";

    /// <summary>What was shown to become of it: <c>invite</c> or <c>wait</c>; null when it fails.</summary>
    public string? Plan { get; init; }

    /// <summary>Whether it is for somebody with an account.</summary>
    public bool IsExisting { get; init; }

    /// <summary>Its invitation, when there is one.</summary>
    public Guid? InvitationId { get; init; }

    public string? Code { get; init; }

    /// <summary>The columns that are wrong, with spaces between them.</summary>
    public string? Columns { get; init; }

    public string? Reason { get; init; }

    /// <summary>The facts that decided that it fails, by name (INV-25).</summary>
    public IReadOnlyDictionary<string, string>? Facts => InvitationBatches.FactsOf(FactsJson);

    [JsonIgnore]
    public string? FactsJson { get; init; }
}

/// <summary>A row that somebody works on.</summary>
internal sealed record TakenBatchRow
{
    public Guid BatchId { get; init; }

    public int Line { get; init; }

    public Guid OrganizationId { get; init; }

    public string Way { get; init; } = "";

    public Guid InvitationId { get; init; }

    public Guid InviteeId { get; init; }

    public bool IsExisting { get; init; }

    public Guid? AppId { get; init; }

    public Guid? SubscriptionId { get; init; }

    public string? Role { get; init; }

    public string? Plan { get; init; }

    public byte[]? Sealed { get; init; }

    /// <summary>Who asked for what is done now: the start, or the end.</summary>
    public Guid By { get; init; }

    public string ByRole { get; init; } = "";

    /// <summary>Whether a second person approved its batch.</summary>
    public bool IsApproved { get; init; }
}

/// <summary>Batches of invitations and their rows (INV-19, INV-20, INV-24).</summary>
internal sealed class InvitationBatches(PostgresEventStore store, SubjectKeys keys, TimeProvider clock)
{
    /// <summary>How long whoever took rows has for them: if it died, another takes them after that.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>What rows are sealed as.</summary>
    internal const string Context = "batch row";

    private const string BulkInvite = "can_bulk_invite";
    private const string Founder = "founder";

    // An upload that broke off with its process leaves its rows.
    private static readonly TimeSpan LongestUpload = TimeSpan.FromDays(1);

    // After which nobody corrects a file any more.
    private static readonly TimeSpan Correctable = TimeSpan.FromDays(30);

    private const string MayBulkInvite =
        "(@IsSystemAdmin or b.organization_id in (select organization_id from organization_access where user_id = @Caller and permissions && @Bulk))";

    private const string Columns =
        """
        b.id, b.organization_id, b.way, b.status, b.dry_run, b.total, b.started_by, b.started_at, b.committed_by, b.committed_at, b.ended_at,
        case when b.status = 'ready' then b.ready_until end as ready_until, b.approval, b.approval_decided_by,
        r.planned, r.done, r.failed, r.cancelled, r.undone
        from invitation_batches b cross join lateral (
            select count(*) filter (where state in ('planned', 'asked')) as planned, count(*) filter (where state = 'done') as done,
                   count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'cancelled') as cancelled,
                   count(*) filter (where state = 'undone') as undone
            from invitation_batch_rows where batch_id = b.id) r
        """;

    private const string ReportColumns =
        "line, state, plan, is_existing, case when state in ('asked', 'done', 'undone') then invitation_id end as invitation_id, code, columns, reason, facts::text as facts_json";

    /// <summary>Why somebody may not invite many at once for an organization, or null.</summary>
    public async Task<Refusal?> WhyNot(CurrentUser caller, Guid organizationId, CancellationToken ct)
    {
        if (caller.IsSystemAdmin)
            return null;
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var permissions = await connection.ExecuteScalarAsync<string[]?>(new CommandDefinition(
            "select permissions from organization_access where user_id = @Id and organization_id = @organizationId", new { caller.Id, organizationId },
            cancellationToken: ct)) ?? [];
        return permissions switch
        {
            [] => new OrganizationUnknown(),
            _ when permissions.Contains(BulkInvite) || permissions.Contains(Founder) => null,
            _ => new BulkNotPermitted(),
        };
    }

    /// <summary>One batch, if the caller may see it.</summary>
    public async Task<BatchView?> Find(Guid id, CurrentUser caller, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var batch = await connection.QuerySingleOrDefaultAsync<BatchView>(new CommandDefinition(
            $"select {Columns} where b.id = @id and {MayBulkInvite}", Asks(caller, new { id }), cancellationToken: ct));
        return batch is null ? null : batch with
        {
            Seats = [.. await connection.QueryAsync<BatchSeats>(new CommandDefinition(
                """
                select s.subscription_id, s.free, count(*) filter (where r.plan = 'invite') as taken, count(*) filter (where r.plan = 'wait') as waiting,
                       count(*) filter (where r.code = 'seat-limit-reached') as refused
                from invitation_batch_seats s left join invitation_batch_rows r on r.batch_id = s.batch_id and r.subscription_id = s.subscription_id
                where s.batch_id = @id group by s.subscription_id, s.free order by s.subscription_id
                """, new { id }, cancellationToken: ct))],
        };
    }

    /// <summary>Asks a rule of a batch that the caller may see, and keeps what it decides.</summary>
    public async Task<Refusal?> Change(
        Guid id, CurrentUser caller, HttpContext http, Func<InvitationBatch, Decision<InvitationBatchEvent>> decide, CancellationToken ct)
    {
        if (await Find(id, caller, ct) is not { } visible)
            return new BatchNotFound();
        var outcome = await store.Transact(
            caller.Metadata(http, id),
            session => session.Decide<InvitationBatch, InvitationBatchEvent>(InvitationBatch.Stream(visible.OrganizationId, id), decide, ct), ct);
        return outcome.Refusal;
    }

    /// <summary>A page of the batches that the caller may see, the latest first.</summary>
    public async Task<Page<BatchView>> List(CurrentUser caller, Guid? organizationId, string? status, string? approval, ListQuery list, CancellationToken ct)
    {
        var order = list.OrderBy(("startedAt", "b.started_at"), ("status", "b.status"), ("total", "b.total"));
        if (list.Sort is null)
            order += " desc";
        // One that was cancelled before anybody said a word waits for none.
        const string where =
            $"""
            {MayBulkInvite} and (@organizationId is null or b.organization_id = @organizationId) and (@status is null or b.status = @status)
            and (@approval is null or b.approval = @approval and (b.approval <> 'awaited' or b.status = 'ready'))
            """;
        var asked = Asks(caller, new { organizationId, list.PageSize, list.Offset });
        asked.Add("status", status, System.Data.DbType.String);
        asked.Add("approval", approval, System.Data.DbType.String);
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"select count(*) from invitation_batches b where {where}", asked, cancellationToken: ct));
        var rows = await connection.QueryAsync<BatchView>(new CommandDefinition(
            $"select {Columns} where {where} order by {order}, b.id limit @PageSize offset @Offset", asked, cancellationToken: ct));
        return new([.. rows], list.Page, list.PageSize, total);
    }

    /// <summary>A page of a batch's rows in the order of the file.</summary>
    public async Task<Page<BatchRowView>> Rows(Guid id, string? state, ListQuery list, CancellationToken ct)
    {
        var order = list.OrderBy(("line", "line"));
        var asked = new DynamicParameters(new { id, list.PageSize, list.Offset });
        asked.Add("state", state, System.Data.DbType.String);
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select count(*) from invitation_batch_rows where batch_id = @id and (@state is null or state = @state)", asked, cancellationToken: ct));
        var rows = await connection.QueryAsync<BatchRowView>(new CommandDefinition(
            $"select {ReportColumns} from invitation_batch_rows where batch_id = @id and (@state is null or state = @state) order by {order} limit @PageSize offset @Offset",
            asked, cancellationToken: ct));
        return new([.. rows], list.Page, list.PageSize, total);
    }

    /// <summary>The rows in the order of the file, a few at a time, each as it is when its turn comes.</summary>
    public async IAsyncEnumerable<BatchRowView> Report(Guid id, [EnumeratorCancellation] CancellationToken ct)
    {
        const int AtOnce = 1000;
        IReadOnlyList<BatchRowView> some;
        for (var after = 0; ; after = some[^1].Line)
        {
            await using (var connection = await store.Database.OpenConnectionAsync(ct))
            {
                some = [.. await connection.QueryAsync<BatchRowView>(new CommandDefinition(
                    $"select {ReportColumns} from invitation_batch_rows where batch_id = @id and line > @after order by line limit @AtOnce",
                    new { id, after, AtOnce }, cancellationToken: ct))];
            }

            foreach (var row in some)
                yield return row;
            if (some.Count < AtOnce)
                yield break;
        }
    }

    /// <summary>What stood in the rows that failed, and why they did; a person who was forgotten meanwhile is left out.</summary>
    public async IAsyncEnumerable<(IReadOnlyDictionary<string, string> Fields, string Reason)> Failed(
        Guid id, [EnumeratorCancellation] CancellationToken ct)
    {
        const int AtOnce = 1000;
        IReadOnlyList<(int Line, Guid Invitee, byte[] Sealed, string? Reason)> some;
        for (var after = 0; ; after = some[^1].Line)
        {
            await using (var connection = await store.Database.OpenConnectionAsync(ct))
            {
                some = [.. await connection.QueryAsync<(int, Guid, byte[], string?)>(new CommandDefinition(
                    """
                    select line, invitee_id, sealed, reason from invitation_batch_rows
                    where batch_id = @id and line > @after and state = 'failed' and sealed is not null order by line limit @AtOnce
                    """, new { id, after, AtOnce }, cancellationToken: ct))];
            }

            var opened = await keys.Open([.. some.Select(row => (row.Invitee.ToString(), (ReadOnlyMemory<byte>)row.Sealed))], Context, ct);
            foreach (var (row, clear) in some.Zip(opened))
            {
                if (clear is not null)
                    yield return (FieldsOf(clear), row.Reason ?? "");
            }

            if (some.Count < AtOnce)
                yield break;
        }
    }

    /// <summary>Who has an account with one of these addresses, by the addresses' keys.</summary>
    public async Task<IReadOnlyDictionary<string, Person>> People(IEnumerable<string> emailKeys, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var people = await connection.QueryAsync<Person>(new CommandDefinition(
            "select user_id, email, first_name, last_name, language from people where email_key = any(@emails)", new { emails = emailKeys.ToArray() },
            cancellationToken: ct));
        var known = new Dictionary<string, Person>(StringComparer.Ordinal);
        foreach (var person in people)
            known.TryAdd(InvitationList.KeyOf(person.Email), person);
        return known;
    }

    /// <summary>Which of these addresses have an open invitation of a kind of an organization, and which it is.</summary>
    public async Task<IReadOnlyDictionary<(string Scope, string EmailKey), InvitationOpen>> OpenInvitations(
        Guid organizationId, IEnumerable<(string Scope, string EmailKey)> asked, CancellationToken ct)
    {
        var once = asked.Distinct().ToArray();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(string Scope, string EmailKey, Guid Id, string Status, DateTimeOffset SentOn)>(new CommandDefinition(
            """
            select i.scope, i.email_key, i.id, i.status, i.sent_on from unnest(@scopes, @emails) as asked (scope, email_key)
            join invitation_list i on i.is_open and i.organization_id = @organizationId and i.scope = asked.scope and i.email_key = asked.email_key
            """,
            new { organizationId, scopes = Array.ConvertAll(once, one => one.Scope), emails = Array.ConvertAll(once, one => one.EmailKey) }, cancellationToken: ct)))
            .ToDictionary(one => (one.Scope, one.EmailKey), one => new InvitationOpen(one.Id, one.Status, one.SentOn));
    }

    /// <summary>Some people with an account whom a batch invites to a subscription, each with its row, in the order of the file.</summary>
    public async Task<IReadOnlyList<(int Line, Guid Person, BatchTarget Target)>> WithAccount(Guid batchId, int after, int atMost, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<(int Line, Guid Person, Guid? App, Guid? Subscription, string? Role)>(new CommandDefinition(
            """
            select line, invitee_id, app_id, subscription_id, role from invitation_batch_rows
            where batch_id = @batchId and line > @after and state = 'read' and is_existing and subscription_id is not null order by line limit @atMost
            """,
            new { batchId, after, atMost }, cancellationToken: ct))).Select(row => (row.Line, row.Person, new BatchTarget(row.App, row.Subscription, row.Role)))];
    }

    /// <summary>Keeps rows of a file that is being read, each with the invitation that it is to become.</summary>
    public async Task Keep(Guid batchId, IReadOnlyList<BatchRow> rows, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var invitees = rows.Select(row => row.Existing ?? Guid.CreateVersion7(now)).ToArray();
        var boxes = await keys.Seal(
            [.. rows.Zip(invitees, (row, invitee) => (invitee.ToString(), new ReadOnlyMemory<byte>(JsonSerializer.SerializeToUtf8Bytes(row.Fields))))],
            Context, ct);
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into invitation_batch_rows (
                batch_id, line, invitation_id, invitee_id, is_existing, app_id, subscription_id, role, state, sealed, code, columns, reason, facts, read_at)
            select @batchId, line, invitation, invitee, existing, app, subscription, role, case when code is null then 'read' else 'failed' end,
                   box, code, columns, reason, facts::jsonb, @now
            from unnest(@lines, @invitations, @invitees, @existing, @apps, @subscriptions, @roles, @boxes, @codes, @columns, @reasons, @facts)
                as new(line, invitation, invitee, existing, app, subscription, role, box, code, columns, reason, facts)
            """,
            new
            {
                batchId, now, invitees, boxes = boxes.ToArray(),
                lines = rows.Select(row => row.Line).ToArray(),
                invitations = rows.Select(_ => Guid.CreateVersion7(now)).ToArray(),
                existing = rows.Select(row => row.Existing is not null).ToArray(),
                apps = rows.Select(row => row.Target.AppId).ToArray(),
                subscriptions = rows.Select(row => row.Target.SubscriptionId).ToArray(),
                roles = rows.Select(row => row.Target.Role).ToArray(),
                codes = rows.Select(row => row.Code).ToArray(),
                columns = rows.Select(row => row.Columns).ToArray(),
                reasons = rows.Select(row => row.Reason).ToArray(),
                facts = rows.Select(row => JsonOf(row.Facts)).ToArray(),
            },
            cancellationToken: ct));
    }

    /// <summary>
    /// Has PostgreSQL look at the rows that came in. Until autovacuum does, up to a minute later, it plans as if there were next to none, and
    /// reads all of them for each few that somebody works on.
    /// </summary>
    public async Task Analyze(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("analyze invitation_batch_rows", cancellationToken: ct));
    }

    /// <summary>Forgets the rows of a file that did not become a batch.</summary>
    public async Task Drop(Guid batchId)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from invitation_batch_rows where batch_id = @batchId", new { batchId });
    }

    /// <summary>Takes rows that are to be begun, each for one caller alone as long as the lease lasts: those that wait for a seat when no other is
    /// on its way to one, as they were shown.</summary>
    public Task<IReadOnlyList<TakenBatchRow>> Take(int atMost, CancellationToken ct) => Take(
        "running",
        """
        r.state = 'planned' and (r.plan = 'invite' or not exists (
            select from invitation_batch_rows earlier where earlier.batch_id = r.batch_id and earlier.state in ('planned', 'asked') and earlier.plan = 'invite'))
        """, "started_by", atMost, ct);

    /// <summary>Takes rows of batches that are undone, the same way.</summary>
    public Task<IReadOnlyList<TakenBatchRow>> TakeToUndo(int atMost, CancellationToken ct) =>
        Take("undoing", "(r.state = 'asked' or r.state = 'done' and r.code is null)", "ended_by", atMost, ct);

    /// <summary>What taken rows say, or null where the person is forgotten.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>?>> Open(IReadOnlyList<TakenBatchRow> rows, CancellationToken ct) =>
        [.. (await keys.Open([.. rows.Select(row => (row.InviteeId.ToString(), (ReadOnlyMemory<byte>)(row.Sealed ?? [])))], Context, ct))
            .Select(clear => clear is null ? null : FieldsOf(clear))];

    /// <summary>Notes in the commit of their invitations that rows are begun.</summary>
    public static void Begun(SqlQueue sql, IReadOnlyList<TakenBatchRow> rows) =>
        sql.Execute("select begin_batch_rows($1, $2)", rows[0].BatchId, rows.Select(row => row.Line).ToArray());

    /// <summary>Notes why a row has no invitation, unless somebody has begun it meanwhile.</summary>
    public async Task Fail(TakenBatchRow row, Refusal why, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update invitation_batch_rows set state = 'failed', code = @Code, reason = @Detail, columns = @column, facts = @facts::jsonb
            where batch_id = @BatchId and line = @Line and state = 'planned'
            """,
            new { row.BatchId, row.Line, why.Code, why.Detail, column = why is EmailTaken or InvitationOpen ? "email" : null, facts = JsonOf(why.Facts) },
            cancellationToken: ct));
    }

    /// <summary>Ends the lease of rows that could not be begun, but for those that somebody has begun meanwhile.</summary>
    public async Task GiveBack(IReadOnlyList<TakenBatchRow> rows, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "update invitation_batch_rows set taken_until = null where batch_id = @batchId and line = any(@lines) and state = 'planned'",
            new { batchId = rows[0].BatchId, lines = rows.Select(row => row.Line).ToArray() }, cancellationToken: ct));
    }

    /// <summary>Notes in the commit of an answer what became of its rows; nothing is kept of those that are done.</summary>
    public static void Answered(SqlQueue sql, InvitationsAnswered answer)
    {
        sql.Execute(
            "update invitation_batch_rows set state = 'done', sealed = null where invitation_id = any($1) and state = 'asked'",
            answer.Admitted.Concat(answer.Waitlisted).ToArray());
        if (answer.Refused.Count == 0)
            return;
        sql.Execute(
            """
            update invitation_batch_rows r set state = 'failed', code = no.code, reason = no.reason, facts = no.facts::jsonb
            from unnest($1, $2, $3, $4) as no(id, code, reason, facts)
            where r.invitation_id = no.id and r.state = 'asked'
            """,
            answer.Refused.ToArray(), answer.Codes.ToArray(), answer.Details.ToArray(),
            answer.Refused.Select((_, n) => JsonOf(CheckBatch.FactsAt(n, answer.Facts))).ToArray());
    }

    /// <summary>Notes in the commit of a revocation that rows are undone, or why they are not.</summary>
    public static void Undone(SqlQueue sql, Guid batchId, int[] undone, int[] kept)
    {
        sql.Execute("update invitation_batch_rows set state = 'undone', sealed = null where batch_id = $1 and line = any($2)", batchId, undone);
        sql.Execute(
            "update invitation_batch_rows set code = 'accepted', reason = 'It was accepted before the batch was undone.' where batch_id = $1 and line = any($2)",
            batchId, kept);
    }

    /// <summary>The running batches that have no row left to do, and what came of their rows.</summary>
    public async Task<IReadOnlyList<(Guid Id, Guid OrganizationId, int Done, int Failed)>> Finished(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<(Guid, Guid, int, int)>(new CommandDefinition(
            """
            with finished as materialized (
                select b.id, b.organization_id from invitation_batches b
                where b.status = 'running' and not exists (
                    select from invitation_batch_rows open where open.batch_id = b.id and open.state in ('read', 'planned', 'asked')))
            select b.id, b.organization_id, (count(*) filter (where r.state = 'done'))::int, (count(*) filter (where r.state = 'failed'))::int
            from finished b join invitation_batch_rows r on r.batch_id = b.id
            group by b.id, b.organization_id
            """, cancellationToken: ct))];
    }

    /// <summary>The batches that are undone and have no row left to take back.</summary>
    public async Task<IReadOnlyList<(Guid Id, Guid OrganizationId)>> Undone(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<(Guid, Guid)>(new CommandDefinition(
            """
            select b.id, b.organization_id from invitation_batches b
            where b.status = 'undoing' and not exists (
                select from invitation_batch_rows open where open.batch_id = b.id
                and (open.state in ('read', 'planned', 'asked') or open.state = 'done' and open.code is null))
            """, cancellationToken: ct))];
    }

    /// <summary>The batches that were ready for longer than they may be, and whether it is an approval that they wait for.</summary>
    public async Task<IReadOnlyList<(Guid Id, Guid OrganizationId, bool AwaitsApproval)>> Overdue(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<(Guid, Guid, bool)>(new CommandDefinition(
            "select id, organization_id, approval is not null from invitation_batches where status = 'ready' and ready_until <= @now",
            new { now = clock.GetUtcNow() }, cancellationToken: ct))];
    }

    /// <summary>Ends the rows of batches that are over and that nobody works on.</summary>
    public async Task EndRows(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update invitation_batch_rows r set state = 'cancelled', sealed = null
            where r.batch_id = any(array(select id from invitation_batches where status in ('cancelled', 'undoing')))
            and r.state in ('read', 'planned') and (r.taken_until is null or r.taken_until <= @now)
            """, new { now = clock.GetUtcNow() }, cancellationToken: ct));
    }

    /// <summary>Forgets the rows of uploads that broke off, and what nobody corrects any more.</summary>
    public async Task Forget(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from invitation_batch_rows r
            where r.state in ('read', 'failed') and r.read_at < @abandoned and not exists (select from invitation_batches b where b.id = r.batch_id);
            update invitation_batch_rows set sealed = null where state = 'failed' and sealed is not null and read_at < @old
            """, new { abandoned = now - LongestUpload, old = now - Correctable }, cancellationToken: ct));
    }

    private async Task<IReadOnlyList<TakenBatchRow>> Take(string status, string which, string by, int atMost, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<TakenBatchRow>(new CommandDefinition(
            $"""
            update invitation_batch_rows r set taken_until = @until from invitation_batches b
            -- By their places, where they are locked: however little is known of the table, that is never a scan for each.
            where b.id = r.batch_id and r.ctid = any(array(
                select r.ctid from (select id from invitation_batches where status = '{status}' order by id) b cross join lateral (
                    select r.ctid from invitation_batch_rows r
                    where r.batch_id = b.id and {which} and (r.taken_until is null or r.taken_until <= @now)
                    order by r.line limit @atMost for update skip locked) r
                limit @atMost))
            returning r.batch_id, r.line, b.organization_id, b.way, r.invitation_id, r.invitee_id, r.is_existing, r.app_id, r.subscription_id,
                      r.role, r.plan, r.sealed, b.{by} as by, b.invited_by_role as by_role, coalesce(b.approval = 'approved', false) as is_approved
            """, new { now, until = now + Lease, atMost }, cancellationToken: ct))).OrderBy(row => row.Line)];
    }

    /// <summary>Facts as tables keep them.</summary>
    public static string? JsonOf(IReadOnlyDictionary<string, string>? facts) => facts is null ? null : JsonSerializer.Serialize(facts);

    /// <summary>Facts as tables keep them, read again.</summary>
    public static IReadOnlyDictionary<string, string>? FactsOf(string? json) => json is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(json);

    private static Dictionary<string, string> FieldsOf(byte[] clear) => JsonSerializer.Deserialize<Dictionary<string, string>>(clear)!;

    private static DynamicParameters Asks(CurrentUser caller, object more)
    {
        var asked = new DynamicParameters(more);
        asked.AddDynamicParams(new { Caller = caller.Id, caller.IsSystemAdmin, Bulk = new[] { BulkInvite, Founder } });
        return asked;
    }
}
