using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// How long a request may take until its answer begins (OPS-03). The gateway gives each a total; who asks somebody else on its behalf passes on
/// what is left. When that is over nobody waits for the answer any more, and the work ends, down to the query in the database.
/// </summary>
public sealed class Deadline
{
    /// <summary>
    /// Carries what is left, in milliseconds, as gRPC's and Envoy's own headers do: a span and not an instant, since no two machines' clocks
    /// agree. The gateway lets nobody outside set it.
    /// </summary>
    public const string Header = "X-Request-Timeout";

    private static readonly AsyncLocal<Deadline?> Ambient = new();
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeSpan _total;
    private readonly TimeProvider _clock;
    private readonly long _since;

    private Deadline(TimeSpan total, TimeProvider clock) => (_total, _clock, _since) = (total < Longest ? total : Longest, clock, clock.GetTimestamp());

    /// <summary>That of the request which is worked on here, if it has one.</summary>
    public static Deadline? Current => Ambient.Value;

    /// <summary>What is left; never below zero.</summary>
    public TimeSpan Left => _clock.GetElapsedTime(_since) is var gone && gone < _total ? _total - gone : TimeSpan.Zero;

    /// <summary>Gives what follows in this flow of work so long.</summary>
    public static Deadline Begin(TimeSpan total, TimeProvider clock) => Ambient.Value = new(total, clock);

    /// <summary>Says in a request to another service what is left of the current one, whatever the request said before.</summary>
    public static void PassOn(HttpRequestMessage request)
    {
        request.Headers.Remove(Header);
        if (Current is { } deadline)
            request.Headers.Add(Header, ((long)deadline.Left.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
    }

    internal static TimeSpan? Of(HttpRequest request) =>
        long.TryParse(request.Headers[Header], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, (long)Longest.TotalMilliseconds))
            : null;
}

/// <summary>Holds requests to the time that they were given.</summary>
public static class Deadlines
{
    /// <summary>Cancels a request that has not begun to answer when its time is over, and says so.</summary>
    public static void UseDeadline(this WebApplication app)
    {
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            if (Deadline.Of(context.Request) is not { } given)
            {
                await next(context);
                return;
            }

            var aborted = context.RequestAborted;
            using var late = new CancellationTokenSource(Deadline.Begin(given, clock).Left, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, late.Token);
            var isDone = false;
            // An answer without a body begins only after all of this.
            context.Response.OnStarting(() =>
            {
                if (!isDone)
                    late.CancelAfter(Timeout.InfiniteTimeSpan);
                return Task.CompletedTask;
            });
            try
            {
                context.RequestAborted = either.Token;
                await next(context);
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested && !aborted.IsCancellationRequested && !context.Response.HasStarted)
            {
                context.RequestAborted = aborted;
                context.Response.Clear();
                await context.Refuse(
                    StatusCodes.Status503ServiceUnavailable, "timed-out",
                    $"It was not done within the {given.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s that it was given, and stopped. Look whether it happened before you try again.");
            }
            finally
            {
                isDone = true;
                context.RequestAborted = aborted;
            }
        });
    }
}
