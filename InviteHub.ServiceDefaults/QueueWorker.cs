using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Works off what waits in a table, of which several instances take with leases: as long as there is more it goes on, else it looks again
/// every second, after a failure too.
/// </summary>
public abstract class QueueWorker(TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>The time, for those that derive.</summary>
    protected TimeProvider Clock { get; } = clock;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await Work(stoppingToken))
                    continue;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "{Worker} failed; again in {Wait}", GetType().Name, Every);
            }

            await Task.Delay(Every, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does some of what waits, or what there is to do where nothing is left.</summary>
    /// <returns>Whether there may be more.</returns>
    protected abstract Task<bool> Work(CancellationToken ct);
}
