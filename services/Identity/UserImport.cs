using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>How far an import has come.</summary>
internal enum UserImportStatus
{
    None,
    Running,
    Finished,
    Cancelled,
}

/// <summary>What happens to an import of users as a whole; whose accounts came of it is in their own streams.</summary>
internal abstract record UserImportEvent
{
    private UserImportEvent()
    {
    }

    /// <summary>The file was read to its end. <c>SendInvitation</c>: whether each account's person is invited with it.</summary>
    [EventType("userimport.started.v1")]
    public sealed record Started(Guid ImportId, int Rows, bool SendInvitation, Guid By) : UserImportEvent;

    [EventType("userimport.finished.v1")]
    public sealed record Finished(Guid ImportId, int Done, int Failed) : UserImportEvent;

    [EventType("userimport.cancelled.v1")]
    public sealed record Cancelled(Guid ImportId, Guid By) : UserImportEvent;
}

/// <summary>One file of users to make (INV-17).</summary>
internal sealed record UserImport : IAggregate<UserImport, UserImportEvent>
{
    public static string Category => "userimport";

    public static UserImport Initial { get; } = new();

    public UserImportStatus Status { get; private init; }

    public static StreamId Stream(Guid id) => StreamId.Of(Category, id);

    public UserImport Apply(UserImportEvent happened) => happened switch
    {
        UserImportEvent.Started => this with { Status = UserImportStatus.Running },
        UserImportEvent.Finished => this with { Status = UserImportStatus.Finished },
        UserImportEvent.Cancelled => this with { Status = UserImportStatus.Cancelled },
        _ => throw new InvalidOperationException($"an import does not know {happened.GetType()}"),
    };
}
