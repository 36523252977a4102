using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using InviteHub.EventStore.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Tells clients by server-sent events that a list has changed, so that they ask for it again (API-05). It says nothing of what has changed: who may
/// see what is decided where they ask.
/// </summary>
public static class Updates
{
    /// <summary>Whatever happens meanwhile is told of once: a system in which much happens is not asked by everybody all the time.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Shorter than what stands between is silent for before it hangs up.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>Whether a request is for an answer without an end.</summary>
    public static bool AreAskedFor(HttpRequest request) => request.Path.Value!.EndsWith("/updates", StringComparison.Ordinal);

    /// <summary>Maps an address that tells of a list.</summary>
    /// <param name="api">Below which.</param>
    /// <param name="path">The list's address with <c>/updates</c> behind it.</param>
    /// <param name="permission">The list's own row.</param>
    /// <param name="categories">The streams that the list is made of, by what stands before the dash in their ids.</param>
    public static RouteHandlerBuilder MapUpdates(this IEndpointRouteBuilder api, string path, Permission permission, params string[] categories) => api
        .MapGet(path, (CurrentUser caller, EventSignal signal, EndedSessions ended, TimeProvider clock, IHostApplicationLifetime host) =>
            TypedResults.ServerSentEvents(Tell(categories, caller, signal, ended, clock, host.ApplicationStopping)))
        .Requires(permission);

    // It ends with the caller's token: whoever has another may come again.
    private static async IAsyncEnumerable<SseItem<string>> Tell(
        string[] categories, CurrentUser caller, EventSignal signal, EndedSessions ended, TimeProvider clock, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        Watcher[] watchers = [.. categories.Select(signal.WatchCategory)];
        try
        {
            var until = clock.GetUtcNow() + ServiceHost.AccessTokenLivesFor;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
            // Asked for before the client looks for the first time: nothing falls in between.
            var next = Next();
            yield return new("{}", "begin");
            while (clock.GetUtcNow() < until && !ended.Contains(caller.SessionId))
            {
                await Task.WhenAny(next, Task.Delay(LongestSilence, clock, end.Token));
                if (end.IsCancellationRequested)
                    yield break;
                var isChanged = next.IsCompleted;
                if (isChanged)
                    next = Next();
                yield return new("{}", isChanged ? "changed" : "alive");
                if (isChanged)
                    await Task.Delay(Rest, clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            foreach (var watcher in watchers)
                watcher.Dispose();
        }

        Task Next() => Task.WhenAny(watchers.Select(watcher => watcher.Next()));
    }
}
