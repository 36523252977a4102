using System.Buffers;
using System.Net;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace InviteHub.Gateway;

/// <summary>The services behind the gateway: which addresses go to which of them, and where they are. What is not named here is not reachable.</summary>
internal static class Backends
{
    /// <summary>The name of the client for the gateway's own questions to services, where no answer is an answer: health, and what can be called.</summary>
    public const string Client = "backends";

    /// <summary>The name of the client for what a request can't do without.</summary>
    public const string ResilientClient = "backends that are needed";

    private const int MostAtOnce = 2000;

    private const int MostKept = 256 << 10;
    private static readonly int[] WaitsBeforeNextTry = [0, 50, 250];

    /// <summary>Each service with the first segments below <c>/api/v1</c> that are its.</summary>
    public static IReadOnlyDictionary<string, string[]> Prefixes { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["identity"] = ["session", "me", "users", "removal-requests", "password-resets", "audit/certificates"],
        ["subscriptions"] = ["organizations", "apps", "subscriptions", "services"],
        ["invitations"] = ["invitations", "registrations"],
        ["notifications"] = ["notifications", "messages", "webhooks"],
    };

    /// <summary>Each service with the streams that are its, by what stands before the dash in their ids: auditors ask for them by id alone.</summary>
    public static IReadOnlyDictionary<string, string[]> Streams { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["identity"] = ["user", "systemadmins", "session", "provisioning", "roleassignment", "appseat", "twofactor", "identity", "userimport", "invitationrun", "removal", "anonymization"],
        ["subscriptions"] = ["organization", "app", "subscription", "admission", "admissionchunk", "appointment", "service"],
        ["invitations"] = ["invitation", "invitationbatch", "batchchunk", "team_link", "expirydigest"],
        ["notifications"] = ["delivery", "mailing", "webhook"],
    };

    /// <summary>What every service answers for itself alone below <c>/api/v1/audit</c>: <c>service=</c> says which.</summary>
    private static readonly string[] ByService = ["exports", "organizations", "projections"];

    /// <summary>Whether a path of a service's API description can be reached through the gateway.</summary>
    public static bool IsRouted(string service, string path) => Prefixes[service].Append("audit").Any(prefix =>
        path == $"/api/v1/{prefix}" || path.StartsWith($"/api/v1/{prefix}/", StringComparison.Ordinal));

    public static void AddBackends(this WebApplicationBuilder builder)
    {
        var addresses = new Addresses(Prefixes.Keys.ToDictionary(s => s, s => AddressesOf(s, builder.Configuration), StringComparer.Ordinal));
        builder.Services.AddSingleton(addresses);
        builder.Services.AddHttpClient(Client, client => client.Timeout = TimeSpan.FromSeconds(5)).ConfigurePrimaryHttpMessageHandler(Handler);
        builder.Services.AddHttpClient(ResilientClient, client => client.Timeout = TimeSpan.FromSeconds(5)).ConfigurePrimaryHttpMessageHandler(Handler)
            .AddResilience(attempt: TimeSpan.FromSeconds(4));

        // YARP asks for DataProtection, for session affinity alone; without this it would make keys and keep them in somebody's home.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        var timeout = TimeoutOf(builder.Configuration);
        builder.Services.AddReverseProxy()
            .LoadFromMemory([.. Routes()], [.. Prefixes.Keys.Select(service => Cluster(service, addresses.Of(service), timeout))])
            .ConfigureHttpClient((_, handler) => Tuned(handler))
            .AddTransforms(transforms =>
            {
                transforms.AddRequestTransform(request =>
                {
                    Deadline.PassOn(request.ProxyRequest);
                    return default;
                });
                transforms.AddResponseHeaderRemove("Server", ResponseCondition.Always);
                transforms.AddResponseHeaderRemove("X-Powered-By", ResponseCondition.Always);
                transforms.AddResponseTransform(transforms.Services.GetRequiredService<CookieSession>().Leave);
            });
        builder.Services.DoNotPreloadKeys();
    }

