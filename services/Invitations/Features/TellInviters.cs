using InviteHub.EventStore;
using InviteHub.Invitations.ReadModels;

namespace InviteHub.Invitations.Features;

/// <summary>Tells an inviter that invitations expired (INV-22), those of a day in one message.</summary>
internal static class TellInviters
{
    /// <summary>How long the first one waits for others.</summary>
    public static readonly TimeSpan Gathers = TimeSpan.FromHours(1);

    /// <summary>How often at most somebody hears of it, for each organization.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromDays(1);

    public sealed record Command(Guid OrganizationId, Guid InviterId, IReadOnlyList<Guid> Expired, DateTimeOffset At);

    public static Decision<ExpiryDigestEvent> Decide(ExpiryDigest digest, Command c) => c switch
    {
        { Expired.Count: 0 } => Nothing.Happened,
        // Another instance has just told them, or a clock went back.
        _ when c.At < digest.LastAt + Every => Nothing.Happened,
        _ => new ExpiryDigestEvent.Due(c.InviterId, c.OrganizationId, c.Expired.Count, c.Expired is [var only] ? only : null, c.At),
    };
}

/// <summary>Looks for inviters to tell; several instances share the work.</summary>
internal sealed class ExpiryDigestWorker(PostgresEventStore store, DueDigests due, TimeProvider clock, ILogger<ExpiryDigestWorker> log)
    : RecurringWork(TimeSpan.FromSeconds(1), clock, log)
{
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        var now = Clock.GetUtcNow();
        if (await due.Take(now, ct) is not (var organization, var inviter))
            return Every;

        await store.Transact(
            new EventMetadata(CorrelationId: inviter.ToString()),
            async session =>
            {
                var stream = ExpiryDigest.Stream(organization, inviter);
                // Read before what is counted: whoever tells of the same meanwhile wins, and this is done again with what is left.
                await session.FetchForWriting<ExpiryDigest, ExpiryDigestEvent>(stream, ct);
                var expired = await due.Untold(organization, inviter, ct);
                var outcome = await session.Decide<ExpiryDigest, ExpiryDigestEvent>(
                    stream, digest => TellInviters.Decide(digest, new(organization, inviter, expired, now)), ct);
                DueDigests.Told(session.Sql, organization, inviter, outcome.State.LastAt == now ? expired : [], now + TellInviters.Every);
                return true;
            },
            ct);
        return TimeSpan.Zero;
    }
}
