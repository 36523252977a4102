using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>How far a batch has come.</summary>
internal enum BatchStatus
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Its file was read; what would become of its rows is being found out.</summary>
    Checking,

    /// <summary>What would happen can be looked at, and waits to be committed.</summary>
    Ready,

    /// <summary>What was shown is being done.</summary>
    Running,

    /// <summary>Every row is done or failed.</summary>
    Finished,

    /// <summary>It was stopped; rows that were begun are finished.</summary>
    Cancelled,

    /// <summary>What was not accepted is being taken back.</summary>
    Undoing,

    /// <summary>What was not accepted is taken back.</summary>
    Undone,
}

/// <summary>What some rows of a batch invite to.</summary>
internal sealed record BatchTarget(Guid? AppId, Guid? SubscriptionId, string? Role);

/// <summary>What would become of the rows to one target, as it was checked.</summary>
/// <param name="Target">Those rows.</param>
/// <param name="Free">How many more seats its subscription would give; null when as many as are asked for.</param>
/// <param name="Waits">Whether those beyond wait.</param>
/// <param name="Code">Why none may go out at all, or null.</param>
/// <param name="Detail">The same for people.</param>
internal sealed record TargetChecked(BatchTarget Target, int? Free, bool Waits, string? Code, string? Detail)
{
    /// <summary>The facts that decided (INV-25); where there are none, nothing is stored.</summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}

/// <summary>Some people with an account who may not be invited to something.</summary>
/// <param name="Target">To what.</param>
/// <param name="People">Who.</param>
/// <param name="Code">Why not.</param>
/// <param name="Detail">The same for people.</param>
internal sealed record PeopleRefused(BatchTarget Target, IReadOnlyList<Guid> People, string Code, string Detail)
{
    /// <inheritdoc cref="TargetChecked.Facts"/>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }
}

/// <summary>What the organization's limit of an hour leaves for a batch (INV-23).</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Free">How many more may go out now.</param>
/// <param name="FreeAt">When the next place comes free.</param>
internal sealed record HourlyPlaces(int Limit, int Free, DateTimeOffset FreeAt);

/// <summary>What happens to a batch as a whole; the invitations that come of its rows are in their own streams.</summary>
internal abstract record InvitationBatchEvent
{
    private InvitationBatchEvent()
    {
    }

    /// <summary>The file was read to its end. <c>DryRun</c>: it is to be looked at before anything is done.</summary>
    [EventType("invitationbatch.uploaded.v1")]
    public sealed record Uploaded(
        Guid BatchId, Guid OrganizationId, Way Way, int Rows, bool DryRun, IReadOnlyList<BatchTarget> Targets, Guid By, string ByRole)
        : InvitationBatchEvent;

    /// <summary>
    /// Which people with an account, up to a row, may not be invited to what they are to be; of those behind it is asked next. Without a row they
    /// were the last, and <see cref="Checked"/> follows in the same commit.
    /// </summary>
    [EventType("invitationbatch.people_checked.v1")]
    public sealed record PeopleChecked(int? Through, IReadOnlyList<PeopleRefused> Refused) : InvitationBatchEvent;

    /// <summary>What would become of each row is known.</summary>
    [EventType("invitationbatch.checked.v1")]
    public sealed record Checked(IReadOnlyList<TargetChecked> Targets) : InvitationBatchEvent
    {
        /// <summary>Where the organization limits invitations by the hour; else nothing is stored.</summary>
        public HourlyPlaces? Hourly { get; init; }
    }

    /// <summary>It is to be committed as soon as a second person approves it (INV-23).</summary>
    [EventType("invitationbatch.approval_asked.v1")]
    public sealed record ApprovalAsked(Guid By) : InvitationBatchEvent;

    /// <summary>A second person approved it; stands before the <see cref="Committed"/> of who asked.</summary>
    [EventType("invitationbatch.approved.v1")]
    public sealed record Approved(Guid By) : InvitationBatchEvent;

    /// <summary>A second person did not approve it.</summary>
    [EventType("invitationbatch.rejected.v1")]
    public sealed record Rejected(Guid By) : InvitationBatchEvent;

    /// <summary>Nobody committed or approved it in time.</summary>
    [EventType("invitationbatch.lapsed.v1")]
    public sealed record Lapsed : InvitationBatchEvent;

    /// <summary>What was shown is to be done.</summary>
    [EventType("invitationbatch.committed.v1")]
    public sealed record Committed(Guid By) : InvitationBatchEvent;

    [EventType("invitationbatch.finished.v1")]
    public sealed record Finished(int Done, int Failed) : InvitationBatchEvent;

    [EventType("invitationbatch.cancelled.v1")]
    public sealed record Cancelled(Guid By) : InvitationBatchEvent;

    [EventType("invitationbatch.undo_started.v1")]
    public sealed record UndoStarted(Guid By) : InvitationBatchEvent;

    [EventType("invitationbatch.undone.v1")]
    public sealed record Undone : InvitationBatchEvent;
}

/// <summary>Many invitations from one file or list (INV-19, INV-20).</summary>
internal sealed record InvitationBatch : IAggregate<InvitationBatch, InvitationBatchEvent>
{
    public static string Category => "invitationbatch";

    public static InvitationBatch Initial { get; } = new();

    public BatchStatus Status { get; private init; }

    /// <summary>What was uploaded; null before that.</summary>
    public InvitationBatchEvent.Uploaded? Upload { get; private init; }

    /// <summary>The row up to which is known who of those with an account may be invited.</summary>
    public int CheckedThrough { get; private init; }

    /// <summary>Who wants it committed, since a second person is to approve that.</summary>
    public Guid? ApprovalAskedBy { get; private init; }

    /// <summary>What the second person said; null when nobody was asked.</summary>
    public Approval? Approval { get; private init; }

    /// <summary>Whether a second person is asked and has not decided.</summary>
    public bool AwaitsApproval => Status == BatchStatus.Ready && Approval is not null;

    public static StreamId Stream(Guid organizationId, Guid id) => StreamId.Of(Category, id, organizationId);

    public InvitationBatch Apply(InvitationBatchEvent happened) => happened switch
    {
        InvitationBatchEvent.Uploaded e => this with { Status = BatchStatus.Checking, Upload = e },
        InvitationBatchEvent.PeopleChecked e => this with { CheckedThrough = e.Through ?? CheckedThrough },
        InvitationBatchEvent.Checked => this with { Status = BatchStatus.Ready },
        InvitationBatchEvent.Committed => this with { Status = BatchStatus.Running },
        InvitationBatchEvent.ApprovalAsked e => this with { Approval = new(), ApprovalAskedBy = e.By },
        InvitationBatchEvent.Approved => this with { Approval = new(IsApproved: true) },
        InvitationBatchEvent.Rejected => this with { Status = BatchStatus.Cancelled, Approval = new(IsRejected: true) },
        InvitationBatchEvent.Lapsed => this with { Status = BatchStatus.Cancelled },
        InvitationBatchEvent.Finished => this with { Status = BatchStatus.Finished },
        InvitationBatchEvent.Cancelled => this with { Status = BatchStatus.Cancelled },
        InvitationBatchEvent.UndoStarted => this with { Status = BatchStatus.Undoing },
        InvitationBatchEvent.Undone => this with { Status = BatchStatus.Undone },
        _ => throw new InvalidOperationException($"a batch does not know {happened.GetType()}"),
    };
}
