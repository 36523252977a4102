using InviteHub.EventStore;

namespace InviteHub.Notifications;

/// <summary>There is no such webhook, or it is another organization's.</summary>
internal sealed record WebhookNotFound() : Refusal(
    RefusalKind.NotFound, "webhook-not-found", "There is no such webhook, or you may not know of it; GET /webhooks lists yours.");

/// <summary>The caller does not run the organization.</summary>
internal sealed record NotAFounder() : Refusal(
    RefusalKind.Forbidden, "not-permitted", "A founder of the organization, or a System admin, registers its webhooks.");

/// <summary>There is no such event, or it is none that the webhook hears.</summary>
internal sealed record WebhookEventNotFound() : Refusal(
    RefusalKind.NotFound, "webhook-event-not-found", "There is no such event for this webhook; GET /webhooks/{id}/events lists them.");

/// <summary>The other system did not take an event that was sent to it again.</summary>
/// <param name="Why">What came of it.</param>
internal sealed record WebhookNotTaken(string Why) : Refusal(
    RefusalKind.Conflict, "webhook-not-taken", $"The event was sent again and not taken: {Why} It stays among the failed ones.");
