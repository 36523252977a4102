using System.Diagnostics;

namespace InviteHub.Bench;

/// <summary>Two ways of asking much of a system.</summary>
internal static class Load
{
    /// <summary>So many clients that each ask again when they are answered: what comes off a second.</summary>
    public static async Task<double> Saturate(int clients, int requests, Func<int, Task> ask)
    {
        var next = -1;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var n && n < requests)
                await ask(n);
        }));
        return requests / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>
    /// One request after the other at a steady rate, whether or not those before are answered: how long each took in ms, counted from when it
    /// was due, so that nothing hides behind a system that stalls.
    /// </summary>
    public static async Task<double[]> At(double perSecond, TimeSpan time, Func<int, Task> ask)
    {
        var began = Stopwatch.GetTimestamp();
        return await Task.WhenAll(Enumerable.Range(0, (int)(perSecond * time.TotalSeconds)).Select(async n =>
        {
            var due = TimeSpan.FromSeconds(n / perSecond);
            if (due - Stopwatch.GetElapsedTime(began) is var early && early > TimeSpan.Zero)
                await Task.Delay(early);
            await ask(n);
            return (Stopwatch.GetElapsedTime(began) - due).TotalMilliseconds;
        }));
    }

    public static double Median(IEnumerable<double> all) => Percentile([.. all], 50);

    public static double Percentile(IReadOnlyCollection<double> all, int percent) => all.Order().ElementAt((all.Count - 1) * percent / 100);
}
