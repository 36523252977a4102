using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.EventStore;

/// <summary>Work that is done again and again as long as the service runs: after a failure too.</summary>
/// <param name="every">How long it rests where <see cref="Work"/> does not say otherwise, and after a failure.</param>
/// <param name="clock">What the rest is measured by.</param>
/// <param name="log">Is told of failures.</param>
public abstract class RecurringWork(TimeSpan every, TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>How long it usually rests.</summary>
    protected TimeSpan Every { get; } = every;

    /// <summary>The time, for those that derive.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>The log, for those that derive.</summary>
    protected ILogger Log { get; } = log;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var rest = Every;
            try
            {
                rest = await Work(stoppingToken);
            }
            catch (Exception e)
            {
                // To be stopped in the middle is no failure, and must not look like one: the host would stop everything else for it.
                if (stoppingToken.IsCancellationRequested)
                    return;
                Log.LogWarning(e, "{Worker} failed; again in {Wait}", GetType().Name, rest);
            }

            await Task.Delay(rest, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does it once, or some of what waits.</summary>
    /// <returns>How long to rest before the next time: <see cref="Every"/>, or not at all where there may be more.</returns>
    protected abstract Task<TimeSpan> Work(CancellationToken ct);
}
