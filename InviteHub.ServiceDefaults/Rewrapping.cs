using InviteHub.EventStore.PersonalData;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// While further master keys are configured, wraps whatever one of them wrapped anew with the one that wraps now: when the service starts, and
/// every ten minutes from then on, since instances that were not restarted yet wrap with the former one.
/// </summary>
internal sealed class Rewrapping(SubjectKeys keys, KeyRing ring, IKeyWrapper master, TimeProvider clock, ILogger<Rewrapping> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var done = await keys.Rewrap(stoppingToken);
                await ring.Rewrap(stoppingToken);
                log.LogInformation("All keys are wrapped by the master key {MasterKey}; {Done} of this service were by another one", master.KeyId, done);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Wrapping keys with the master key {MasterKey} failed; again in {Wait}", master.KeyId, Every);
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
