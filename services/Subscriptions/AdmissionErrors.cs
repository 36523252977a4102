using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

internal sealed record WayNotSupported() : Refusal(
    RefusalKind.Invalid, "way-not-supported", "Invitations of this way are not admitted; ask for 'customer' or 'access'.");