    /// <summary>
    /// Gives each request its time, and keeps those for a service that hangs from filling the gateway. The services are given a little less, so
    /// that it is they who say what was not done in time; a large file and an answer without an end take the time that they take.
    /// </summary>
    public static void UseBackendLimits(this WebApplication app)
    {
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var total = TimeoutOf(app.Configuration) * 0.95;
        app.Use(async (context, next) =>
        {
            if (!Updates.AreAskedFor(context.Request) && !Entrance.IsImport(context.Request))
                Deadline.Begin(total, clock);
            await next(context);
        });
        app.UseOverload(MostAtOnce, waiting: 0, context => context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.ClusterId);
    }

    /// <summary>Passes requests on; when the service can't be reached or does not answer, says so as a problem that may be over soon.</summary>
    public static void MapBackends(this WebApplication app) => app.MapReverseProxy(proxy =>
    {
        var stopping = app.Lifetime.ApplicationStopping;
        proxy.Use(async (context, next) =>
        {
            // An answer without an end would keep the gateway from stopping.
            await using var end = Updates.AreAskedFor(context.Request) ? stopping.Register(context.Abort) : default;
            await PassOn(context, next);
            if (context.GetForwarderErrorFeature() is { } failed)
                await Explain(context, failed);
        });
        proxy.UseLoadBalancing();
    }).Requires(Permission.Forwarded);

    // One instance may have gone a moment ago, killed or replaced by a new version: another one has the answer (OPS-04, OPS-06).
    private static async Task PassOn(HttpContext context, Func<Task> next)
    {
        var known = context.GetReverseProxyFeature();
        var all = known.AvailableDestinations;
        var tried = new List<DestinationState>();
        var isRepeatable = await IsRepeatable(context.Request);
        await next();
        for (var again = 0; again < WaitsBeforeNextTry.Length && MayBeTriedAgain(context, isRepeatable); again++)
        {
            await Task.Delay(WaitsBeforeNextTry[again], context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (known.ProxiedDestination is { } failed)
                tried.Add(failed);
            // One address alone may still be that of several instances.
            known.AvailableDestinations = all.Except(tried).ToArray() is { Length: > 0 } others ? others : all;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            if (context.Request.Body.CanSeek)
                context.Request.Body.Position = 0;
            await next();
        }
    }

    /// <summary>Whether it may be sent a second time, and can be: its body, if there is one, is kept then.</summary>
    private static async Task<bool> IsRepeatable(HttpRequest request)
    {
        if (Resilience.MayBeRepeated(request.Method, hasKey: false))
            return true;
        if (!Resilience.MayBeRepeated(request.Method, request.Headers.ContainsKey(Idempotency.Header)) || request.ContentLength > MostKept)
            return false;
        // Looked at first, and read only when it is whole: it need not say how long it is.
        var read = await request.BodyReader.ReadAtLeastAsync(MostKept + 1, request.HttpContext.RequestAborted);
        var kept = read.IsCompleted ? read.Buffer.ToArray() : null;
        request.BodyReader.AdvanceTo(kept is null ? read.Buffer.Start : read.Buffer.End);
        if (kept is not null)
            request.Body = new MemoryStream(kept);
        return kept is not null;
    }

    private static bool MayBeTriedAgain(HttpContext context, bool isRepeatable) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && Deadline.Current?.Left != TimeSpan.Zero
        && context.GetForwarderErrorFeature() is { Error: ForwarderError.Request } failed
        && (isRepeatable || failed.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }); // Never sent.

