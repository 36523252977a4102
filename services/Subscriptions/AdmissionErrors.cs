using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>INV-13: a second seat for the same role would give nothing.</summary>
internal sealed record RoleHeldAlready(string Role) : Refusal(
    RefusalKind.Conflict, "role-already-held", $"This person has the role {Role} on this subscription already; invite to another role, or to none.")
{
    public override IReadOnlyDictionary<string, string>? Facts => new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = Role };
}

internal sealed record WayNotSupported() : Refusal(
    RefusalKind.Invalid, "way-not-supported", "Invitations of this way are not admitted; ask for 'customer', 'access' or 'workspace'.");
