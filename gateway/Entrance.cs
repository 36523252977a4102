using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;

namespace InviteHub.Gateway;

/// <summary>What every request has to pass before it is looked at: a plain path, a body of bearable size, a bearable rate (SEC-03, SEC-04).</summary>
internal static class Entrance
{
    /// <summary>The addresses that take large files, which they read as they stream in (INV-17, INV-20).</summary>
    private static readonly PathString[] Imports = ["/api/v1/users/import", "/api/v1/invitations/batches"];

    /// <summary>Whether a request brings a file that may be large.</summary>
    public static bool IsImport(HttpRequest request) => Array.Exists(Imports, path => request.Path.Equals(path, StringComparison.OrdinalIgnoreCase));

    public static void AddEntrance(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = builder.Configuration.GetValue("Gateway:MaxBodyBytes", 1_000_000L);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        // Per address: what a caller claims about itself can't be trusted before a service has checked it. 0 switches it off.
        var perSecond = builder.Configuration.GetValue("Gateway:RateLimit:PerSecond", 200);
        var burst = builder.Configuration.GetValue("Gateway:RateLimit:Burst", 2 * perSecond);
        builder.Services.AddRateLimiter(limits =>
        {
            limits.OnRejected = Rejected;
            if (perSecond > 0)
            {
                limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(
                    context => RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => Bucket(perSecond, burst)));
            }
        });
    }

    public static void UseEntrance(this WebApplication app)
    {
        app.UseRateLimiter();
        var largestImport = app.Configuration.GetValue("Gateway:MaxImportBytes", 100_000_000L);
        app.Use((context, next) =>
        {
            if (!IsPlain(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
                return context.Refuse(StatusCodes.Status404NotFound, "not-found", "There is no such address.");
            var size = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
            if (size is { IsReadOnly: false } && IsImport(context.Request))
                size.MaxRequestBodySize = largestImport;
            // Before a service is bothered; one that does not say its length is cut off while it is read.
            if (context.Request.ContentLength > size?.MaxRequestBodySize)
            {
                // The server reads on for up to 5 s and throws it away: to close on a caller who still sends would lose them the answer.
                if (!size.IsReadOnly)
                    size.MaxRequestBodySize = null;
                return context.Refuse(StatusCodes.Status413PayloadTooLarge, "too-large", "The body is larger than this address takes.");
            }

            return next(context);
        });
    }

    /// <summary>
    /// Whether a path means the same to everybody who reads it: nothing escaped, no empty and no dot segments. No address of the API
    /// needs more, and what is decoded once here and once more behind the gateway could otherwise lead somewhere else.
    /// </summary>
    public static bool IsPlain(string target)
    {
        var path = target.AsSpan();
        // The absolute form, as proxies send it.
        if (path.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme && path[0] != '/')
        {
            path = path[(scheme + 3)..];
            path = path.IndexOf('/') is >= 0 and var root ? path[root..] : "/";
        }

        if (path.IndexOf('?') is >= 0 and var query)
            path = path[..query];
        if (path is not ['/', ..])
            return false;
        foreach (var range in path[1..].Split('/'))
        {
            var segment = path[1..][range];
            if (segment is "." or ".." || (segment.IsEmpty && range.End.Value != path.Length - 1))
                return false;
            foreach (var c in segment)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '~' or ':' or '@'))
                    return false;
            }
        }

        return true;
    }

    /// <summary>An address; of IPv6 the network, since one caller has all addresses of it.</summary>
    public static IPAddress CallerOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = Math.Max(1, perSecond / 10),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, perSecond / 10) / (double)perSecond),
        QueueLimit = 0,
    };

    private static async ValueTask Rejected(Microsoft.AspNetCore.RateLimiting.OnRejectedContext rejected, CancellationToken ct)
    {
        var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await rejected.HttpContext.Refuse(
            StatusCodes.Status429TooManyRequests, "too-many-requests", $"Too many requests from this address. Try again in {seconds} s.");
    }
}