    private static async Task Explain(HttpContext context, IForwarderErrorFeature failed)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        // The caller's own fault (a body that is too large or breaks off) keeps the status that YARP found for it.
        if (context.Response.StatusCode is >= 400 and < 500)
            return;
        var detail = failed.Error is ForwarderError.RequestTimedOut
            ? "The service behind this address did not answer in time. Look whether it happened before you try again."
            : "The service behind this address can't be reached right now. Try again in a moment.";
        context.Response.Clear();
        await context.Refuse(StatusCodes.Status503ServiceUnavailable, "unavailable", detail);
    }

    private static IEnumerable<RouteConfig> Routes() =>
        (from service in Prefixes
         from prefix in service.Value
         select Route(service.Key, prefix, prefix))
        .Concat(
            from service in Streams
            from category in service.Value
            select Route(service.Key, $"streams of {category}", $"audit/streams/{category}-{{id}}"))
        .Concat(Streams.Select((service, n) => Exports(service.Key, [.. service.Value.Select(category => $"{category}-")], n)))
        .Concat(from service in Streams.Keys from question in ByService select Asked(service, question))
        // Without a word about whose they are.
        .Concat(ByService.Select(question => Route("identity", $"{question} of no service", $"audit/{question}")));

    // Streams of several services are none's: the first one refuses those that it does not have.
    private static RouteConfig Exports(string service, string[] streams, int order) => new()
    {
        RouteId = $"exports of {service}",
        ClusterId = service,
        Order = order - Streams.Count - 1,
        Match = new RouteMatch
        {
            Path = "/api/v1/audit/exports",
            QueryParameters = [new() { Name = "streamId", Mode = QueryParameterMatchMode.Prefix, Values = streams }],
        },
    };

    private static RouteConfig Asked(string service, string question) => new()
    {
        RouteId = $"{question} of {service} by its name",
        ClusterId = service,
        Order = -1,
        Match = new RouteMatch
        {
            Path = $"/api/v1/audit/{question}/{{**rest}}",
            QueryParameters = [new() { Name = "service", Mode = QueryParameterMatchMode.Exact, Values = [service] }],
        },
    };

    private static RouteConfig Route(string service, string name, string prefix) => new()
    {
        RouteId = name,
        ClusterId = service,
        Match = new RouteMatch { Path = $"/api/v1/{prefix}/{{**rest}}" },
    };

    private static ClusterConfig Cluster(string service, IReadOnlyList<Uri> addresses, TimeSpan timeout) => new()
    {
        ClusterId = service,
        Destinations = addresses.Select((address, n) => (address, n)).ToDictionary(
            a => $"{service}-{a.n}", a => new DestinationConfig { Address = a.address.ToString(), Health = new Uri(a.address, "/health").ToString() },
            StringComparer.Ordinal),
        // The time without a byte either way. A request may ask to wait 30 s for a slow outcome.
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = timeout, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
        LoadBalancingPolicy = "PowerOfTwoChoices",
        HealthCheck = new HealthCheckConfig
        {
            // One that is not ready gets no traffic while another is (OPS-03); when none is, they answer for themselves.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = addresses.Count > 1, Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(5),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
        },
    };

    /// <summary>The addresses that service discovery gave: <c>services:identity:http:0</c>, further replicas <c>:1</c>…</summary>
    private static Uri[] AddressesOf(string service, ConfigurationManager configuration)
    {
        var addresses = configuration.GetSection($"services:{service}:http").GetChildren().OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => Uri.TryCreate(c.Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new InvalidOperationException($"{c.Path} is not an http address: '{c.Value}'"))
            .ToArray();
        return addresses.Length > 0
            ? addresses
            : throw new InvalidOperationException($"services:{service}:http:0 is missing: the address of {service} (as an environment variable: services__{service}__http__0)");
    }

    private static TimeSpan TimeoutOf(IConfiguration configuration) => configuration.GetValue("Gateway:Timeout", TimeSpan.FromSeconds(40));

    private static SocketsHttpHandler Handler() => Tuned(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    private static SocketsHttpHandler Tuned(SocketsHttpHandler handler)
    {
        // On one machine or in one cluster a connection stands within milliseconds or never; once made it is worth keeping.
        handler.ConnectTimeout = TimeSpan.FromSeconds(2);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        return handler;
    }
}

/// <summary>Where each service is.</summary>
internal sealed class Addresses(IReadOnlyDictionary<string, Uri[]> addresses)
{
    public IReadOnlyList<Uri> Of(string service) => addresses[service];
}
