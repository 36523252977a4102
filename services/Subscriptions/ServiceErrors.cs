using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>It does not exist, or the caller has nothing to do with it: both read the same.</summary>
internal sealed record ServiceNotFound() : Refusal(
    RefusalKind.NotFound, "service-not-found", "There is no such service among those that you may see.");
