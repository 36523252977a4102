using InviteHub.EventStore;

namespace InviteHub.Notifications;

/// <summary>Everything that can happen to a webhook. Its secret is made from its id and generation, and is in none of them.</summary>
internal abstract record WebhookEvent
{
    private WebhookEvent()
    {
    }

    /// <summary>Another system is to hear what happens from now on.</summary>
    [EventType("webhook.registered.v1")]
    public sealed record Registered(Guid WebhookId, Guid OrganizationId, string Url, IReadOnlyList<string> Events, bool IncludesDetails, DateTimeOffset At) : WebhookEvent;

    /// <summary>Where it is or what it hears is another; all of it as it is now.</summary>
    [EventType("webhook.changed.v1")]
    public sealed record Changed(string Url, IReadOnlyList<string> Events, bool IncludesDetails, bool IsPaused) : WebhookEvent;

    /// <summary>Requests are signed with another secret; for a day with the former too.</summary>
    [EventType("webhook.secret_rotated.v1")]
    public sealed record SecretRotated(int Generation, DateTimeOffset At) : WebhookEvent;

    /// <summary>It hears nothing any more.</summary>
    [EventType("webhook.removed.v1")]
    public sealed record Removed(DateTimeOffset At) : WebhookEvent;
}
