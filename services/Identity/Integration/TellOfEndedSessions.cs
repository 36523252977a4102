using InviteHub.EventStore;
using InviteHub.EventStore.Subscriptions;
using InviteHub.ServiceDefaults;
using MassTransit;

namespace InviteHub.Identity.Integration;

/// <summary>
/// Tells every instance of every service of sessions that ended. It writes each one down where all can read it before it tells: an instance
/// whose queue was not there yet reads what it has missed.
/// </summary>
internal sealed class TellOfEndedSessions(EndedSessions ended, IBus bus) : ISubscription
{
    public string Name => "identity.ended_sessions.v1";

    public async Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
    {
        foreach (var happened in events)
        {
            if (Publish.MapEnd(happened) is not { } message)
                continue;
            await ended.Keep(message, ct);
            await bus.Publish(happened, message, ct);
        }
    }
}
