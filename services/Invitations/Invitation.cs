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

    /// <summary>The invitee does not want it.</summary>
    Declined,
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

    /// <summary>What the newest one-time password was made from (INV-14); null when there was none.</summary>
    public Guid? OneTimePasswordId { get; init; }

    public InvitationEvent.Refused? Refusal { get; init; }

    /// <summary>Whether a new link was asked for since the newest was made.</summary>
    public bool IsAskedFor { get; init; }

    /// <summary>Why it could not be sent again the last time; null when it could.</summary>
    public InvitationEvent.RenewalRefused? RenewalRefusal { get; init; }

    /// <summary>How often it was asked for (INV-08).</summary>
    public int Round { get; init; } = 1;

    /// <summary>Who wanted it sent again after it had expired; null for one that was asked for once.</summary>
    public InvitationEvent.RenewalRequested? Renewal { get; init; }

    /// <summary>How often it changed, but for what became of its mail: nobody's correction is out of date for that.</summary>
    public int Revision { get; init; }

    /// <summary>Null when nobody has to approve it.</summary>
    public Approval? Approval { get; init; }

    /// <summary>The latest attempt to accept.</summary>
    public Registration? Registration { get; init; }

    /// <summary>Which reminders of the newest link went out, by their days before its end (INV-22).</summary>
    public IReadOnlyList<int> Reminders { get; init; } = [];

    public Guid? AcceptedBy { get; init; }

    /// <summary>Whether what it says of its invitee is erased (GDP-03).</summary>
    public bool IsInviteeForgotten { get; init; }

    /// <summary>Whether a withdrawn invitation holds nothing any more.</summary>
    public bool IsSettled { get; init; }

    public InvitationEvent.DeliveryChanged? Delivery { get; init; }

    /// <summary>Whether Subscriptions has not admitted it yet.</summary>
    public bool IsUndecided => Status is InvitationStatus.Requested or InvitationStatus.Waiting;

    /// <summary>Whether Subscriptions is not even asked yet, since a second person has not decided (INV-23).</summary>
    public bool AwaitsApproval => Status is InvitationStatus.Requested && Approval is { IsApproved: false };

    /// <summary>Whether its link can be used, or is being used.</summary>
    public bool IsOpen => Status is InvitationStatus.Pending or InvitationStatus.Registering;

    /// <summary>Whether it ended without being accepted, by revocation, time or the invitee's no.</summary>
    public bool IsWithdrawn => Status is InvitationStatus.Revoked or InvitationStatus.Expired or InvitationStatus.Declined;

    /// <summary>The generation that its next link will have.</summary>
    public int NextGeneration => (Link?.Generation ?? 0) + 1;

    public static StreamId Stream(Guid organizationId, Guid id) => StreamId.Of(Category, id, organizationId);

    public Invitation Apply(InvitationEvent happened) => After(happened) with
    {
        Revision = happened is InvitationEvent.DeliveryChanged or InvitationEvent.Reminded or InvitationEvent.WithdrawalSettled ? Revision : Revision + 1,
    };

    private Invitation After(InvitationEvent happened) => happened switch
    {
        InvitationEvent.Requested e => this with { Status = InvitationStatus.Requested, Offer = e },
        InvitationEvent.ApprovalRequired => this with { Approval = new() },
        InvitationEvent.Approved => this with { Approval = new(IsApproved: true) },
        InvitationEvent.Rejected => this with { Status = InvitationStatus.Refused, Approval = new(IsRejected: true) },
        InvitationEvent.Waitlisted => this with { Status = InvitationStatus.Waiting },
        InvitationEvent.Opened e => this with { Status = InvitationStatus.Pending, Link = e, OneTimePasswordId = e.OneTimePasswordId, IsAskedFor = false, Reminders = [] },
        InvitationEvent.Reminded e => this with { Reminders = [.. Reminders, e.DaysBefore] },
        InvitationEvent.Resent e => this with
        {
            Status = InvitationStatus.Pending, IsAskedFor = false, Reminders = [], OneTimePasswordId = e.OneTimePasswordId ?? OneTimePasswordId,
            Link = Link! with
            {
                Generation = e.Generation, TokenHash = e.TokenHash, ExpiresAt = e.ExpiresAt, At = e.At, OneTimePasswordId = e.OneTimePasswordId,
            },
        },
        InvitationEvent.NewLinkAsked => this with { IsAskedFor = true },
        InvitationEvent.RenewalRequested e => this with { Status = InvitationStatus.Requested, Renewal = e, Round = e.Round, IsSettled = false, RenewalRefusal = null },
        InvitationEvent.RenewalRefused e => this with { Status = InvitationStatus.Expired, IsSettled = true, RenewalRefusal = e },
        InvitationEvent.DetailsChanged e => this with
        {
            Offer = Offer! with
            {
                FirstName = e.FirstName, LastName = e.LastName, PersonalNumber = e.PersonalNumber, LmaNumber = e.LmaNumber, Phone = e.Phone,
                Gender = e.Gender, SwedishCitizen = e.SwedishCitizen, EuCitizen = e.EuCitizen, Language = e.Language,
            },
        },
        InvitationEvent.Declined => this with { Status = InvitationStatus.Declined },
        InvitationEvent.Refused e => this with { Status = InvitationStatus.Refused, Refusal = e },
        InvitationEvent.Revoked => this with { Status = InvitationStatus.Revoked },
        InvitationEvent.Expired => this with { Status = InvitationStatus.Expired },
        InvitationEvent.WithdrawalSettled => this with { IsSettled = true },
        InvitationEvent.DeliveryChanged e => this with { Delivery = e },
        InvitationEvent.RegistrationStarted e => this with { Status = InvitationStatus.Registering, Registration = new(e.RegistrationId) },
        InvitationEvent.RegistrationRefused e => this with { Status = InvitationStatus.Pending, Registration = Registration! with { Refusal = e } },
        InvitationEvent.AccountProvisioned => this with { Registration = Registration! with { HasAccount = true } },
        InvitationEvent.InviteeForgotten => this with { IsInviteeForgotten = true },
        InvitationEvent.Accepted e => this with { Status = InvitationStatus.Accepted, AcceptedBy = e.UserId },
        _ => throw new InvalidOperationException($"{happened.GetType()} is not an event of an invitation"),
    };
}
