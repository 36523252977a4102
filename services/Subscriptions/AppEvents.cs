using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>What happens to an app.</summary>
internal abstract record AppEvent
{
    private AppEvent()
    {
    }

    [EventType("app.created.v1")]
    public sealed record Created(Guid AppId, string Name, IReadOnlyList<AppRole> Roles) : AppEvent;

    [EventType("app.changed.v1")]
    public sealed record Changed(Guid AppId, string Name, IReadOnlyList<AppRole> Roles) : AppEvent;
}
