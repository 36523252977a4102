using InviteHub.EventStore;

namespace InviteHub.Subscriptions;

/// <summary>
/// The answer to one invitation, in a stream of its own: it makes each answer happen once, however often and in whatever order the
/// messages come, and it is what other services are told from.
/// </summary>
internal sealed record Admission : IAggregate<Admission, AdmissionEvent>
{
    public static string Category => "admission";

    public static Admission Initial { get; } = new();

    public static StreamId StreamOf(Guid invitationId, Guid organizationId) => StreamId.Of(Category, invitationId, organizationId);

    public AdmissionStatus Status { get; private init; }

    /// <summary>The subscription that gave the seat; null when none was taken.</summary>
    public Guid? SubscriptionId { get; private init; }

    /// <summary>The role of the app that goes with the seat.</summary>
    public SeatRole? Role { get; private init; }

    /// <summary>Which of the times that the invitation was asked for this is the answer to.</summary>
    public int Round { get; private init; } = 1;

    /// <summary>What an invitation that waits is to be granted.</summary>
    public AdmissionEvent.Waitlisted? Offer { get; private init; }

    /// <summary>Whether it holds a seat that nobody sits on yet, or waits for one.</summary>
    public bool HasClaim => Status is AdmissionStatus.Granted or AdmissionStatus.Waiting && SubscriptionId is not null;

    /// <summary>
    /// What makes a message of a later round be about this: only what has ended is asked for again, so that an invitation holds one seat at most.
    /// </summary>
    public Decision<AdmissionEvent> Begin(int round, Guid organizationId) =>
        round > Round && Status is AdmissionStatus.Withdrawn or AdmissionStatus.Refused ? new AdmissionEvent.AskedAgain(organizationId, round) : Nothing.Happened;

    public Admission Apply(AdmissionEvent happened) => happened switch
    {
        AdmissionEvent.AskedAgain e => this with { Status = AdmissionStatus.Unknown, SubscriptionId = null, Offer = null, Round = e.Round },
        AdmissionEvent.Granted e => this with { Status = AdmissionStatus.Granted, SubscriptionId = e.SubscriptionId, Role = e.RoleName is { } name ? new(e.Role, name) : null },
        AdmissionEvent.Waitlisted e => this with { Status = AdmissionStatus.Waiting, SubscriptionId = e.SubscriptionId, Offer = e },
        AdmissionEvent.Refused => this with { Status = AdmissionStatus.Refused },
        AdmissionEvent.Withdrawn => this with { Status = AdmissionStatus.Withdrawn },
        AdmissionEvent.Confirmed => this with { Status = AdmissionStatus.Confirmed },
        AdmissionEvent.TakenBack => this with { Status = AdmissionStatus.TakenBack },
        _ => throw new InvalidOperationException($"an admission knows no {happened.GetType().Name}"),
    };
}

/// <summary>The role of an app that goes with a seat.</summary>
/// <param name="Key">What it is called for ever; null for a seat that was granted before that was kept.</param>
/// <param name="Name">What it was called then.</param>
internal sealed record SeatRole(string? Key, string Name)
{
    /// <summary>Whether it is one of an app's: people may have named that anew since.</summary>
    public bool Is(AppRole role) => Key is null ? Name == role.Name : Key == role.Key;
}

/// <summary>Where an admission is.</summary>
internal enum AdmissionStatus
{
    /// <summary>Nothing was heard of the invitation yet.</summary>
    Unknown,

    /// <summary>It may go out; an access invitation holds its seat.</summary>
    Granted,

    /// <summary>It waits for a free seat.</summary>
    Waiting,

    /// <summary>It may not go out.</summary>
    Refused,

    /// <summary>It ended; what it held is given back. Also when that was heard before the request.</summary>
    Withdrawn,

    /// <summary>It was accepted; its seat is occupied.</summary>
    Confirmed,

    /// <summary>It was accepted, and an administrator took the seat back.</summary>
    TakenBack,
}
