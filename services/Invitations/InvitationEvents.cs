using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Invitations;

/// <summary>The ways in that share this model.</summary>
internal enum Way
{
    /// <summary>An Applicant invites a new person for one of their customers.</summary>
    Customer,

    /// <summary>A member invites a new or an existing person to a role in an app, on a seat of a subscription.</summary>
    Access,

    /// <summary>A founder, or a member who may, invites an internal user, whose account is made at once.</summary>
    Workspace,

    /// <summary>An administrator invites somebody to the account that they have but can't sign in to yet.</summary>
    Account,

    /// <summary>An administrator made an account, and its person chooses the password.</summary>
    Created,
}

/// <summary>What a way is called in the API, in lists and on the bus.</summary>
internal static class WayNames
{
    /// <summary>Whether it only gives the means to sign in to an account: no organization admits it, and it holds nothing.</summary>
    public static bool IsToAccount(this Way way) => way is Way.Account or Way.Created;

    public static string Name(this Way way) => way switch
    {
        Way.Customer => "customer",
        Way.Access => "access",
        Way.Workspace => "workspace",
        Way.Account => "account",
        Way.Created => "created",
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "every way has a name"),
    };
}

/// <summary>Everything that can happen to an invitation. The names are the storage format: a new shape is a new version.</summary>
internal abstract record InvitationEvent
{
    private InvitationEvent()
    {
    }

    /// <summary>Somebody asked for it; whether it may go out is not decided yet.</summary>
    [EventType("invitation.requested.v1")]
    public sealed record Requested(
        Guid InvitationId, Guid OrganizationId, Way Way, Guid InviteeId, bool IsExistingUser,
        [property: PersonalData(nameof(Requested.InviteeId))] string Email,
        [property: PersonalData(nameof(Requested.InviteeId))] string FirstName,
        [property: PersonalData(nameof(Requested.InviteeId))] string LastName,
        [property: PersonalData(nameof(Requested.InviteeId))] string? PersonalNumber,
        [property: PersonalData(nameof(Requested.InviteeId))] string? LmaNumber,
        [property: PersonalData(nameof(Requested.InviteeId))] string? Phone,
        [property: PersonalData(nameof(Requested.InviteeId))] string? Gender,
        [property: PersonalData(nameof(Requested.InviteeId))] bool? SwedishCitizen,
        [property: PersonalData(nameof(Requested.InviteeId))] bool? EuCitizen,
        Guid? AppId, Guid? SubscriptionId, string? Role, string Language,
        Guid InvitedBy, string InvitedByRole, DateTimeOffset At) : InvitationEvent
    {
        /// <summary>The username that the account has or is to have; where none is told, nothing is stored.</summary>
        [PersonalData(nameof(InviteeId))]
        public string? Username { get; init; }

        /// <summary>The batch that it is of (INV-20); for one by itself, nothing is stored.</summary>
        public Guid? BatchId { get; init; }
    }

    /// <summary>A second person is to approve it (INV-23). Stands before the request, so that nobody is told of that before.</summary>
    [EventType("invitation.approval_required.v1")]
    public sealed record ApprovalRequired(Guid InvitationId, Guid OrganizationId, DateTimeOffset At) : InvitationEvent;

    /// <summary>A second person approved it; whether it may go out is decided now.</summary>
    [EventType("invitation.approved.v1")]
    public sealed record Approved(Guid By, DateTimeOffset At) : InvitationEvent;

    /// <summary>A second person did not approve it. The reason may say something about the invitee.</summary>
    [EventType("invitation.rejected.v1")]
    public sealed record Rejected(
        Guid InviteeId, Guid By, [property: PersonalData(nameof(Rejected.InviteeId))] string? Reason, DateTimeOffset At) : InvitationEvent;

    /// <summary>It may go out: a link exists, of which this holds the hash, and the seat is held if it takes one.</summary>
    [EventType("invitation.opened.v1")]
    public sealed record Opened(
        string OrganizationName, string? AppName, string? RoleName, Guid InvitedBy,
        [property: PersonalData(nameof(Opened.InvitedBy))] string? InvitedByName,
        int Generation, string TokenHash, DateTimeOffset ExpiresAt, DateTimeOffset At) : InvitationEvent
    {
        /// <summary>What it goes out by, where it is not e-mail; else nothing is stored.</summary>
        public string? Channel { get; init; }

        /// <summary>What the one-time password is made from that the message carries instead of the link; for a link, nothing is stored.</summary>
        public Guid? OneTimePasswordId { get; init; }

        /// <summary>Those of a batch that opened in the same commit: other services are told once for all of them. One by itself stores nothing.</summary>
        public Guid? ChunkId { get; init; }
    }

    /// <summary>No seat is free; it waits for one, in order.</summary>
    [EventType("invitation.waitlisted.v1")]
    public sealed record Waitlisted(string OrganizationName, string AppName, string RoleName) : InvitationEvent;

