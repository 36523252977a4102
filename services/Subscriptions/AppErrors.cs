using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

internal sealed record AppNotFound() : Refusal(RefusalKind.NotFound, "app-not-found", "There is no such app among those that you may see.");

internal sealed record AppNotAvailable(string Organization) : Refusal(
    RefusalKind.Conflict, "app-not-available", $"{Organization} is not entitled to this app; entitle the organization to it first.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("organization", Organization));
}

internal sealed record AppRolesStay(IReadOnlyList<string> Keys) : Refusal(
    RefusalKind.Conflict, "app-roles-stay",
    $"People may hold {string.Join(", ", Keys)}: a role of an app can be named anew, but neither taken away nor given another key.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("roles", string.Join(", ", Keys)));
}

internal sealed record UnknownRole(App App) : Refusal(
    RefusalKind.Invalid, "unknown-role", $"{App.Name} has no such role; it has {string.Join(", ", App.Roles.Select(r => r.Key))}.")
{
    public override IReadOnlyDictionary<string, string>? Facts => Named(("app", App.Name), ("roles", string.Join(", ", App.Roles.Select(r => r.Key))));
}
