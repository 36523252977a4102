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

    public string? Category => Subscription.Category;

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
        foreach (var stream in events.Where(e => e.Data is SubscriptionEvent).GroupBy(e => e.Stream))
        {
            var latest = await session.FetchForWriting<Subscription, SubscriptionEvent>(stream.Key, ct);
            // Most seats are taken while many are free: nothing is replayed for those.
            var free = latest.Aggregate.SeatLimit - latest.Aggregate.Used;
            if (stream.All(e => e.Data is SubscriptionEvent.SeatReserved ? free is null || free > latest.CurrentVersion - e.Version : !MayTell(e.Data)))
                continue;
            var subscription = await session.AggregateStream<Subscription, SubscriptionEvent>(stream.Key, stream.First().Version - 1, ct: ct) ?? Subscription.Initial;
            foreach (var happened in stream)
            {
                subscription = subscription.Apply((SubscriptionEvent)happened.Data);
                if (Tells(happened.Data, subscription))
                    await Tell(happened, subscription, session, ct);
            }
        }
    }

    /// <summary>Whether somebody is told of an event.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="subscription">The subscription after it.</param>
    public static bool Tells(object happened, Subscription subscription) => happened switch
    {
        // The last seat: the next invitation is refused.
        SubscriptionEvent.SeatReserved => subscription.AtLimit == AtLimit.Refuse && subscription.Used == subscription.SeatLimit,
        // Told when the first begins to wait, not for each.
        SubscriptionEvent.InvitationWaitlisted => subscription.Waiting.Count == 1,
        _ => MayTell(happened),
    };

    private static bool MayTell(object happened) =>
        happened is SubscriptionEvent.SeatLimitGrown or SubscriptionEvent.InvitationWaitlisted || Stopped(happened) is not null;

    private async Task Tell(RecordedEvent happened, Subscription subscription, EventSession session, CancellationToken ct)
    {
        var organization = await session.AggregateStream<Organization, OrganizationEvent>(Organization.StreamOf(subscription.OrganizationId), ct: ct);
        var app = await session.AggregateStream<App, AppEvent>(App.StreamOf(subscription.AppId), ct: ct);
        await Task.WhenAll(Of(happened, subscription, organization?.Founders() ?? [], app?.Name ?? "").Select(notice =>
            bus.Publish(notice, Pipe.Execute<PublishContext>(context => context.MessageId = notice.NoticeId), ct)));
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