    /// <summary>It may not go out.</summary>
    [EventType("invitation.refused.v1")]
    public sealed record Refused(string Kind, string Code, string Detail) : InvitationEvent
    {
        /// <summary>The facts that decided (INV-25); where there are none, nothing is stored.</summary>
        public IReadOnlyDictionary<string, string>? Facts { get; init; }
    }

    /// <summary>It was sent again with a new link, which takes the place of the one before (INV-08).</summary>
    [EventType("invitation.resent.v1")]
    public sealed record Resent(int Generation, string TokenHash, DateTimeOffset ExpiresAt, Guid By, DateTimeOffset At) : InvitationEvent
    {
        /// <inheritdoc cref="Opened.OneTimePasswordId"/>
        public Guid? OneTimePasswordId { get; init; }
    }

    /// <summary>It had expired and is to be sent again: whether it may, and has a seat, is decided anew.</summary>
    [EventType("invitation.renewal_requested.v1")]
    public sealed record RenewalRequested(int Round, Guid By, string ByRole, DateTimeOffset At) : InvitationEvent;

    /// <summary>It can't be sent again now, and stays expired.</summary>
    [EventType("invitation.renewal_refused.v1")]
    public sealed record RenewalRefused(string Kind, string Code, string Detail) : InvitationEvent
    {
        /// <inheritdoc cref="Refused.Facts"/>
        public IReadOnlyDictionary<string, string>? Facts { get; init; }
    }

    /// <summary>Whoever holds the link, which has expired, asks for a new one.</summary>
    [EventType("invitation.new_link_asked.v1")]
    public sealed record NewLinkAsked(DateTimeOffset At) : InvitationEvent;

    /// <summary>Somebody corrected what it says of the invitee; organization, address and what is offered stay (INV-07).</summary>
    [EventType("invitation.details_changed.v1")]
    public sealed record DetailsChanged(
        Guid InviteeId,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] string FirstName,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] string LastName,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] string? PersonalNumber,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] string? LmaNumber,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] string? Phone,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] string? Gender,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] bool? SwedishCitizen,
        [property: PersonalData(nameof(DetailsChanged.InviteeId))] bool? EuCitizen,
        string Language, Guid By, DateTimeOffset At) : InvitationEvent;

    /// <summary>The invitee does not want it (INV-26).</summary>
    [EventType("invitation.declined.v1")]
    public sealed record Declined(
        Guid InviteeId, [property: PersonalData(nameof(Declined.InviteeId))] string? Reason, DateTimeOffset At) : InvitationEvent;

    /// <summary>The invitee had not answered so many days before the end, and is reminded.</summary>
    [EventType("invitation.reminded.v1")]
    public sealed record Reminded(int DaysBefore, int Generation, DateTimeOffset At) : InvitationEvent;

    /// <summary>It was taken back before it was accepted.</summary>
    [EventType("invitation.revoked.v1")]
    public sealed record Revoked(Guid By, DateTimeOffset At) : InvitationEvent;

    /// <summary>Its time was up before it was accepted.</summary>
    [EventType("invitation.expired.v1")]
    public sealed record Expired(DateTimeOffset At) : InvitationEvent;

    /// <summary>What it held is given back, its seat included.</summary>
    [EventType("invitation.withdrawal_settled.v1")]
    public sealed record WithdrawalSettled : InvitationEvent;

    /// <summary>What became of the message that carries its link.</summary>
    [EventType("invitation.delivery_changed.v1")]
    public sealed record DeliveryChanged(int Generation, string Channel, string Status, string? Error, DateTimeOffset At) : InvitationEvent;

    /// <summary>The invitee has given what an account needs; the account is being made or found.</summary>
    [EventType("invitation.registration_started.v1")]
    public sealed record RegistrationStarted(
        Guid RegistrationId, Guid UserId,
        [property: PersonalData(nameof(RegistrationStarted.UserId))] string? Username,
        [property: PersonalData(nameof(RegistrationStarted.UserId))] string? PasswordHash,
        string Language, string? PrivacyPolicyVersion, string GrantHash, DateTimeOffset At) : InvitationEvent;

    /// <summary>The account could not be made or may not have what was offered; the invitation is open again.</summary>
    [EventType("invitation.registration_refused.v1")]
    public sealed record RegistrationRefused(Guid RegistrationId, string Kind, string Code, string Detail) : InvitationEvent
    {
        /// <inheritdoc cref="Refused.Facts"/>
        public IReadOnlyDictionary<string, string>? Facts { get; init; }
    }

    /// <summary>The account exists and has its role.</summary>
    [EventType("invitation.account_provisioned.v1")]
    public sealed record AccountProvisioned(Guid RegistrationId, Guid UserId) : InvitationEvent;

    /// <summary>What it says of the invitee is erased; if it was not over, it was taken back before.</summary>
    [EventType("invitation.invitee_forgotten.v1")]
    public sealed record InviteeForgotten(DateTimeOffset At) : InvitationEvent;

    /// <summary>Everything offered is the person's.</summary>
    [EventType("invitation.accepted.v1")]
    public sealed record Accepted(Guid UserId, DateTimeOffset At) : InvitationEvent;
}
