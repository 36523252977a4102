using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Works on so many requests at once, lets so many more wait for their turn, and refuses others at once (OPS-03): a slow database costs callers
/// time, and the process neither memory nor threads. Nothing has to be done when the rush is over.
/// <c>Overload:AtOnce</c> and <c>Overload:Waiting</c> say how many.
/// </summary>
public static class Overload
{
    /// <summary>Limits what stands behind it. What asks for health or never ends is not counted.</summary>
    /// <param name="app">The program.</param>
    /// <param name="atOnce">How many are worked on at once where the configuration does not say.</param>
    /// <param name="waiting">How many wait for their turn.</param>
    /// <param name="placeOf">Where a request goes: each place is limited by itself, and null is not limited. Without it, there is one place.</param>
    public static void UseOverload(this WebApplication app, int atOnce, int waiting, Func<HttpContext, string?>? placeOf = null)
    {
        var options = new ConcurrencyLimiterOptions
        {
            PermitLimit = app.Configuration.GetValue("Overload:AtOnce", atOnce),
            QueueLimit = app.Configuration.GetValue("Overload:Waiting", waiting),
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        };
        var limiter = PartitionedRateLimiter.Create<string, string>(place => RateLimitPartition.GetConcurrencyLimiter(place, _ => options));
        app.Lifetime.ApplicationStopped.Register(limiter.Dispose);
        app.Use(async (context, next) =>
        {
            if (Place(context) is not { } place)
            {
                await next(context);
                return;
            }

            using var turn = await limiter.AcquireAsync(place, 1, context.RequestAborted);
            if (turn.IsAcquired)
                await next(context);
            else
                await context.Refuse(StatusCodes.Status503ServiceUnavailable, "overloaded", "There is more to do than can be done right now, and this was not begun. Try again in a moment.");
        });

        string? Place(HttpContext context) =>
            context.GetEndpoint()?.Metadata.GetMetadata<Permission>() == Permission.Operational || Updates.AreAskedFor(context.Request) ? null
            : placeOf is null ? "all"
            : placeOf(context);
    }
}
