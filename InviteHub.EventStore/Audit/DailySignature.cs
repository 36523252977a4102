using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.EventStore.Audit;

/// <summary>Has the heads of all streams signed when a day (UTC) begins, and at the start when that was missed.</summary>
public sealed class DailySignature(SignedHeads heads, TimeProvider clock, ILogger<DailySignature> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            var wait = now.Date.AddDays(1) - now.DateTime;
            try
            {
                await heads.SignToday(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                wait = RetryAfter;
                log.LogError(e, "Signing the heads of the streams failed; again in {Wait}", wait);
            }

            await Task.Delay(wait, clock, stoppingToken);
        }
    }
}
