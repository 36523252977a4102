using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using Microsoft.Extensions.Logging;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// While further master keys are configured, wraps whatever one of them wrapped anew with the one that wraps now: when the service starts, and
/// every ten minutes from then on, since instances that were not restarted yet wrap with the former one.
/// </summary>
internal sealed class Rewrapping(SubjectKeys keys, KeyRing ring, IKeyWrapper master, TimeProvider clock, ILogger<Rewrapping> log)
    : RecurringWork(TimeSpan.FromMinutes(10), clock, log)
{
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        var done = await keys.Rewrap(ct);
        await ring.Rewrap(ct);
        Log.LogInformation("All keys are wrapped by the master key {MasterKey}; {Done} of this service were by another one", master.KeyId, done);
        return Every;
    }
}
