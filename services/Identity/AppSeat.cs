using InviteHub.EventStore;

namespace InviteHub.Identity;

/// <summary>Who sits where an invitation got somebody a seat, as Subscriptions tells, and who has the role of that seat.</summary>
internal abstract record AppSeatEvent
{
    private AppSeatEvent()
    {
    }

    /// <summary>The latest that was told: who sits there now, or nobody since it was taken back.</summary>
    [EventType("appseat.moved.v1")]
    public sealed record Moved(Guid InvitationId, Guid FromUserId, Guid? ToUserId, Guid ToldBy) : AppSeatEvent;

    /// <summary>The role went where the seat is: to nobody when that was taken back, or when its new holder may not have the role.</summary>
    [EventType("appseat.role_followed.v1")]
    public sealed record RoleFollowed(
        Guid OrganizationId, Guid AppId, Guid SubscriptionId, string Role, Guid InvitationId, Guid? UserId, string? RefusalCode) : AppSeatEvent;
}

/// <summary>
/// A seat that has been moved since its invitation was accepted. The last holder counts that Subscriptions has told of, in whatever order it
/// comes: message ids are event ids, and so in the order of time.
/// </summary>
internal sealed record AppSeat : IAggregate<AppSeat, AppSeatEvent>
{
    public static string Category => "appseat";

    public static AppSeat Initial { get; } = new();

    /// <summary>The message that told of the holder.</summary>
    public Guid ToldBy { get; private init; }

    /// <summary>Who sits there; null when nobody does.</summary>
    public Guid? HolderId { get; private init; }

    /// <summary>What the seat grants; null until the first holder was told of, who has it from the invitation.</summary>
    public AppRole? Role { get; private init; }

    /// <summary>Who has the role, once it followed the seat.</summary>
    public Guid? UserId { get; private init; }

    public static StreamId Stream(Guid invitationId) => StreamId.Of(Category, invitationId);

    public AppSeat Apply(AppSeatEvent happened) => happened switch
    {
        AppSeatEvent.Moved e => this with { ToldBy = e.ToldBy, HolderId = e.ToUserId },
        AppSeatEvent.RoleFollowed e => this with { Role = new(e.OrganizationId, e.AppId, e.SubscriptionId, e.Role, e.InvitationId), UserId = e.UserId },
        _ => throw new InvalidOperationException($"a seat does not know {happened.GetType()}"),
    };
}
