using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Notifications.Features;

/// <summary>Somebody wants to hand a message over: exactly one may, and for good if the outcome is told in time (NOT-03).</summary>
internal static class AttemptDelivery
{
    /// <summary>How often a message is tried.</summary>
    public const int MostAttempts = 8;

    /// <summary>How long an attempt that does not tell its outcome keeps the others away; longer than any handing over takes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public static Decision<DeliveryEvent> Decide(Delivery delivery, DateTimeOffset now) => delivery switch
    {
        { Status: not (DeliveryStatus.Queued or DeliveryStatus.Sending) } => Nothing.Happened,
        { Status: DeliveryStatus.Queued, NotBefore: var due } when now < due => Nothing.Happened,
        { Status: DeliveryStatus.Sending, AttemptedAt: var begun } when now < begun + Lease => Nothing.Happened,
        { Attempts: >= MostAttempts } => new DeliveryEvent.Failed($"No outcome of {MostAttempts} attempts is known.", now),
        { Message.ExpiresAt: var end } when now >= end => new DeliveryEvent.Failed("What it was about had run out before the message could be sent.", now),
        { Message: DeliveryEvent.Queued { Email: PersonalDataAttribute.Erased } or DeliveryEvent.SmsQueued { Phone: PersonalDataAttribute.Erased } } =>
            new DeliveryEvent.Failed("The recipient's data was erased.", now),
        _ => new DeliveryEvent.Attempted(delivery.Attempts + 1, now),
    };
}

/// <summary>What came of handing a message over.</summary>
internal abstract record Handover
{
    private Handover()
    {
    }

    /// <summary>The server took it.</summary>
    public sealed record Accepted : Handover;

    /// <summary>It was not taken, or nobody knows; later it may be.</summary>
    public sealed record NotNow(string Reason) : Handover;

    /// <summary>It will never be taken.</summary>
    public sealed record Never(string Reason) : Handover
    {
        /// <summary>Whether the recipient was refused, so that it is of no use to send anything there.</summary>
        public bool IsHard { get; init; }
    }
}

/// <summary>Notes the outcome of an attempt.</summary>
internal static class RecordOutcome
{
    /// <summary>After each attempt but the last; eight attempts spread over about six hours.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(5),
    ];

    public sealed record Command(int Attempt, Handover Outcome, DateTimeOffset At);

    public static Decision<DeliveryEvent> Decide(Delivery delivery, Command c) => (delivery, c.Outcome) switch
    {
        ({ Status: DeliveryStatus.None or DeliveryStatus.Sent or DeliveryStatus.Bounced }, _) => Nothing.Happened,
        // What went out went out, also when somebody cancelled it or took the attempt over meanwhile.
        (_, Handover.Accepted) => new DeliveryEvent.Sent(c.Attempt, c.At),
        ({ Status: not DeliveryStatus.Sending }, _) => Nothing.Happened,
        ({ Attempts: var latest }, _) when latest != c.Attempt => Nothing.Happened,
        (_, Handover.Never never) => new DeliveryEvent.Failed(never.Reason, c.At) { IsHard = never.IsHard ? true : null },
        (_, Handover.NotNow later) when c.Attempt > Waits.Length =>
            new DeliveryEvent.Failed($"{later.Reason} Given up after {c.Attempt} attempts.", c.At),
        (_, Handover.NotNow later) when delivery.Message?.ExpiresAt <= c.At + Waits[c.Attempt - 1] =>
            new DeliveryEvent.Failed($"{later.Reason} What it is about runs out before the next attempt.", c.At),
        (_, Handover.NotNow later) => new DeliveryEvent.Postponed(c.Attempt, later.Reason, c.At + Waits[c.Attempt - 1], c.At),
        _ => throw new InvalidOperationException($"{c.Outcome.GetType()} is no outcome"),
    };
}
