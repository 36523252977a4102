using System.Security.Cryptography;
using System.Text;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;

namespace InviteHub.Identity.Features;

/// <summary>A run with nobody left to invite is finished (INV-14); one whose users were tried first is ready (INV-24).</summary>
internal static class FinishInvitationRun
{
    public sealed record Command(SettledRun Settled);

    public static Decision<InvitationRunEvent> Decide(InvitationRun run, Command c) => run switch
    {
        { Status: not InvitationRunStatus.Running } => Nothing.Happened,
        { IsTrial: true } => new InvitationRunEvent.Checked(c.Settled.Id, c.Settled.Planned, c.Settled.Failed),
        _ => new InvitationRunEvent.Finished(c.Settled.Id, c.Settled.Done, c.Settled.Failed),
    };
}

/// <summary>
/// Invites the users who were chosen together, or tries them. What came of each is noted in the commit of their invitation, whose id is made
/// of the run's and theirs: whom two invite is invited once, and whoever dies leaves users whom another takes when the lease is over.
/// </summary>
internal sealed class InvitationWorker(PostgresEventStore store, InvitationRuns runs, UsersDirectory directory, TimeProvider clock, ILogger<InvitationWorker> log)
    : RecurringWork(TimeSpan.FromSeconds(1), clock, log)
{
    private const int AtOnce = 100;
    private const int SideBySide = 8;

    /// <summary>Does what nobody else does of one run, and finishes it if nothing is left.</summary>
    public async Task Do(Guid run, CancellationToken ct)
    {
        for (var more = true; more;)
            more = await Some(run, ct);
        await Finish(run, ct);
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        if (await Some(run: null, ct))
            return TimeSpan.Zero;
        await Finish(run: null, ct);
        await runs.Sweep(ct);
        return Every;
    }

    /// <summary>Invites somebody, or notes why not; does nothing when it was done already.</summary>
    internal async Task Invite(TakenInvitation row, InvitationWishes wishes, string? undeliverable, CancellationToken ct)
    {
        var command = new InviteUsers.Command(IdOf(row.RunId, row.UserId), InviteUsers.Account, row.Channel, row.AskedBy, row.AskedByRole)
        {
            OneTimePasswordUntil = row.OneTimePassword ? Clock.GetUtcNow() + InviteUsers.OneTimePasswordIsGoodFor : null, Wishes = wishes,
            Undeliverable = undeliverable,
        };
        try
        {
            await store.Transact(
                new EventMetadata(
                    row.RunId.ToString(), Headers: new Dictionary<string, string>(StringComparer.Ordinal) { [EventMetadata.UserId] = row.AskedBy.ToString() }),
                async session =>
                {
                    var user = await session.FetchForWriting<User, UserEvent>(User.Stream(row.UserId), ct);
                    var decision = InviteUsers.Decide(user.Aggregate, command);
                    if (!row.IsTrial)
                        user.AppendMany(decision.Events);
                    InvitationRuns.Settle(session.Sql, row, decision.Refusal);
                    return true;
                },
                ct);
        }
        catch (ConcurrencyConflictException)
        {
            // So much happens to the user that it is tried again when the lease ends.
        }
    }

    private async Task<bool> Some(Guid? run, CancellationToken ct)
    {
        var rows = await runs.Take(run, AtOnce, ct);
        if (rows.Count == 0)
            return false;
        Guid[] users = [.. rows.Select(row => row.UserId)];
        var (wishes, undeliverable) = (await directory.Wishes(users, ct), await directory.Undeliverable(users, ct));
        await Parallel.ForEachAsync(
            rows, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ct },
            async (row, token) => await Invite(
                row, wishes.GetValueOrDefault(row.UserId, InvitationWishes.None), undeliverable.GetValueOrDefault(row.UserId), token));
        return true;
    }

    private async Task Finish(Guid? run, CancellationToken ct)
    {
        foreach (var settled in await runs.Settled(run, ct))
        {
            await store.Transact(
                new EventMetadata(CorrelationId: settled.Id.ToString()),
                session => session.Decide<InvitationRun, InvitationRunEvent>(
                    InvitationRun.Stream(settled.Id), state => FinishInvitationRun.Decide(state, new(settled)), ct), ct);
        }
    }

    /// <summary>The one invitation that a run makes for a user: a UUID version 7 of the run's time (RFC 9562).</summary>
    private static Guid IdOf(Guid run, Guid user)
    {
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{run} {user}"), id);
        run.ToByteArray(bigEndian: true).AsSpan(0, 6).CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
