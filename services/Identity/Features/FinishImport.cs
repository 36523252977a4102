using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Features;

/// <summary>An import with no row left is finished (INV-17).</summary>
internal static class FinishImport
{
    public sealed record Command(Guid ImportId, int Done, int Failed);

    public static Decision<UserImportEvent> Decide(UserImport import, Command c) => import.Status == UserImportStatus.Running
        ? new UserImportEvent.Finished(c.ImportId, c.Done, c.Failed)
        : Nothing.Happened;
}

/// <summary>
/// Makes the accounts of imported rows. Each has its user's id since it was read, and is marked as done in the commit of the registration: a
/// row that two do is one stream, and whoever dies leaves rows that another takes when the lease is over.
/// </summary>
internal sealed class ImportWorker(PostgresEventStore store, UserImports imports, TimeProvider clock, ILogger<ImportWorker> log)
    : RecurringWork(TimeSpan.FromSeconds(1), clock, log)
{
    private const int AtOnce = 100;
    private const int SideBySide = 4;

    /// <inheritdoc/>
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        var rows = await imports.Take(AtOnce, ct);
        await Parallel.ForEachAsync(
            rows, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ct }, async (row, token) => await Register(row, token));
        if (rows.Count > 0)
            return TimeSpan.Zero;
        foreach (var (id, done, failed) in await imports.Ready(ct))
        {
            await store.Transact(
                new EventMetadata(CorrelationId: id.ToString()),
                session => session.Decide<UserImport, UserImportEvent>(
                    UserImport.Stream(id), import => FinishImport.Decide(import, new(id, done, failed)), ct), ct);
        }

        await imports.Sweep(ct);
        return Every;
    }

    /// <summary>Makes the account of a row, or notes why it has none; does nothing when the row is done already.</summary>
    internal async Task Register(TakenRow row, CancellationToken ct)
    {
        try
        {
            if ((await imports.Open(row, ct) is { } content ? await Add(row, content.Details, content.SystemRole, ct) : new ImportRowErased()) is { } refusal)
                await imports.Fail(row, refusal, ct);
        }
        catch (UniqueRuleException broken) when (Users.Taken(broken) is { } taken)
        {
            await imports.Fail(row, taken, ct);
        }
        catch (ConcurrencyConflictException)
        {
            // Somebody else has done it; or, if that was about another stream, the lease ends and it is tried again.
        }
    }

    private Task<Refusal?> Add(TakenRow row, PersonDetails details, Role systemRole, CancellationToken ct) => store.Transact(
        new EventMetadata(
            row.ImportId.ToString(), $"line {row.Line}",
            new Dictionary<string, string>(StringComparer.Ordinal) { [EventMetadata.UserId] = row.StartedBy.ToString() }),
        async session =>
        {
            var invitation = row.SendInvitation
                ? new InviteUsers.Command(Guid.CreateVersion7(Clock.GetUtcNow()), InviteUsers.Account, InviteUsers.Email, row.StartedBy, CurrentUser.SystemAdmin)
                : null;
            var refusal = await AddUser.Add(session, new(row.UserId, details, PasswordHash: null, systemRole, RegisteredBy.Import, invitation), ct);
            if (refusal is null)
                UserImports.Done(session.Sql, row);
            return refusal;
        },
        ct);
}
