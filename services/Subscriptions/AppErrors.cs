using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

internal sealed record AppNotFound() : Refusal(RefusalKind.NotFound, "app-not-found", "There is no such app among those that you may see.");

internal sealed record AppNotAvailable(string Organization) : Refusal(
    RefusalKind.Conflict, "app-not-available", $"{Organization} is not entitled to this app; entitle the organization to it first.");

internal sealed record UnknownRole(App App) : Refusal(
    RefusalKind.Invalid, "unknown-role", $"{App.Name} has no such role; it has {string.Join(", ", App.Roles.Select(r => r.Key))}.");
