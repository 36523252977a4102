using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;
using InviteHub.Invitations.Sagas;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Features;

/// <summary>A running batch with no row left is finished (INV-20).</summary>
internal static class FinishBatch
{
    public sealed record Command(int Done, int Failed);

    public static Decision<InvitationBatchEvent> Decide(InvitationBatch batch, Command c) => batch.Status == BatchStatus.Running
        ? new InvitationBatchEvent.Finished(c.Done, c.Failed)
        : Nothing.Happened;
}

/// <summary>
/// Makes the invitations of a batch's rows, and takes them back when it is undone. Each row has its invitation's id since it was read, and some
/// begin together, in one commit with their rows: a row that two do is one stream, and whoever dies leaves rows that another takes when the lease
/// is over.
/// </summary>
internal sealed class BatchWorker(PostgresEventStore store, InvitationBatches batches, InvitationPolicies policies, TimeProvider clock, ILogger<BatchWorker> log)
    : RecurringWork(TimeSpan.FromSeconds(1), clock, log)
{
    private const int AtOnce = 800;
    private const int InOneCommit = 200;
    private const int SideBySide = 4;
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);
    private long? _forgotAt;

    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        var rows = await batches.Take(AtOnce, ct);
        await SideBySideDo(rows.GroupBy(row => (row.BatchId, row.AppId, row.SubscriptionId, row.Role, row.Plan)), Begin, ct);
        if (rows.Count > 0)
            return TimeSpan.Zero;

        var undone = await batches.TakeToUndo(AtOnce, ct);
        await SideBySideDo(undone.GroupBy(row => row.BatchId), Undo, ct);
        if (undone.Count > 0)
            return TimeSpan.Zero;

        foreach (var (id, organization, done, failed) in await batches.Finished(ct))
            await Settle(organization, id, batch => FinishBatch.Decide(batch, new(done, failed)), ct);
        foreach (var (id, organization) in await batches.Undone(ct))
            await Settle(organization, id, FinishUndo.Decide, ct);
        foreach (var (id, organization, awaitsApproval) in await batches.Overdue(ct))
            await Settle(organization, id, batch => LapseBatch.Decide(batch, new(awaitsApproval)), ct);
        await batches.EndRows(ct);
        if (_forgotAt is null || Clock.GetElapsedTime(_forgotAt.Value) >= ForgetEvery)
        {
            await batches.Forget(ct);
            _forgotAt = Clock.GetTimestamp();
        }

        return Every;
    }

    /// <summary>Begins the invitations of rows to one thing, or notes why one has none; does nothing with what is begun already.</summary>
    internal async Task Begin(IReadOnlyList<TakenBatchRow> rows, CancellationToken ct)
    {
        var asked = await Ask(rows, ct);
        if (asked.Count == 0)
            return;
        var first = asked[0].Row;
        var session = store.OpenSession(Metadata(first));
        foreach (var (row, requested) in asked)
        {
            session.StartStream<Invitation, InvitationEvent>(Invitation.Stream(row.OrganizationId, row.InvitationId)).AppendOne(requested);
            session.SaveSaga(row.InvitationId, new InviteSaga { CorrelationId = row.InvitationId }, version: 0);
        }

        session.StartStream<BatchChunk, BatchChunkEvent>(BatchChunk.Stream(first.OrganizationId, Guid.CreateVersion7(Clock.GetUtcNow()))).AppendOne(
            new BatchChunkEvent.Requested(
                first.BatchId, first.OrganizationId, asked[0].Requested.Way, new(first.AppId, first.SubscriptionId, first.Role), first.Plan == "wait",
                [.. asked.Select(one => one.Row.InvitationId)], [.. asked.Select(one => one.Requested.InviteeId)], first.By, first.ByRole));
        InvitationBatches.Begun(session.Sql, [.. asked.Select(one => one.Row)]);
        try
        {
            await session.SaveChanges(ct);
        }
        catch (UniqueRuleException broken) when (broken.Constraint is InvitationList.OneOpenInvitation or HourlyInvitations.Limit)
        {
            // One of them was invited elsewhere meanwhile, or is one too many for the hour: which, shows when each begins by itself.
            if (asked.Count == 1)
                await batches.Fail(first, broken.Constraint == HourlyInvitations.Limit ? await policies.LimitReached(first.OrganizationId, ct) : await Open(asked[0].Requested, ct), ct);
            else
                await Parallel.ForEachAsync(asked.Select(one => one.Row), ct, async (row, token) => await Begin([row], token));
        }
        catch (ConcurrencyConflictException)
        {
            // Somebody else has begun some of them, or the batch was cancelled, or it was a deadlock of two batches with the same people.
            await batches.GiveBack([.. asked.Select(one => one.Row)], ct);
        }
    }

    /// <summary>Revokes the invitations of rows of one batch; an accepted one stays, and one that is being accepted is looked at again.</summary>
    internal Task Undo(IReadOnlyList<TakenBatchRow> rows, CancellationToken ct) => store.Transact(
        Metadata(rows[0]),
        async session =>
        {
            await session.FetchForWriting<Invitation, InvitationEvent>([.. rows.Select(row => Invitation.Stream(row.OrganizationId, row.InvitationId))], ct);
            var (undone, kept) = (new List<int>(), new List<int>());
            foreach (var row in rows)
            {
                var outcome = await session.Decide<Invitation, InvitationEvent>(
                    Invitation.Stream(row.OrganizationId, row.InvitationId),
                    invitation => RevokeInvitation.Decide(invitation, new(row.By, Clock.GetUtcNow())), ct);
                if (outcome.State.Status == InvitationStatus.Accepted)
                    kept.Add(row.Line);
                else if (outcome.State.Status != InvitationStatus.Registering)
                    undone.Add(row.Line);
            }

            InvitationBatches.Undone(session.Sql, rows[0].BatchId, [.. undone], [.. kept]);
            return true;
        },
        ct);

    /// <summary>The rows that may begin, each with what is asked for; the others are noted as failed.</summary>
    private async Task<List<(TakenBatchRow Row, InvitationEvent.Requested Requested)>> Ask(IReadOnlyList<TakenBatchRow> rows, CancellationToken ct)
    {
        var now = Clock.GetUtcNow();
        var read = rows.Zip(await batches.Open(rows, ct), (row, fields) => (
            Row: row,
            Details: fields is null ? null : BatchFile.Read(
                row.Line, fields, new(row.OrganizationId, row.Way, row.AppId, row.SubscriptionId, row.Role),
                DateOnly.FromDateTime(now.UtcDateTime)).Details)).ToArray();
        var policy = await policies.Of(rows[0].OrganizationId, new CurrentUser(rows[0].By, Guid.Empty, rows[0].ByRole), ct);
        var people = await batches.People(read.Select(one => one.Details?.Email?.Key).OfType<string>(), ct);
        var asked = new List<(TakenBatchRow, InvitationEvent.Requested)>();
        foreach (var (row, details) in read)
        {
            var person = details?.Email is { } email ? people.GetValueOrDefault(email.Key) : null;
            var no = details is null ? new BatchRowErased()
                : person is not null != row.IsExisting || (person is not null && person.UserId != row.InviteeId) ? new PersonChangedSince()
                : policy.RequiresApproval && !row.IsApproved ? new NotApproved() : (Refusal?)null;
            var decision = no is null
                ? CreateInvitation.Decide(Invitation.Initial, new(row.InvitationId, details!, person, row.InviteeId, row.By, row.ByRole, now)
                {
                    // The batch was approved as a whole.
                    Policy = policy with { RequiresApproval = false },
                })
                : no;
            if (decision.Refusal is { } refusal)
                await batches.Fail(row, refusal, ct);
            else
                asked.Add((row, (InvitationEvent.Requested)decision.Events[0] with { BatchId = row.BatchId }));
        }

        return asked;
    }

    private async Task<InvitationOpen> Open(InvitationEvent.Requested asked, CancellationToken ct) =>
        (await batches.OpenInvitations(asked.OrganizationId, [(InvitationList.ScopeOf(asked), InvitationList.KeyOf(asked.Email))], ct)).Values.FirstOrDefault() ?? new();

    private static Task SideBySideDo<TKey>(
        IEnumerable<IGrouping<TKey, TakenBatchRow>> groups, Func<IReadOnlyList<TakenBatchRow>, CancellationToken, Task> work, CancellationToken ct) =>
        Parallel.ForEachAsync(
            groups.SelectMany(group => group.Chunk(InOneCommit)), new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ct },
            async (some, token) => await work(some, token));

    private Task<Outcome<InvitationBatch>> Settle(Guid organization, Guid id, Func<InvitationBatch, Decision<InvitationBatchEvent>> decide, CancellationToken ct) => store.Transact(
        new EventMetadata(CorrelationId: id.ToString()),
        session => session.Decide<InvitationBatch, InvitationBatchEvent>(InvitationBatch.Stream(organization, id), decide, ct), ct);

    private static EventMetadata Metadata(TakenBatchRow row) => new(
        row.BatchId.ToString(), $"line {row.Line}",
        new Dictionary<string, string>(StringComparer.Ordinal) { [EventMetadata.UserId] = row.By.ToString() });
}
