using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// One of several instances stops without losing a request (OPS-03, OPS-06). Told to stop, it says that it is not ready, and serves on for
/// <c>DrainFor</c> while that gets about; each answer closes its connection, so that nobody uses it again. Only then it takes no more requests,
/// and finishes those that it has. Without <c>DrainFor</c> there is nobody to take over, and it stops at once.
/// </summary>
public static class Draining
{
    private const string Check = "draining";

    internal static void AddDraining(this WebApplicationBuilder builder)
    {
        var drainFor = builder.Configuration.GetValue("DrainFor", TimeSpan.Zero);
        builder.Services.AddHealthChecks().AddCheck<Readiness>(Check);
        builder.Services.AddHostedService(p => new Pause(drainFor, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drainFor + TimeSpan.FromSeconds(8));
    }

    /// <summary>Closes connections while it drains; first of all, so that it holds for every answer.</summary>
    public static void UseDraining(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (stopping.IsCancellationRequested)
                context.Response.Headers.Connection = "close";
            return next(context);
        });
    }

    private sealed class Readiness(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("It stops.") : HealthCheckResult.Healthy());
    }

    // Before anything else is told to stop: workers and consumers go on meanwhile.
    private sealed class Pause(TimeSpan drainFor, TimeProvider clock, IHostApplicationLifetime lifetime) : IHostedLifecycleService
    {
        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication(); // Whoever stops it, and not only a signal: from now on it is not ready.
            return Task.Delay(drainFor, clock, cancellationToken);
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
