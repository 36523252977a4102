using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Integration;

/// <summary>
/// Erases what Notifications keeps of a person (GDP-03). What was queued for them and has not gone out finds nothing to be written to, and
/// fails: its address went with the key. The feed of webhooks holds ids alone.
/// </summary>
internal sealed class ErasureDueConsumer(PostgresEventStore store, SubjectKeys keys, Erasures erasures, TimeProvider clock)
    : PersonEraser("notifications", store, keys, erasures, clock)
{
    protected override void Erase(Guid person, Guid[] subjects, IReadOnlyList<string> emails, EraseRows erase)
    {
        erase("people", "delete from people where user_id = any($1)", subjects);
        erase("organizations", "delete from organization_access where user_id = any($1)", subjects);
    }
}
