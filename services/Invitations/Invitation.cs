using InviteHub.EventStore;

namespace InviteHub.Invitations;

/// <summary>Where an invitation is in its life; what became of its mail is a thing apart (INV-27).</summary>
internal enum InvitationStatus
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Asked for; Subscriptions decides.</summary>
    Requested,

    /// <summary>Admitted as soon as a seat is free.</summary>
    Waiting,

    /// <summary>Its link can be used.</summary>
    Pending,

    /// <summary>Its link is being used.</summary>
    Registering,

    /// <summary>The person has what was offered.</summary>
    Accepted,

    /// <summary>Taken back.</summary>
    Revoked,

    /// <summary>Its time was up.</summary>
    Expired,

    /// <summary>It could not go out.</summary>
    Refused,
}

/// <summary>One attempt to accept, and what came of it.</summary>
internal sealed record Registration(Guid Id, InvitationEvent.RegistrationRefused? Refusal = null, bool HasAccount = false);

/// <summary>What a second person has to say, where the organization asks for one (INV-23).</summary>
internal sealed record Approval(bool IsApproved = false, bool IsRejected = false);

/// <summary>An invitation, made by its events alone.</summary>
internal sealed record Invitation : IAggregate<Invitation, InvitationEvent>
{
    public static string Category => "invitation";

    public static Invitation Initial { get; } = new();

    public InvitationStatus Status { get; init; }

    /// <summary>What was asked for; null before that.</summary>
    public InvitationEvent.Requested? Offer { get; init; }

    /// <summary>The newest link and what the mail names; null before it was opened.</summary>
    public InvitationEvent.Opened? Link { get; init; }

    public InvitationEvent.Refused? Refusal { get; init; }

    /// <summary>Null when nobody has to approve it.</summary>
    public Approval? Approval { get; init; }

    /// <summary>The latest attempt to accept.</summary>
    public Registration? Registration { get; init; }

    /// <summary>Which reminders of the newest link went out, by their days before its end (INV-22).</summary>
    public IReadOnlyList<int> Reminders { get; init; } = [];

    public Guid? AcceptedBy { get; init; }

    /// <summary>Whether a withdrawn invitation holds nothing any more.</summary>
    public bool IsSettled { get; init; }

    public InvitationEvent.DeliveryChanged? Delivery { get; init; }

    /// <summary>Whether Subscriptions has not admitted it yet.</summary>
    public bool IsUndecided => Status is InvitationStatus.Requested or InvitationStatus.Waiting;

    /// <summary>Whether Subscriptions is not even asked yet, since a second person has not decided (INV-23).</summary>
    public bool AwaitsApproval => Status is InvitationStatus.Requested && Approval is { IsApproved: false };

    /// <summary>Whether its link can be used, or is being used.</summary>
    public bool IsOpen => Status is InvitationStatus.Pending or InvitationStatus.Registering;

    /// <summary>Whether it ended without being accepted, by revocation or time.</summary>
    public bool IsWithdrawn => Status is InvitationStatus.Revoked or InvitationStatus.Expired;

    public static StreamId Stream(Guid organizationId, Guid id) => StreamId.Of(Category, id, organizationId);

    public Invitation Apply(InvitationEvent happened) => happened switch
    {
        InvitationEvent.Requested e => this with { Status = InvitationStatus.Requested, Offer = e },
        InvitationEvent.ApprovalRequired => this with { Approval = new() },
        InvitationEvent.Approved => this with { Approval = new(IsApproved: true) },
        InvitationEvent.Rejected => this with { Status = InvitationStatus.Refused, Approval = new(IsRejected: true) },
        InvitationEvent.Waitlisted => this with { Status = InvitationStatus.Waiting },
        InvitationEvent.Opened e => this with { Status = InvitationStatus.Pending, Link = e, Reminders = [] },
        InvitationEvent.Reminded e => this with { Reminders = [.. Reminders, e.DaysBefore] },
        InvitationEvent.Refused e => this with { Status = InvitationStatus.Refused, Refusal = e },
        InvitationEvent.Revoked => this with { Status = InvitationStatus.Revoked },
        InvitationEvent.Expired => this with { Status = InvitationStatus.Expired },
        InvitationEvent.WithdrawalSettled => this with { IsSettled = true },
        InvitationEvent.DeliveryChanged e => this with { Delivery = e },
        InvitationEvent.RegistrationStarted e => this with { Status = InvitationStatus.Registering, Registration = new(e.RegistrationId) },
        InvitationEvent.RegistrationRefused e => this with { Status = InvitationStatus.Pending, Registration = Registration! with { Refusal = e } },
        InvitationEvent.AccountProvisioned => this with { Registration = Registration! with { HasAccount = true } },
        InvitationEvent.Accepted e => this with { Status = InvitationStatus.Accepted, AcceptedBy = e.UserId },
        _ => throw new InvalidOperationException($"{happened.GetType()} is not an event of an invitation"),
    };
}
