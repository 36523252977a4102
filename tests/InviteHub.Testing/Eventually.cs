using System.Diagnostics;

namespace InviteHub.Testing;

/// <summary>Bounded waiting for what another thread, process or server is about to do.</summary>
public static class Eventually
{
    /// <summary>Looks again and again until it is so.</summary>
    /// <exception cref="TimeoutException">It was not so within the time, 20 seconds unless given.</exception>
    public static async Task Is(Func<Task<bool>> so, string what, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await so())
        {
            if (watch.Elapsed > (within ?? TimeSpan.FromSeconds(20)))
                throw new TimeoutException($"not within {watch.Elapsed.TotalSeconds:0.0} s: {what}");
            await Task.Delay(5);
        }
    }

    /// <inheritdoc cref="Is(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task Is(Func<bool> so, string what, TimeSpan? within = null) => Is(() => Task.FromResult(so()), what, within);
}
