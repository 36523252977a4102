using System.Text.Json.Serialization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace InviteHub.LocalHost;

/// <summary>A process that we started.</summary>
internal interface IServer : IAsyncDisposable
{
    int ProcessId { get; }

    /// <summary>Completes with the exit code.</summary>
    Task<int> Exited { get; }
}

/// <summary>What a resource does at the moment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourceState>))]
internal enum ResourceState
{
    Waiting,
    Starting,
    Running,
    Restarting,
    Stopping,
    Stopped,
    FailedToStart,
}

/// <summary>Brings one replica of a resource up, keeps it up with growing waits between restarts, and watches its health.</summary>
internal sealed class Runner(
    Resource resource, string name, int replica, ConsoleLog log, Func<Resource, CancellationToken, Task> dependencies, ILogger logger, TimeProvider clock)
    : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CountsAsStable = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private CancellationTokenSource _own = new();
    private Task _run = Task.CompletedTask;
    private IServer? _server;

    /// <summary>Starts the process; null when there is none of ours.</summary>
    public required Func<CancellationToken, Task<IServer>>? StartServer { get; init; }

    /// <summary>What there is to do once instead.</summary>
    public required Func<CancellationToken, Task>? Prepare { get; init; }

    /// <summary>Null: healthy as long as it runs.</summary>
    public required Func<CancellationToken, Task<bool>>? IsHealthy { get; init; }

    public Resource Resource => resource;

    public string Name => name;

    public ConsoleLog Log => log;

    public ResourceState State { get; private set; }

    public bool Healthy { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; private set; }

    public int? ProcessId => _server?.ProcessId;

    public IEnumerable<string> Addresses => resource.Endpoints.Select(endpoint => endpoint.UrlOf(replica));

    /// <summary>What a person can ask of it now.</summary>
    public IReadOnlyList<string> Commands => State switch
    {
        _ when StartServer is null => [],
        ResourceState.Stopped or ResourceState.FailedToStart => ["start"],
        ResourceState.Stopping => [],
        _ => ["stop", "restart"],
    };

    public void Start(CancellationToken stopping)
    {
        _own.Dispose();
        _own = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Error = null;
        Become(ResourceState.Waiting);
        _run = Task.Run(() => RunAsync(_own.Token), CancellationToken.None);
    }

    /// <summary>Stops it if it runs, and starts it again if that is wanted and the application does not stop.</summary>
    public async Task StopAsync(bool startAgain, CancellationToken stopping)
    {
        await _oneAtATime.WaitAsync(CancellationToken.None);
        try
        {
            await StopAsync();
            if (startAgain && !stopping.IsCancellationRequested)
                Start(stopping);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async Task StopAsync()
    {
        await _own.CancelAsync();
        await _run;
        if (_server is not null)
        {
            Become(ResourceState.Stopping);
            await _server.DisposeAsync();
            _server = null;
        }
        if (State != ResourceState.FailedToStart)
            Become(ResourceState.Stopped);
    }

    public void Dispose()
    {
        _own.Dispose();
        _oneAtATime.Dispose();
        log.Dispose();
    }

    public async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Healthy)
                    return;
                if (State == ResourceState.FailedToStart)
                    throw new DistributedApplicationException($"{name}: {Error}");
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends when the application stops, leaving a running process to <see cref="StopAsync()"/>, or when there is no point in going on.</summary>
    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await dependencies(resource, stopping);
            Become(ResourceState.Starting);
            if (Prepare is not null)
                await Prepare(stopping);
            if (StartServer is null)
                await WatchHealthAsync(stopping);
            else
                await KeepUpAsync(StartServer, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception error)
        {
            Error = error.Message;
            Become(ResourceState.FailedToStart);
            logger.LogError("can't be started: {Error}", error is DistributedApplicationException ? error.Message : error);
        }
    }

    private async Task KeepUpAsync(Func<CancellationToken, Task<IServer>> start, CancellationToken stopping)
    {
        _server = await start(stopping); // When the first start fails, so will the next.
        var wait = FirstWait;
        while (!stopping.IsCancellationRequested)
        {
            var since = clock.GetTimestamp();
            if (_server is not null)
            {
                var exitCode = await WatchAsync(_server, stopping);
                await _server.DisposeAsync(); // A server may be more than the process that ended.
                _server = null;
                logger.LogWarning("exited with code {ExitCode}; its last words:", exitCode);
                foreach (var line in log.Last(10))
                    logger.LogWarning("| {Line}", line);
            }
            wait = clock.GetElapsedTime(since) > CountsAsStable ? FirstWait : wait;
            Become(ResourceState.Restarting);
            await Task.Delay(wait, clock, stopping);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            Restarts++;
            try
            {
                _server = await start(stopping);
                Error = null;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Error = error.Message;
                logger.LogWarning("can't be restarted yet: {Error}", error.Message);
            }
        }
    }

    private async Task<int> WatchAsync(IServer server, CancellationToken stopping)
    {
        using var ended = new CancellationTokenSource();
        var watching = WatchHealthAsync(ended.Token);
        try
        {
            return await server.Exited.WaitAsync(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchHealthAsync(CancellationToken until)
    {
        Become(ResourceState.Running, healthy: IsHealthy is null);
        while (IsHealthy is not null)
        {
            var healthy = await CheckAsync(IsHealthy, until);
            if (healthy != Healthy)
                Become(ResourceState.Running, healthy);
            // Where another replica can take the requests of one that drains, that should be known before it stops.
            await Task.Delay(TimeSpan.FromMilliseconds(!healthy ? 100 : resource.Replicas > 1 ? 500 : 2000), clock, until);
        }
    }

    private static async Task<bool> CheckAsync(Func<CancellationToken, Task<bool>> isHealthy, CancellationToken until)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(until);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            return await isHealthy(patience.Token);
        }
        catch (Exception) when (!until.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Become(ResourceState state, bool healthy = false)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (healthy && !Healthy && StartServer is not null)
                logger.LogInformation("healthy{Process}", ProcessId is { } id ? $", process {id}" : "");
            else if (Healthy && state == ResourceState.Running)
                logger.LogWarning("not healthy");
            else if (state == ResourceState.Stopped && State == ResourceState.Stopping)
                logger.LogInformation("stopped");
            (State, Healthy) = (state, healthy);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }
}
