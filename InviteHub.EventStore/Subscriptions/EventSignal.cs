using System.Text;
using System.Threading.Channels;
using InviteHub.EventStore.PersonalData;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace InviteHub.EventStore.Subscriptions;

/// <summary>
/// Says that streams have new events, and that a subject's key is gone: at once within this process, by NOTIFY to the others. NOTIFY is sent after the commit, many
/// appends in one, on a connection of its own: inside the commit it would serialize all writers of the database. A process that
/// dies between commit and NOTIFY costs the others nothing but their next poll.
/// </summary>
public sealed class EventSignal(
    [FromKeyedServices(ServiceCollectionExtensions.Direct)] NpgsqlDataSource direct, TimeProvider clock, ILogger<EventSignal> log,
    SubjectKeys? keys = null) : BackgroundService
{
    private const string ChannelName = "ih_events";
    private const int PayloadLimit = 7_900; // PostgreSQL takes payloads shorter than 8000 bytes.

    // Which of the listeners is this one; two hosts may share a process.
    private readonly string _self = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
    private readonly Channel<string> _raised = System.Threading.Channels.Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<Watcher>> _watchers = new(StringComparer.Ordinal);
    private readonly HashSet<Watcher> _all = [];

    /// <summary>Watches one stream.</summary>
    public Watcher Watch(string streamId) => Add(new(this, streamId));

    /// <summary>Watches every stream of a category: what stands before the dash in their ids.</summary>
    public Watcher WatchCategory(string category) => Add(new(this, $"{category}-"));

    /// <summary>Watches every stream.</summary>
    public Watcher WatchAll() => Add(new(this, streamId: null));

    internal bool IsHearing { get; private set; }

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
        lock (_gate)
        {
            if (watcher.StreamId is not { } id)
                _all.Remove(watcher);
            else if (_watchers.TryGetValue(id, out var of) && of.Remove(watcher) && of.Count == 0)
                _watchers.Remove(id);
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Tell(stoppingToken), Hear(stoppingToken));

    private Watcher Add(Watcher watcher)
    {
        lock (_gate)
        {
            if (watcher.StreamId is not { } id)
                _all.Add(watcher);
            else if (_watchers.TryGetValue(id, out var of))
                of.Add(watcher);
            else
                _watchers.Add(id, [watcher]);
        }

        return watcher;
    }

    private void Wake(string? streamId)
    {
        lock (_gate)
        {
            foreach (var watcher in streamId is null ? _watchers.Values.SelectMany(of => of) : _watchers.GetValueOrDefault(streamId, []))
                watcher.Wake();
            if (streamId is not null && _watchers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(streamId.AsSpan(0, streamId.IndexOf('-') + 1), out var ofCategory))
            {
                foreach (var watcher in ofCategory)
                    watcher.Wake();
            }

            foreach (var watcher in _all)
                watcher.Wake();
        }
    }

    private async Task Tell(CancellationToken ct)
    {
        var told = true;
        await Endlessly("telling of new events", async connection =>
        {
            while (!told || await _raised.Reader.WaitToReadAsync(ct))
            {
                var ids = new HashSet<string>(StringComparer.Ordinal);
                while (_raised.Reader.TryRead(out var id))
                    ids.Add(id);

                // Too many to name, or some that an earlier connection took with it: everybody looks.
                var named = $"{_self} {string.Join(' ', ids)}";
                await using var command = new NpgsqlCommand("select pg_notify($1, $2)", connection);
                command.Parameters.AddWithValue(ChannelName);
                command.Parameters.AddWithValue(told && Encoding.UTF8.GetByteCount(named) < PayloadLimit ? named : $"{_self} *");
                told = false;
                await command.ExecuteNonQueryAsync(ct);
                told = true;
            }
        }, ct);
    }

    private async Task Hear(CancellationToken ct)
    {
        await Endlessly("hearing of new events", async connection =>
        {
            connection.Notification += (_, heard) =>
            {
                if (heard.Channel == SubjectKeys.ForgottenChannel)
                {
                    keys?.Evict(heard.Payload);
                    return;
                }

                var words = heard.Payload.Split(' ');
                if (words[0] == _self)
                    return; // Woken already, when it was raised.
                foreach (var id in words.Skip(1))
                    Wake(id == "*" ? null : id);
            };
            await using (var listen = new NpgsqlCommand($"listen {ChannelName}; listen {SubjectKeys.ForgottenChannel}", connection))
                await listen.ExecuteNonQueryAsync(ct);
            // What came while nobody listened.
            keys?.Evict(subject: null);
            Wake(null);
            IsHearing = true;
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
                await using var connection = await direct.OpenConnectionAsync(ct);
                await work(connection);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Lost the connection for {What}; readers poll until it is back", what);
                await Task.Delay(TimeSpan.FromMilliseconds(500), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
