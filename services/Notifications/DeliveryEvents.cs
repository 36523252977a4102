using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Notifications;

/// <summary>What every message has, whatever it is about.</summary>
internal interface IMessage
{
    /// <summary>Which message.</summary>
    string Kind { get; }

    /// <summary><c>email</c> or <c>sms</c>.</summary>
    string Channel { get; }

    /// <summary>The invitation or the notice.</summary>
    Guid CauseId { get; }

    /// <summary>After which it is of no use.</summary>
    DateTimeOffset? ExpiresAt { get; }

    /// <summary>When it was queued.</summary>
    DateTimeOffset At { get; }

    /// <summary>Whether it is one of a batch, and gives way to others.</summary>
    bool IsBulk => false;
}

/// <summary>What a message that carries an invitation's link has besides, whichever way it goes.</summary>
internal interface IInvitationMessage : IMessage
{
    /// <summary>The invitation.</summary>
    Guid InvitationId { get; }

    /// <summary>Which link of it.</summary>
    int Generation { get; }

    /// <summary>The name of who invites, where it is told and they are not forgotten.</summary>
    string? Inviter { get; }
}

/// <summary>Everything that can happen to a message on its way (NOT-03). The link in it is in none of them (NOT-04).</summary>
internal abstract record DeliveryEvent
{
    private DeliveryEvent()
    {
    }

    /// <summary>A message is to go out; all that it will say, but its link.</summary>
    /// <remarks><c>InvitedByName</c> is in messages of before alone, which kept the inviter's name as the recipient's data.</remarks>
    [EventType("delivery.queued.v1")]
    public sealed record Queued(
        string Kind, string Channel, string Language, Guid InvitationId, int Generation, string Way, Guid RecipientId,
        [property: PersonalData(nameof(Queued.RecipientId))] string Email,
        [property: PersonalData(nameof(Queued.RecipientId))] string FirstName,
        [property: PersonalData(nameof(Queued.RecipientId))] string? InvitedByName,
        string OrganizationName, string? AppName, string? RoleName, DateTimeOffset ExpiresAt, DateTimeOffset At) : DeliveryEvent, IInvitationMessage
    {
        /// <summary>True for one of a batch; else nothing is stored.</summary>
        public bool? Bulk { get; init; }

        Guid IMessage.CauseId => InvitationId;

        DateTimeOffset? IMessage.ExpiresAt => ExpiresAt;

        /// <summary>The username of the account, where it is told; else nothing is stored.</summary>
        [PersonalData(nameof(RecipientId))]
        public string? Username { get; init; }

        /// <summary>What the one-time password is made from that stands in the place of the link; for a link, nothing is stored.</summary>
        public Guid? OneTimePasswordId { get; init; }

        /// <summary>Who invites, where their name is told; else nothing is stored.</summary>
        public Guid? InvitedBy { get; init; }

        /// <summary>The name of who invites: their own data, so that forgetting them reaches every message that names them.</summary>
        [PersonalData(nameof(InvitedBy))]
        public string? InviterName { get; init; }

        bool IMessage.IsBulk => Bulk is true;

        string? IInvitationMessage.Inviter => PersonalDataAttribute.Known(InviterName ?? InvitedByName);
    }

    /// <inheritdoc cref="Queued"/>
    [EventType("delivery.sms_queued.v1")]
    public sealed record SmsQueued(
        string Kind, string Channel, string Language, Guid InvitationId, int Generation, string Way, Guid RecipientId,
        [property: PersonalData(nameof(SmsQueued.RecipientId))] string Phone,
        [property: PersonalData(nameof(SmsQueued.RecipientId))] string? InvitedByName,
        string OrganizationName, string? AppName, DateTimeOffset ExpiresAt, DateTimeOffset At) : DeliveryEvent, IInvitationMessage
    {
        /// <inheritdoc cref="Queued.Username"/>
        [PersonalData(nameof(RecipientId))]
        public string? Username { get; init; }

        /// <inheritdoc cref="Queued.OneTimePasswordId"/>
        public Guid? OneTimePasswordId { get; init; }

        /// <inheritdoc cref="Queued.InvitedBy"/>
        public Guid? InvitedBy { get; init; }

        /// <inheritdoc cref="Queued.InviterName"/>
        [PersonalData(nameof(InvitedBy))]
        public string? InviterName { get; init; }

        Guid IMessage.CauseId => InvitationId;

        DateTimeOffset? IMessage.ExpiresAt => ExpiresAt;

        string? IInvitationMessage.Inviter => PersonalDataAttribute.Known(InviterName ?? InvitedByName);
    }

    /// <summary>A person is to be told something. Nothing of the person is in it: where and in which language is looked up when it is sent.</summary>
    [EventType("delivery.notice_queued.v1")]
    public sealed record NoticeQueued(
        string Kind, string Channel, Guid NoticeId, Guid RecipientId, IReadOnlyDictionary<string, string> Facts, DateTimeOffset? ExpiresAt,
        DateTimeOffset At) : DeliveryEvent, IMessage
    {
        Guid IMessage.CauseId => NoticeId;
    }

    /// <summary>Somebody is handing it over; until the lease is over nobody else does.</summary>
    [EventType("delivery.attempted.v1")]
    public sealed record Attempted(int Attempt, DateTimeOffset At) : DeliveryEvent;

    /// <summary>It was not taken this time, and is tried again.</summary>
    [EventType("delivery.postponed.v1")]
    public sealed record Postponed(int Attempt, string Reason, DateTimeOffset RetryAt, DateTimeOffset At) : DeliveryEvent;

    /// <summary>The mail server, or the SMS provider, has it.</summary>
    [EventType("delivery.sent.v1")]
    public sealed record Sent(int Attempt, DateTimeOffset At) : DeliveryEvent;

    /// <summary>It is given up. The reason is in our words: a server's own may hold the address.</summary>
    [EventType("delivery.failed.v1")]
    public sealed record Failed(string Reason, DateTimeOffset At) : DeliveryEvent
    {
        /// <summary>True when the server refused the recipient for good; else nothing is stored.</summary>
        public bool? IsHard { get; init; }
    }

    /// <summary>A mail server took it and could not deliver it. The reason is in our words; hard when sending again is of no use.</summary>
    [EventType("delivery.bounced.v1")]
    public sealed record Bounced(string Reason, bool IsHard, DateTimeOffset At) : DeliveryEvent;

    /// <summary>It is not wanted any more.</summary>
    [EventType("delivery.cancelled.v1")]
    public sealed record Cancelled(string Reason, DateTimeOffset At) : DeliveryEvent;
}
