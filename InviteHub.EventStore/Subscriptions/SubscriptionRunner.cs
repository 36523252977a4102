using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using InviteHub.EventStore.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace InviteHub.EventStore.Subscriptions;

/// <summary>Is handed every event of the service exactly once in order, as far as its effects are saved by the session.</summary>
public interface ISubscription
{
    /// <summary>The name of its checkpoint: <c>&lt;service&gt;.&lt;what&gt;.v&lt;n&gt;</c>; a new n starts from the first event.</summary>
    string Name { get; }

    /// <summary>
    /// Whether it is also handed events that no catalogue knows, each with an <see cref="UnknownEventTypeException"/> as its data. Others stop
    /// in front of such an event, since to skip it would be to lose it.
    /// </summary>
    bool TakesUnknownEvents => false;

    /// <summary>
    /// Whether it is also handed the events of archived streams. What tells others needs them, since a stream may be archived before it has
    /// read the last of them.
    /// </summary>
    bool TakesArchivedEvents => true;

    /// <summary>The category of the streams whose events it is about. Others are passed over unread, but for the last one that was looked at.</summary>
    string? Category => null;

    /// <summary>
    /// Handles the next events. What it does in the session commits together with the checkpoint; anything else it does must bear
    /// being done again, since the process may die before that commit.
    /// </summary>
    Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct);
}

/// <summary>
/// Runs one subscription: woken by new events, polling as a fallback. Of several instances one works, the one that holds the
/// advisory lock; when it dies, PostgreSQL gives the lock to another.
/// </summary>
public sealed class SubscriptionRunner(
    PostgresEventStore store, [FromKeyedServices(ServiceCollectionExtensions.Direct)] NpgsqlDataSource direct, EventSignal signal,
    ISubscription subscription, TimeProvider clock, ILogger<SubscriptionRunner> log) : BackgroundService
{
    private const int BatchSize = 500;

    /// <summary>The subscriptions that this process works for, each with the time of the oldest event that it has not handled; none when it has handled all.</summary>
    private static readonly ConcurrentDictionary<string, (DateTimeOffset? Oldest, TimeProvider Clock)> Behind = new(StringComparer.Ordinal);
    private static readonly Meter Meter = new("InviteHub.EventStore");

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilSettled = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    // Asked for and not told: one that hangs tells nothing.
    static SubscriptionRunner() => _ = Meter.CreateObservableGauge(
        "invitehub.subscription.lag.age", Ages, "s", "How long the oldest event has waited that a subscription has not handled; 0 when it has handled all");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await direct.OpenConnectionAsync(stoppingToken);
                if (!await TakeLock(connection, stoppingToken))
                {
                    Behind.TryRemove(subscription.Name, out _); // Another instance knows.
                    await Task.Delay(PollEvery, clock, stoppingToken);
                    continue;
                }

                try
                {
                    await Work(connection, () => failures = 0, stoppingToken);
                }
                finally
                {
                    await ReleaseLock(connection);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                failures++;
                var wait = TimeSpan.FromMilliseconds(Math.Min(LongestWait.TotalMilliseconds, 100 * Math.Pow(2, failures)));
                // Where and what kind, never the message: it may quote a value, and a value may be personal data.
                log.LogError(
                    "Subscription {Subscription} failed, for the {Failures}. time, with {Error}; again in {Wait}{StackTrace}",
                    subscription.Name, failures, Applying.Describe(e), wait, Environment.NewLine + e.StackTrace);
                await Task.Delay(wait, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Work(NpgsqlConnection held, Action succeeded, CancellationToken ct)
    {
        using var watcher = signal.WatchAll();
        var position = await Checkpoint(ct);
        var settling = UntilSettled;
        var askedAt = clock.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            var next = watcher.Next();
            var (events, unsettled) = await store.EventsAfter(position, BatchSize, ct, subscription.TakesArchivedEvents, category: subscription.Category);
            var read = events.Count;
            Behind[subscription.Name] = (read > 0 ? events[0].Timestamp : null, clock);
            if (read > 0)
            {
                if (!subscription.TakesUnknownEvents)
                {
                    var known = events.TakeWhile(e => e.Data is not UnknownEventTypeException).ToArray();
                    events = known.Length > 0 ? known : throw (UnknownEventTypeException)events[0].Data;
                }

                // Its own trace: each event names the trace that it belongs to.
                Activity.Current = null;
                var session = store.OpenSession();
                await subscription.Handle(events, session, ct);
                session.MoveCheckpoint(subscription.Name, position, events[^1].Position);
                try
                {
                    await session.SaveChanges(ct);
                    position = events[^1].Position;
                    settling = UntilSettled;
                    Behind[subscription.Name] = (null, clock);
                    succeeded();
                }
                catch (ConcurrencyConflictException)
                {
                    // Another instance moved the checkpoint. Either it has not noticed yet that it lost the lock, or this one has not:
                    // whoever still has it goes on from there, and gives way to nobody.
                    await StillHeld(held, ct);
                    position = await Checkpoint(ct);
                    continue;
                }
            }

            if (clock.GetElapsedTime(askedAt) >= PollEvery)
            {
                await StillHeld(held, ct);
                askedAt = clock.GetTimestamp();
            }

            // Of those that were passed over nobody knows how many they were.
            if (read == BatchSize || (read > 0 && subscription.Category is not null))
                continue;
            if (unsettled)
            {
                await Task.Delay(settling, clock, ct);
                settling = settling * 2 < LongestSettling ? settling * 2 : LongestSettling;
            }
            else
            {
                await next.WaitAsync(PollEvery, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static IEnumerable<Measurement<double>> Ages() => Behind.Select(one => new Measurement<double>(
        one.Value.Oldest is { } oldest ? Math.Max(0, (one.Value.Clock.GetUtcNow() - oldest).TotalSeconds) : 0,
        KeyValuePair.Create<string, object?>("subscription", one.Key)));

    private async Task<bool> TakeLock(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(730, hashtext($1))", connection);
        command.Parameters.AddWithValue(subscription.Name);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    // The lock lives as long as its connection: no answer, no lock.
    private static async Task StillHeld(NpgsqlConnection held, CancellationToken ct)
    {
        await using var alive = new NpgsqlCommand("select 1", held);
        await alive.ExecuteNonQueryAsync(ct);
    }

    // The pool resets a connection only when it hands it out again: until then it would hold the lock and nobody would work.
    private static async Task ReleaseLock(NpgsqlConnection connection)
    {
        if (connection.State != ConnectionState.Open)
            return;
        await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task<EventPosition> Checkpoint(CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand(
            "select last_transaction_id, last_seq_id from mt_event_progression where name = $1");
        command.Parameters.AddWithValue(subscription.Name);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) : EventPosition.Start;
    }
}
