using System.Security.Cryptography;
using System.Text;
using InviteHub.EventStore;

namespace InviteHub.Notifications;

/// <summary>Where a message is on its way.</summary>
internal enum DeliveryStatus
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Waits for its first or next attempt.</summary>
    Queued,

    /// <summary>Is being handed over.</summary>
    Sending,

    /// <summary>Was taken by the mail server or the SMS provider.</summary>
    Sent,

    /// <summary>Was given up.</summary>
    Failed,

    /// <summary>Is not wanted any more.</summary>
    Cancelled,

    /// <summary>Went out and came back.</summary>
    Bounced,
}

/// <summary>One message to one person for one cause, made by its events alone.</summary>
internal sealed record Delivery : IAggregate<Delivery, DeliveryEvent>
{
    public static string Category => "delivery";

    public static Delivery Initial { get; } = new();

    public DeliveryStatus Status { get; init; }

    /// <summary>What it says; null before it was queued.</summary>
    public IMessage? Message { get; init; }

    /// <summary>How often it was begun to be handed over.</summary>
    public int Attempts { get; init; }

    /// <summary>When the latest attempt began.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>When the next attempt may begin.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The stream of a message, with the organization in whose name it is sent, if in anybody's.</summary>
    public static StreamId Stream(Guid? organizationId, Guid id) =>
        organizationId is { } organization ? StreamId.Of(Category, id, organization) : StreamId.Of(Category, id);

    /// <summary>
    /// The id of the message for a cause: the same cause always has the same stream, so whatever is redelivered there is never a second
    /// message (NOT-03).
    /// </summary>
    public static Guid IdFor(Guid invitationId, int generation, string kind, string channel) =>
        IdOf($"invitation {invitationId} {generation} {kind} {channel}");

    /// <inheritdoc cref="IdFor(Guid, int, string, string)"/>
    public static Guid IdFor(Guid noticeId, string channel) => IdOf($"notice {noticeId} {channel}");

    public Delivery Apply(DeliveryEvent happened) => happened switch
    {
        IMessage e => this with { Status = DeliveryStatus.Queued, Message = e, NotBefore = e.At },
        DeliveryEvent.Attempted e => this with { Status = DeliveryStatus.Sending, Attempts = e.Attempt, AttemptedAt = e.At },
        DeliveryEvent.Postponed e => this with { Status = DeliveryStatus.Queued, NotBefore = e.RetryAt },
        DeliveryEvent.Sent => this with { Status = DeliveryStatus.Sent },
        DeliveryEvent.Failed => this with { Status = DeliveryStatus.Failed },
        DeliveryEvent.Cancelled => this with { Status = DeliveryStatus.Cancelled },
        DeliveryEvent.Bounced => this with { Status = DeliveryStatus.Bounced },
        _ => throw new InvalidOperationException($"{happened.GetType()} is not an event of a delivery"),
    };

    /// <summary>A UUID version 8 (RFC 9562) of SHA-256.</summary>
    private static Guid IdOf(string cause)
    {
        Span<byte> hash = SHA256.HashData(Encoding.UTF8.GetBytes(cause));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
