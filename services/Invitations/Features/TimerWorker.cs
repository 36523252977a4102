using System.Collections.Concurrent;
using System.Diagnostics;
using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;

namespace InviteHub.Invitations.Features;

/// <summary>
/// Does what time does to invitations (INV-22): several instances share the work, and what one had in its hands when it died another does a
/// minute later. A backlog of any length delays nobody: an instance takes a few timers at a time, rests as long as it worked, and takes no
/// more before the seats of those that it ended came back, so that no queue between here and Subscriptions ever holds more than these.
/// </summary>
internal sealed class TimerWorker(PostgresEventStore store, DueTimers timers, TimeProvider clock, ILogger<TimerWorker> log)
    : RecurringWork(TimeSpan.FromSeconds(5), clock, log)
{
    private const int AtOnce = 100;
    private const int InParallel = 4;
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(5);

    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        return await Sweep(ct) == AtOnce ? Stopwatch.GetElapsedTime(began) : Every;
    }

    /// <summary>Does some of what is due.</summary>
    /// <returns>How many timers were taken.</returns>
    internal async Task<int> Sweep(CancellationToken ct)
    {
        var due = await timers.Take(AtOnce, ct);
        var ended = new ConcurrentBag<StreamId>();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = InParallel, CancellationToken = ct }, async (timer, _) =>
        {
            try
            {
                if (await Fire(timer, ct) is { IsWithdrawn: true })
                    ended.Add(Invitation.Stream(timer.OrganizationId, timer.InvitationId));
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // It comes up again when its lease is over; the others don't wait for it.
                Log.LogWarning(e, "A timer of invitation {InvitationId} failed", timer.InvitationId);
            }
        });

        var since = Clock.GetTimestamp();
        foreach (var stream in ended)
            await store.WaitFor<Invitation, InvitationEvent>(stream, invitation => invitation.IsSettled, LongestSettling - Clock.GetElapsedTime(since), ct);
        return due.Count;
    }

    private Task<Invitation> Fire(InvitationTimer timer, CancellationToken ct) => store.Transact(
        new EventMetadata(CorrelationId: timer.InvitationId.ToString()),
        async session =>
        {
            var now = Clock.GetUtcNow();
            var outcome = await session.Decide<Invitation, InvitationEvent>(
                Invitation.Stream(timer.OrganizationId, timer.InvitationId),
                invitation => timer.DaysBefore == 0
                    ? ExpireInvitation.Decide(invitation, now)
                    : RemindInvitee.Decide(invitation, new(timer.DaysBefore, timer.UsefulUntil, now)),
                ct);
            // While somebody registers nothing is decided: if that comes to nothing, the invitation is open again, and its time may be up.
            if (outcome.State.Status is not InvitationStatus.Registering)
                DueTimers.Done(session.Sql, timer);
            return outcome.State;
        },
        ct);
}
