using Microsoft.Extensions.Logging;

namespace InviteHub.EventStore.Audit;

/// <summary>Has the heads of all streams signed when a day (UTC) begins, and at the start when that was missed.</summary>
public sealed class DailySignature(SignedHeads heads, TimeProvider clock, ILogger<DailySignature> log)
    : RecurringWork(TimeSpan.FromMinutes(5), clock, log)
{
    /// <inheritdoc/>
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        var now = Clock.GetUtcNow();
        await heads.SignToday(ct);
        return now.Date.AddDays(1) - now.DateTime;
    }
}
