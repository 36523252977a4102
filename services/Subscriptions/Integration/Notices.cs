using System.Globalization;
using System.Security.Cryptography;
using InviteHub.Contracts;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.EventStore.Subscriptions;
using InviteHub.Subscriptions.Features;
using MassTransit;

namespace InviteHub.Subscriptions.Integration;

/// <summary>
/// Tells founders that a subscription is full or has grown (SUB-06), and holders that it stopped or goes on (SUB-05). The stream is the
/// outbox: a notice's id follows from the event and the recipient, so that what is published again is known.
/// </summary>
internal sealed class Notices(IBus bus) : ISubscription
{
    public string Name => "subscriptions.notices.v1";

    /// <summary>The notices behind an event.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="subscription">The subscription after it.</param>
    /// <param name="founders">Who owns it.</param>
    /// <param name="app">The app's name.</param>
    public static IEnumerable<NoticeDue> Of(RecordedEvent happened, Subscription subscription, IReadOnlyList<Guid> founders, string app)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["subscriptionId"] = subscription.Id.ToString(),
            ["plan"] = subscription.Plan,
            ["app"] = app,
        };
        if (Stopped(happened.Data) is { } what)
        {
            facts["what"] = what;
            return Each(NoticeKind.SubscriptionStopped, subscription.Seats.Values.Where(seat => seat.IsOccupied).Select(seat => seat.PersonId).Distinct());
        }

        facts["used"] = subscription.Used.ToString(CultureInfo.InvariantCulture);
        facts["limit"] = subscription.SeatLimit is { } limit ? limit.ToString(CultureInfo.InvariantCulture) : "";
        return Each(NoticeKind.SeatLimitReached, founders);

        IEnumerable<NoticeDue> Each(string kind, IEnumerable<Guid> recipients) => recipients.Select(recipient => new NoticeDue(
            IdOf(happened.Id, recipient), kind, recipient, subscription.OrganizationId, facts, happened.Timestamp, ExpiresAt: null));
    }

    public async Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct)
    {
        foreach (var happened in events.Where(e => e.Data is SubscriptionEvent.SeatLimitGrown or SubscriptionEvent.InvitationWaitlisted || Stopped(e.Data) is not null))
        {
            var subscription = (await session.AggregateStream<Subscription, SubscriptionEvent>(happened.Stream, happened.Version, ct: ct))!;
            // Told when the first begins to wait, not for each.
            if (happened.Data is SubscriptionEvent.InvitationWaitlisted && subscription.Waiting.Count > 1)
                continue;
            var organization = await session.AggregateStream<Organization, OrganizationEvent>(Organization.StreamOf(subscription.OrganizationId), ct: ct);
            var app = await session.AggregateStream<App, AppEvent>(App.StreamOf(subscription.AppId), ct: ct);
            await Task.WhenAll(Of(happened, subscription, organization?.Founders() ?? [], app?.Name ?? "").Select(notice =>
                bus.Publish(notice, Pipe.Execute<PublishContext>(context => context.MessageId = notice.NoticeId), ct)));
        }
    }

    private static string? Stopped(object happened) => happened switch
    {
        SubscriptionEvent.Suspended => "suspended",
        SubscriptionEvent.Resumed => "resumed",
        SubscriptionEvent.Ended => "ended",
        _ => null,
    };

    /// <summary>The same for the same event and recipient, always; a UUID of version 8, whose bits are the maker's to choose.</summary>
    private static Guid IdOf(Guid happened, Guid recipient)
    {
        var id = SHA256.HashData([.. happened.ToByteArray(bigEndian: true), .. recipient.ToByteArray(bigEndian: true)]).AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
