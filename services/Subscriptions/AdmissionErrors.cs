using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>INV-13: a second seat for the same role would give nothing.</summary>
internal sealed record RoleHeldAlready(string Role, Guid SubscriptionId) : Refusal(
    RefusalKind.Conflict, "role-already-held", $"This person has the role {Role} on this subscription already; invite to another role, or to none.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("role", Role), ("subscriptionId", SubscriptionId));
}

internal sealed record WayNotSupported() : Refusal(
    RefusalKind.Invalid, "way-not-supported", "Invitations of this way are not admitted; ask for 'customer', 'access' or 'workspace'.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("ways", "customer, access, workspace"));
}

/// <summary>INV-24: a batch does what was shown, or nothing.</summary>
internal sealed record NotAsShown(string Shown, string Becomes, string Now) : Refusal(
    RefusalKind.Conflict, "not-as-shown", $"When the batch was checked, this row was to become something else: {Now} Check the row again to see what would happen now.")
{
    public static NotAsShown SeatIsFree { get; } = new("wait", "invite", "a seat is free by now, and it was to wait for one.");

    public static NotAsShown SeatIsGone { get; } = new("invite", "wait", "no seat is free any more, so that it would wait for one.");

    public override IReadOnlyDictionary<string, string>? Facts => Named(("shown", Shown), ("now", Becomes));
}

/// <summary>The invitation ended before it was decided.</summary>
internal sealed record InvitationGone() : Refusal(RefusalKind.Conflict, "invitation-withdrawn", "The invitation was withdrawn before it was admitted.");
