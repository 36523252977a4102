using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>What its administrators run (SUB-01, ROL-05); who they are is kept by their appointments. It belongs to no organization.</summary>
internal sealed record Service : IAggregate<Service, ServiceEvent>
{
    public static string Category => "service";

    public static Service Initial { get; } = new();

    public static StreamId StreamOf(Guid id) => StreamId.Of(Category, id);

    public Guid Id { get; private init; }

    public string Name { get; private init; } = "";

    public bool Exists => Id != Guid.Empty;

    public Service Apply(ServiceEvent happened) => happened switch
    {
        ServiceEvent.Created e => this with { Id = e.ServiceId, Name = e.Name },
        ServiceEvent.Renamed e => this with { Name = e.Name },
        _ => throw new InvalidOperationException($"a service knows no {happened.GetType().Name}"),
    };
}
