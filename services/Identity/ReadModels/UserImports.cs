using System.Text.Json;
using Dapper;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Identity.ReadModels;

/// <summary>How far an import has come.</summary>
/// <param name="Id">The import.</param>
/// <param name="Status">running, finished or cancelled.</param>
/// <param name="Total">How many rows the file has.</param>
/// <param name="Done">How many of them have their account.</param>
/// <param name="Failed">How many have none, for the reasons in the report.</param>
/// <param name="SendInvitation">The choice that was made at the upload.</param>
/// <param name="StartedBy">Who uploaded it.</param>
/// <param name="StartedAt">When the file was read to its end.</param>
/// <param name="EndedAt">When it was finished or cancelled.</param>
internal sealed record UserImportProgress(
    Guid Id, string Status, long Total, long Done, long Failed, bool SendInvitation, Guid StartedBy, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

/// <summary>What came of a row; the user only when there is an account.</summary>
internal sealed record ImportReportRow(int Line, string State, Guid? UserId, string? Code, string? Columns, string? Reason);

/// <summary>A row that somebody works on; <c>StartedBy</c> is who uploaded its file.</summary>
internal sealed record TakenRow(Guid ImportId, int Line, Guid UserId, byte[] Sealed, Guid StartedBy, bool SendInvitation);

/// <summary>Imports of users and their rows (INV-17).</summary>
internal sealed class UserImports(PostgresEventStore store, SubjectKeys keys, TimeProvider clock)
{
    /// <summary>How long whoever took rows has for them: if it died, another takes them after that.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private const string Context = "import row";

    // An upload that broke off with its process leaves its rows, and so does a file that was looked at and not committed.
    private static readonly TimeSpan LongestUpload = TimeSpan.FromDays(1);

    // No commit is so slow that it meets the sweep.
    private static readonly TimeSpan SparedBefore = TimeSpan.FromMinutes(10);

    private sealed record Content(PersonDetails Details, Role SystemRole);

    public async Task<UserImportProgress?> Progress(Guid id, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<UserImportProgress>(new CommandDefinition(
            """
            select i.id, i.status, count(r) as "Total", count(r) filter (where r.state = 'done') as "Done",
                   count(r) filter (where r.state = 'failed') as "Failed", i.send_invitation as "SendInvitation", i.started_by as "StartedBy",
                   i.started_at as "StartedAt", i.ended_at as "EndedAt"
            from user_imports i left join user_import_rows r on r.import_id = i.id where i.id = @id group by i.id
            """, new { id }, cancellationToken: ct));
    }

    /// <summary>The rows in the order of the file, a few at a time, each as it is when its turn comes.</summary>
    public async IAsyncEnumerable<ImportReportRow> Report(
        Guid id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        const int AtOnce = 1000;
        IReadOnlyList<ImportReportRow> some;
        for (var after = 0; ; after = some[^1].Line)
        {
            await using (var connection = await store.Database.OpenConnectionAsync(ct))
            {
                some = [.. await connection.QueryAsync<ImportReportRow>(new CommandDefinition(
                    """
                    select line, state, case when state = 'done' then user_id end as "UserId", code, columns, reason
                    from user_import_rows where import_id = @id and line > @after order by line limit @AtOnce
                    """, new { id, after, AtOnce }, cancellationToken: ct))];
            }

            foreach (var row in some)
                yield return row;
            if (some.Count < AtOnce)
                yield break;
        }
    }

    /// <summary>Keeps rows of a file that is being read: what is right to be done, what is wrong as failed and without what it says.</summary>
    public async Task Keep(Guid importId, IReadOnlyList<ImportRow> rows, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var ids = rows.Select(_ => Guid.CreateVersion7(now)).ToArray();
        var boxes = new byte[]?[rows.Count];
        var right = Enumerable.Range(0, rows.Count).Where(n => rows[n].Errors.Count == 0).ToArray();
        var closed = await keys.Seal(
            [.. right.Select(n => (ids[n].ToString(), new ReadOnlyMemory<byte>(JsonSerializer.SerializeToUtf8Bytes(new Content(rows[n].Details, rows[n].SystemRole)))))],
            Context, ct);
        foreach (var (n, box) in right.Zip(closed))
            boxes[n] = box;
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into user_import_rows (import_id, line, user_id, state, sealed, code, columns, reason, read_at)
            select @importId, line, user_id, case when sealed is null then 'failed' else 'waiting' end, sealed,
                   case when sealed is null then 'validation-failed' end, columns, reason, @now
            from unnest(@lines, @ids, @boxes, @columns, @reasons) as new(line, user_id, sealed, columns, reason)
            """,
            new
            {
                importId, now, ids, boxes,
                lines = rows.Select(row => row.Line).ToArray(),
                columns = rows.Select(row => Joined(row.Errors.Select(e => e.Column).OfType<string>().Distinct(StringComparer.Ordinal))).ToArray(),
                reasons = rows.Select(row => Joined(row.Errors.Select(e => e.Reason))).ToArray(),
            },
            cancellationToken: ct));
    }

    /// <summary>How many rows of a file that was looked at are kept; none any more when they are about to be forgotten.</summary>
    public async Task<int> Kept(Guid importId, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select case when min(read_at) > @since then count(*) else 0 end from user_import_rows where import_id = @importId",
            new { importId, since = clock.GetUtcNow() - LongestUpload + SparedBefore }, cancellationToken: ct));
    }

    /// <summary>Forgets the rows of a file that did not become an import.</summary>
    public async Task Drop(Guid importId)
    {
        await using var connection = await store.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from user_import_rows where import_id = @importId", new { importId });
    }

    /// <summary>Takes rows that wait, each for one caller alone as long as the lease lasts.</summary>
    public async Task<IReadOnlyList<TakenRow>> Take(int atMost, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<TakenRow>(new CommandDefinition(
            """
            update user_import_rows r set taken_until = @until from user_imports i
            -- By their places, where they are locked: however little is known of the table, that is never a scan for each.
            where i.id = r.import_id and r.ctid = any(array(
                select r.ctid from (select id from user_imports where status = 'running' order by id) i cross join lateral (
                    select r.ctid from user_import_rows r
                    where r.import_id = i.id and r.state = 'waiting' and (r.taken_until is null or r.taken_until <= @now)
                    order by r.line limit @atMost for update skip locked) r
                limit @atMost))
            returning r.import_id as "ImportId", r.line, r.user_id as "UserId", r.sealed, i.started_by as "StartedBy", i.send_invitation as "SendInvitation"
            """, new { now, until = now + Lease, atMost }, cancellationToken: ct))];
    }

    /// <summary>What a taken row says, or null when its person is forgotten.</summary>
    public async Task<(PersonDetails Details, Role SystemRole)?> Open(TakenRow row, CancellationToken ct) =>
        await keys.Open(row.UserId.ToString(), row.Sealed, Context, ct) is { } clear && JsonSerializer.Deserialize<Content>(clear) is { } content
            ? (content.Details, content.SystemRole)
            : null;

    /// <summary>The users that waiting rows with one of these addresses are to become.</summary>
    public async Task<IReadOnlyList<Guid>> Awaited(IReadOnlyCollection<string> emailKeys, CancellationToken ct)
    {
        const int AtOnce = 1000;
        var found = new List<Guid>();
        IReadOnlyList<(Guid Import, int Line, Guid User, byte[] Sealed)> some;
        for (var (import, line) = (Guid.Empty, 0); ; (import, line, _, _) = some[^1])
        {
            await using (var connection = await store.Database.OpenConnectionAsync(ct))
            {
                some = [.. await connection.QueryAsync<(Guid, int, Guid, byte[])>(new CommandDefinition(
                    """
                    select import_id, line, user_id, sealed from user_import_rows
                    where state = 'waiting' and (import_id, line) > (@import, @line) order by import_id, line limit @AtOnce
                    """, new { import, line, AtOnce }, cancellationToken: ct))];
            }

            var opened = await keys.Open([.. some.Select(row => (row.User.ToString(), (ReadOnlyMemory<byte>)row.Sealed))], Context, ct);
            found.AddRange(some.Zip(opened)
                .Where(row => row.Second is { } clear && emailKeys.Contains(Users.KeyOf(JsonSerializer.Deserialize<Content>(clear)!.Details.Email)))
                .Select(row => row.First.User));
            if (some.Count < AtOnce)
                return found;
        }
    }

    /// <summary>Notes in the commit of a registration that its row is done.</summary>
    public static void Done(SqlQueue sql, TakenRow row) => sql.Execute(
        "update user_import_rows set state = 'done', sealed = null where import_id = $1 and line = $2", row.ImportId, row.Line);

    /// <summary>Notes why a row has no account, unless somebody has done it meanwhile.</summary>
    public async Task Fail(TakenRow row, Refusal why, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update user_import_rows set state = 'failed', sealed = null, code = @Code, reason = @Detail, columns = @column
            where import_id = @ImportId and line = @Line and state = 'waiting'
            """,
            new { row.ImportId, row.Line, why.Code, why.Detail, column = why is EmailTaken ? "email" : why is UsernameTaken ? "username" : null },
            cancellationToken: ct));
    }

    /// <summary>The running imports that have no row left to do, and what came of their rows.</summary>
    public async Task<IReadOnlyList<(Guid Id, int Done, int Failed)>> Ready(CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<(Guid, int, int)>(new CommandDefinition(
            """
            select i.id, (count(*) filter (where r.state = 'done'))::int, (count(*) filter (where r.state = 'failed'))::int
            from user_imports i join user_import_rows r on r.import_id = i.id
            where i.status = 'running' and not exists (select from user_import_rows w where w.import_id = i.id and w.state = 'waiting')
            group by i.id
            """, cancellationToken: ct))];
    }

    /// <summary>Ends the rows of cancelled imports that nobody works on, and forgets those of uploads that broke off or were only looked at.</summary>
    public async Task Sweep(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update user_import_rows r set state = 'cancelled', sealed = null from user_imports i
            where i.id = r.import_id and i.status = 'cancelled' and r.state = 'waiting' and (r.taken_until is null or r.taken_until <= @now);
            delete from user_import_rows r where r.import_id in (
                select w.import_id from user_import_rows w
                where w.state = 'waiting' and w.read_at < @before and not exists (select from user_imports i where i.id = w.import_id))
            """, new { now, before = now - LongestUpload }, cancellationToken: ct));
    }

    /// <summary>Which of these addresses have an account.</summary>
    public async Task<IReadOnlySet<string>> Known(IEnumerable<string> emails, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            "select email_key from users where email_key = any(@addresses)", new { addresses = emails.Select(Users.KeyOf).ToArray() },
            cancellationToken: ct))).ToHashSet(StringComparer.Ordinal);
    }

    private static string? Joined(IEnumerable<string> parts) => string.Join(' ', parts) is { Length: > 0 } text ? text : null;

    /// <summary>Writes the table of imports.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            switch (happened.Data)
            {
                case UserImportEvent.Started e:
                    sql.Execute(
                        "insert into user_imports (id, status, started_by, started_at, send_invitation) values ($1, 'running', $2, $3, $4)",
                        e.ImportId, e.By, happened.Timestamp, e.SendInvitation);
                    break;
                case UserImportEvent.Finished e:
                    sql.Execute("update user_imports set status = 'finished', ended_at = $2 where id = $1", e.ImportId, happened.Timestamp);
                    break;
                case UserImportEvent.Cancelled e:
                    sql.Execute("update user_imports set status = 'cancelled', ended_at = $2 where id = $1", e.ImportId, happened.Timestamp);
                    break;
            }
        }
    }
}
