using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;

namespace InviteHub.Invitations.Features;

/// <summary>An open invitation whose time is up ends, and its seat comes back (INV-22).</summary>
internal static class ExpireInvitation
{
    public static Decision<InvitationEvent> Decide(Invitation invitation, DateTimeOffset now) => invitation switch
    {
        { Status: InvitationStatus.Pending, Link.ExpiresAt: var end } when now >= end => new InvitationEvent.Expired(now),
        // Accepted, revoked or given more time meanwhile: a timer that comes late finds that it does not matter any more.
        _ => Nothing.Happened,
    };
}

/// <summary>Looks for invitations whose time is up. Several instances may: the invitation itself says who was first.</summary>
internal sealed class ExpiryWorker(PostgresEventStore store, InvitationQueries queries, TimeProvider clock, ILogger<ExpiryWorker> log) : BackgroundService
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(t => t.IsCompletedSuccessfully && t.Result, TaskScheduler.Default))
        {
            try
            {
                foreach (var (id, organization) in await queries.Overdue(AtOnce, stoppingToken))
                {
                    await store.Transact(
                        new EventMetadata(CorrelationId: id.ToString()),
                        session => session.Decide<Invitation, InvitationEvent>(
                            Invitation.Stream(organization, id), invitation => ExpireInvitation.Decide(invitation, clock.GetUtcNow()), stoppingToken),
                        stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Looking for expired invitations failed; again in {Wait}", Every);
            }
        }
    }
}
