using System.Collections.Immutable;
using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>Who becomes and who ceases to be System admin.</summary>
internal abstract record SystemAdminsEvent
{
    private SystemAdminsEvent()
    {
    }

    [EventType("systemadmins.added.v1")]
    public sealed record Added(Guid UserId) : SystemAdminsEvent;

    [EventType("systemadmins.removed.v1")]
    public sealed record Removed(Guid UserId) : SystemAdminsEvent;
}

/// <summary>
/// All System admins, in one stream: two who demote each other at once append to the same stream, so that the second one decides on what
/// the first has done (ROL-07).
/// </summary>
internal sealed record SystemAdmins : IAggregate<SystemAdmins, SystemAdminsEvent>
{
    public static string Category => "systemadmins";

    public static SystemAdmins Initial { get; } = new();

    /// <summary>The one stream.</summary>
    public static StreamId Stream { get; } = StreamId.Of(Category, new Guid("019a0000-0000-7000-8000-000000000001"));

    public ImmutableHashSet<Guid> Ids { get; private init; } = [];

    public SystemAdmins Apply(SystemAdminsEvent happened) => happened switch
    {
        SystemAdminsEvent.Added e => this with { Ids = Ids.Add(e.UserId) },
        SystemAdminsEvent.Removed e => this with { Ids = Ids.Remove(e.UserId) },
        _ => throw new InvalidOperationException($"System admins do not know {happened.GetType()}"),
    };
}
