using System.Diagnostics;
using System.Diagnostics.Metrics;
using InviteHub.EventStore;
using InviteHub.EventStore.Subscriptions;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.ReadModels;

namespace InviteHub.Notifications.Sending;

/// <summary>
/// Hands due messages over, several at once, woken by each new one. The attempt is noted before the mail is handed over and its outcome
/// after: a process that dies in between leaves an attempt that another takes over when its lease is over.
/// </summary>
internal sealed class Sender(
    PostgresEventStore store, EventSignal signal, IMailTransport transport, ISmsTransport texts, MailComposer composer, TimeProvider clock,
    ILogger<Sender> log)
    : BackgroundService
{
    private const int AtOnce = 8;

    /// <summary>How many of them only urgent messages get: however many others wait, or hang with a slow server, a code goes out at once.</summary>
    private const int KeptForUrgent = 2;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly ActivitySource Activities = new("InviteHub.Notifications");
    private static readonly Meter Meter = new("InviteHub.Notifications");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "invitehub.deliveries.attempts", "{attempt}", "Attempts to hand a message over, by what came of them");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = signal.WatchAll();
        var underWay = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = watcher.Next();
            underWay.RemoveAll(t => t.IsCompleted);
            var free = AtOnce - underWay.Count;
            var taken = free > 0 ? await Take(free, stoppingToken) : [];
            underWay.AddRange(taken.Select(due => Task.Run(() => Send(due), CancellationToken.None)));
            if (taken.Count == 0)
                await ((Task)Task.WhenAny([.. underWay, next])).WaitAsync(LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // What was begun is finished; the host says how long that may take.
        await Task.WhenAll(underWay);
    }

    private async Task<IReadOnlyList<DueDelivery>> Take(int free, CancellationToken ct)
    {
        try
        {
            return await DueDeliveries.Take(store.Database, free, Math.Max(0, free - KeptForUrgent), clock.GetUtcNow(), ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogWarning(e, "Looking for messages to send failed; again in {Wait}", LookEvery);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }

        return [];
    }

    private async Task Send(DueDelivery due)
    {
        // Its own trace: that of the invitation.
        Activity.Current = null;
        _ = ActivityContext.TryParse(due.Trace, traceState: null, out var parent);
        using var activity = Activities.StartActivity("notifications.send", ActivityKind.Producer, parent);
        try
        {
            if (await Commit(due, delivery => AttemptDelivery.Decide(delivery, clock.GetUtcNow())) is not { Status: DeliveryStatus.Sending } begun)
                return;
            var outcome = await HandOver(due, begun.Message!);
            if (outcome is not Handover.Accepted)
                log.LogInformation("Delivery {Delivery}, attempt {Attempt}: {Outcome}", due.Id, begun.Attempts, outcome);
            await Record(due, begun.Message!, new(begun.Attempts, outcome, clock.GetUtcNow()));
        }
        catch (Exception e)
        {
            // Whatever it was, the lease ends and somebody tries again.
            activity?.SetStatus(ActivityStatusCode.Error);
            log.LogWarning(e, "Delivery {Delivery} was left for later", due.Id);
        }
    }

    private async Task<Handover> HandOver(DueDelivery due, IMessage message)
    {
        var brand = await Brands.Of(store.Database, due.TenantId);
        if (message is DeliveryEvent.SmsQueued text)
            return await texts.Send(new(due.Id, text.Phone, composer.Write(text, brand)), CancellationToken.None);
        if (await Recipient.Of(message, store.Database) is not { } to)
        {
            return await Recipient.IsForgotten(message, store.Database)
                ? new Handover.Never("The recipient's data was erased.")
                : new Handover.NotNow("The recipient is not known here yet.");
        }

        if (composer.Write(message, to, brand) is not { } letter)
            return new Handover.NotNow("Nobody here knows this kind of message yet.");
        using var mail = composer.Compose(due.Id, letter, to);
        return mail is null ? new Handover.Never("The address can't be written to.") : await transport.Send(mail, due.IsUrgent, CancellationToken.None);
    }

    /// <summary>An outcome that is not noted means a second mail: a database that is away for a moment must not cost that.</summary>
    private async Task Record(DueDelivery due, IMessage message, RecordOutcome.Command command)
    {
        for (var since = clock.GetTimestamp(); ;)
        {
            try
            {
                if (await Commit(due, delivery => RecordOutcome.Decide(delivery, command)) is { } after)
                    Attempts.Add(1, new("channel", message is DeliveryEvent.SmsQueued ? "sms" : "email"), new("outcome", OutcomeOf(after.Status)));
                return;
            }
            catch (Exception e) when (clock.GetElapsedTime(since) < AttemptDelivery.Lease / 2)
            {
                log.LogWarning(e, "The outcome of delivery {Delivery} is not noted yet", due.Id);
                await Task.Delay(LookEvery, clock);
            }
        }
    }

    private static string OutcomeOf(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Sent => "sent",
        DeliveryStatus.Queued => "postponed",
        _ => "failed",
    };

    /// <summary>Decides and commits: answers the state after that, or null when nothing had to happen.</summary>
    private Task<Delivery?> Commit(DueDelivery due, Func<Delivery, Decision<DeliveryEvent>> decide) => store.Transact(
        new EventMetadata(),
        async session =>
        {
            var stream = await session.FetchForWriting<Delivery, DeliveryEvent>(due.Stream);
            session.Metadata = new EventMetadata(CorrelationId: stream.Aggregate.Message?.CauseId.ToString());
            var decision = decide(stream.Aggregate);
            stream.AppendMany(decision.Events);
            return decision.Events.Count > 0 ? stream.Aggregate : null;
        });
}
