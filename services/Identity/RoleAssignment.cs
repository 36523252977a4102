using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>How a request for a role at an organization or a service was answered, and that the role was taken back.</summary>
internal abstract record RoleAssignmentEvent
{
    private RoleAssignmentEvent()
    {
    }

    [EventType("roleassignment.granted.v1")]
    public sealed record Granted(Guid RequestId, Guid UserId, string Role, Guid HolderId) : RoleAssignmentEvent;

    [EventType("roleassignment.refused.v1")]
    public sealed record Refused(Guid RequestId, Guid UserId, string Role, Guid HolderId, string Kind, string Code, string Detail) : RoleAssignmentEvent;

    [EventType("roleassignment.ended.v1")]
    public sealed record Ended(Guid RequestId, Guid UserId, string Role, Guid HolderId) : RoleAssignmentEvent;
}

/// <summary>
/// The one answer to a request for a role: it is published from here, whichever commit made it. An end that overtakes its request is
/// kept too, so that the role is not given when the request comes at last.
/// </summary>
internal sealed record RoleAssignment : IAggregate<RoleAssignment, RoleAssignmentEvent>
{
    public static string Category => "roleassignment";

    public static RoleAssignment Initial { get; } = new();

    public bool IsAnswered { get; private init; }

    public bool HasEnded { get; private init; }

    public static StreamId Stream(Guid requestId) => StreamId.Of(Category, requestId);

    public RoleAssignment Apply(RoleAssignmentEvent happened) => happened switch
    {
        RoleAssignmentEvent.Granted or RoleAssignmentEvent.Refused => this with { IsAnswered = true },
        RoleAssignmentEvent.Ended => this with { HasEnded = true },
        _ => throw new InvalidOperationException($"a role assignment does not know {happened.GetType()}"),
    };
}
