using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>How far the users who were chosen together have come.</summary>
internal enum InvitationRunStatus
{
    None,

    /// <summary>Each of them is being invited, or tried.</summary>
    Running,

    /// <summary>All were tried; nobody is invited before it is committed.</summary>
    Ready,
    Finished,
    Cancelled,
}

/// <summary>What happens to users who were chosen together as a whole; that somebody is invited is in their own stream.</summary>
internal abstract record InvitationRunEvent
{
    private InvitationRunEvent()
    {
    }

    /// <summary>So many users were chosen. <c>DryRun</c>: they are tried first.</summary>
    [EventType("invitationrun.started.v1")]
    public sealed record Started(Guid RunId, int Users, string Channel, bool OneTimePassword, bool DryRun, Guid By, string ByRole) : InvitationRunEvent;

    /// <summary>All were tried: so many would be invited.</summary>
    [EventType("invitationrun.checked.v1")]
    public sealed record Checked(Guid RunId, int Planned, int Refused) : InvitationRunEvent;

    [EventType("invitationrun.committed.v1")]
    public sealed record Committed(Guid RunId, Guid By, string ByRole) : InvitationRunEvent;

    [EventType("invitationrun.finished.v1")]
    public sealed record Finished(Guid RunId, int Invited, int Refused) : InvitationRunEvent;

    [EventType("invitationrun.cancelled.v1")]
    public sealed record Cancelled(Guid RunId, Guid By) : InvitationRunEvent;
}

/// <summary>Users who were chosen together to be invited to their accounts (INV-14); who they are is decided once, when it starts (INV-21).</summary>
internal sealed record InvitationRun : IAggregate<InvitationRun, InvitationRunEvent>
{
    public static string Category => "invitationrun";

    public static InvitationRun Initial { get; } = new();

    public InvitationRunStatus Status { get; private init; }

    /// <summary>Whether its users are only tried, until it is committed (INV-24).</summary>
    public bool IsTrial { get; private init; }

    public static StreamId Stream(Guid id) => StreamId.Of(Category, id);

    public InvitationRun Apply(InvitationRunEvent happened) => happened switch
    {
        InvitationRunEvent.Started e => this with { Status = InvitationRunStatus.Running, IsTrial = e.DryRun },
        InvitationRunEvent.Checked => this with { Status = InvitationRunStatus.Ready },
        InvitationRunEvent.Committed => this with { Status = InvitationRunStatus.Running, IsTrial = false },
        InvitationRunEvent.Finished => this with { Status = InvitationRunStatus.Finished },
        InvitationRunEvent.Cancelled => this with { Status = InvitationRunStatus.Cancelled },
        _ => throw new InvalidOperationException($"a run of invitations does not know {happened.GetType()}"),
    };
}
