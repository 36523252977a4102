using InviteHub.EventStore;

namespace InviteHub.Notifications;

/// <summary>What happens to the messages of one invitation taken together.</summary>
internal abstract record MailingEvent
{
    private MailingEvent()
    {
    }

    /// <summary>A message of it was queued.</summary>
    [EventType("mailing.delivery_added.v1")]
    public sealed record DeliveryAdded(Guid DeliveryId) : MailingEvent;

    /// <summary>Nothing more of it is to go out, whatever still comes in.</summary>
    [EventType("mailing.stopped.v1")]
    public sealed record Stopped(string Reason) : MailingEvent;
}

/// <summary>
/// The messages of one invitation, in a stream of the invitation's own id. Queuing and stopping both append to it, so that a withdrawal
/// and the opening that it overtakes can't miss each other: one of the two finds the other's event, or loses the race and looks again.
/// </summary>
internal sealed record Mailing : IAggregate<Mailing, MailingEvent>
{
    public static string Category => "mailing";

    public static Mailing Initial { get; } = new();

    public IReadOnlyList<Guid> Deliveries { get; init; } = [];

    public bool IsStopped { get; init; }

    public static StreamId Stream(Guid organizationId, Guid invitationId) => StreamId.Of(Category, invitationId, organizationId);

    public Mailing Apply(MailingEvent happened) => happened switch
    {
        MailingEvent.DeliveryAdded e => this with { Deliveries = [.. Deliveries, e.DeliveryId] },
        MailingEvent.Stopped => this with { IsStopped = true },
        _ => throw new InvalidOperationException($"{happened.GetType()} is not an event of a mailing"),
    };
}
