using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>What happens to a service.</summary>
internal abstract record ServiceEvent
{
    private ServiceEvent()
    {
    }

    [EventType("service.created.v1")]
    public sealed record Created(Guid ServiceId, string Name) : ServiceEvent;

    [EventType("service.renamed.v1")]
    public sealed record Renamed(Guid ServiceId, string Name) : ServiceEvent;
}
