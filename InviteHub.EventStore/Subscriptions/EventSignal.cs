using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace InviteHub.EventStore.Subscriptions;

/// <summary>
/// Says that streams have new events: at once within this process, by NOTIFY to the others. NOTIFY is sent after the commit, many
/// appends in one, on a connection of its own: inside the commit it would serialize all writers of the database. A process that
/// dies between commit and NOTIFY costs the others nothing but their next poll.
/// </summary>
public sealed class EventSignal(NpgsqlDataSource database, TimeProvider clock, ILogger<EventSignal> log) : BackgroundService
{
    private const string ChannelName = "ih_events";
    private const int PayloadLimit = 7_900; // PostgreSQL takes payloads shorter than 8000 bytes.

    // Which of the listeners is this one; two hosts may share a process.
    private readonly string _self = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
    private readonly Channel<string> _raised = System.Threading.Channels.Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Watcher, bool>> _watchers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Watcher, bool> _all = [];

    /// <summary>Watches one stream.</summary>
    public Watcher Watch(string streamId)
    {
        var watcher = new Watcher(this, streamId);
        _watchers.GetOrAdd(streamId, _ => []).TryAdd(watcher, true);
        return watcher;
    }

    /// <summary>Watches every stream.</summary>
    public Watcher WatchAll()
    {
        var watcher = new Watcher(this, streamId: null);
        _all.TryAdd(watcher, true);
        return watcher;
    }

    internal void Raise(IEnumerable<string> streamIds)
    {
        foreach (var id in streamIds)
        {
            Wake(id);
            _raised.Writer.TryWrite(id);
        }
    }

    internal void Forget(Watcher watcher)
    {
        if (watcher.StreamId is not { } id)
        {
            _all.TryRemove(watcher, out _);
        }
        else if (_watchers.TryGetValue(id, out var of))
        {
            of.TryRemove(watcher, out _);
            if (of.IsEmpty)
                _watchers.TryRemove(new(id, of));
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Tell(stoppingToken), Hear(stoppingToken));

    private void Wake(string? streamId)
    {
        if (streamId is null)
        {
            foreach (var watcher in _watchers.Values.SelectMany(of => of.Keys))
                watcher.Wake();
        }
        else if (_watchers.TryGetValue(streamId, out var of))
        {
            foreach (var watcher in of.Keys)
                watcher.Wake();
        }

        foreach (var watcher in _all.Keys)
            watcher.Wake();
    }

    private async Task Tell(CancellationToken ct)
    {
        await Endlessly("telling of new events", async connection =>
        {
            while (await _raised.Reader.WaitToReadAsync(ct))
            {
                var ids = new HashSet<string>(StringComparer.Ordinal);
                var length = _self.Length;
                while (_raised.Reader.TryRead(out var id))
                {
                    if (ids.Add(id))
                        length += id.Length + 1;
                }

                // Too many to name: everybody looks.
                var payload = $"{_self} {(length < PayloadLimit ? string.Join(' ', ids) : "*")}";
                await using var command = new NpgsqlCommand("select pg_notify($1, $2)", connection);
                command.Parameters.AddWithValue(ChannelName);
                command.Parameters.AddWithValue(payload);
                await command.ExecuteNonQueryAsync(ct);
            }
        }, ct);
    }

    private async Task Hear(CancellationToken ct)
    {
        await Endlessly("hearing of new events", async connection =>
        {
            connection.Notification += (_, heard) =>
            {
                var words = heard.Payload.Split(' ');
                if (words[0] == _self)
                    return; // Woken already, when it was raised.
                foreach (var id in words.Skip(1))
                    Wake(id == "*" ? null : id);
            };
            await using (var listen = new NpgsqlCommand($"listen {ChannelName}", connection))
                await listen.ExecuteNonQueryAsync(ct);
            Wake(null); // What came while nobody listened.
            while (!ct.IsCancellationRequested)
                await connection.WaitAsync(ct);
        }, ct);
    }

    private async Task Endlessly(string what, Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                await work(connection);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Lost the connection for {What}; readers poll until it is back", what);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Is woken by each append to what it watches. Dispose it to stop.</summary>
public sealed class Watcher : IDisposable
{
    private readonly EventSignal _signal;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Watcher(EventSignal signal, string? streamId) => (_signal, StreamId) = (signal, streamId);

    internal string? StreamId { get; }

    /// <summary>Ends with the next append after this call. Ask for it before looking, then nothing falls in between.</summary>
    public Task Next() => Volatile.Read(ref _next).Task;

    /// <inheritdoc/>
    public void Dispose() => _signal.Forget(this);

    internal void Wake() =>
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
