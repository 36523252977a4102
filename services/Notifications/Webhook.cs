using InviteHub.EventStore;

namespace InviteHub.Notifications;

/// <summary>An address of another system that hears what happens in an organization (NOT-05).</summary>
internal sealed record Webhook : IAggregate<Webhook, WebhookEvent>
{
    public static string Category => "webhook";

    public static Webhook Initial { get; } = new();

    public bool Exists { get; init; }

    public string Url { get; init; } = "";

    /// <summary>The kinds of events that it hears.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Whether it is told who somebody is, and not only the ids.</summary>
    public bool IncludesDetails { get; init; }

    /// <summary>Whether it hears nothing for now; what happens waits.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Which secret requests are signed with, from 1.</summary>
    public int Generation { get; init; }

    public static StreamId Stream(Guid organizationId, Guid id) => StreamId.Of(Category, id, organizationId);

    public Webhook Apply(WebhookEvent happened) => happened switch
    {
        WebhookEvent.Registered e => this with { Exists = true, Url = e.Url, Events = e.Events, IncludesDetails = e.IncludesDetails, Generation = 1 },
        WebhookEvent.Changed e => this with { Url = e.Url, Events = e.Events, IncludesDetails = e.IncludesDetails, IsPaused = e.IsPaused },
        WebhookEvent.SecretRotated e => this with { Generation = e.Generation },
        WebhookEvent.Removed => this with { Exists = false },
        _ => throw new InvalidOperationException($"{happened.GetType()} is not an event of a webhook"),
    };
}
