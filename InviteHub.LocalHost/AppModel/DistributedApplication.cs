using System.Net;
using Aspire.Hosting.ApplicationModel;
using InviteHub.LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>How an application is put together.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line, which is also configuration.</summary>
    public string[]? Args { get; set; }

    /// <summary>The folder that relative paths start from; by default that of the running project.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Runs without the dashboard.</summary>
    public bool DisableDashboard { get; set; }
}

/// <summary>Describes an application: the resources, and what they need of each other.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Environment and command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder that relative paths start from.</summary>
    string AppHostDirectory { get; }

    /// <summary>Services of the host itself.</summary>
    IServiceCollection Services { get; }

    internal DataFolder DataFolder { get; }

    /// <summary>Adds a resource.</summary>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>The application, ready to start.</summary>
    DistributedApplication Build();
}

/// <summary>An application of several processes, which start, are watched and stop together.</summary>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    /// <inheritdoc />
    public IServiceProvider Services => host.Services;

    /// <summary>Tells how the resources are.</summary>
    public ResourceNotificationService ResourceNotifications { get; } = new(host.Services.GetRequiredService<Orchestrator>());

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Starts everything that can start; what waits for others follows by itself.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <summary>Stops everything, dependents first.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    /// <summary>Runs until Ctrl+C, SIGTERM or cancellation.</summary>
    public virtual Task RunAsync(CancellationToken cancellationToken = default) => host.RunAsync(cancellationToken);

    /// <summary>Runs until Ctrl+C or SIGTERM.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops what still runs.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            host.Dispose();
    }
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly WebApplicationBuilder _builder;
    private readonly List<Resource> _resources = [];
    private readonly bool _hasDashboard;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = options.Args });
        _hasDashboard = !options.DisableDashboard;
        Layout = new BuildLayout(AppContext.BaseDirectory);
        AppHostDirectory = options.ProjectDirectory ?? Layout.ProjectFolder;
        DataFolder = new DataFolder(Configuration["INVITEHUB_DATA"] is { Length: > 0 } given ? Path.GetFullPath(given) : Path.Combine(Layout.Root, ".invitehub"));
        if (_hasDashboard)
            ConfigureDashboard();
        else
            Configuration["urls"] = "http://127.0.0.1:0";
        _builder.Logging.ClearProviders()
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // It would tell with a stack trace what StartAsync throws.
    }

    public ConfigurationManager Configuration => _builder.Configuration;

    public string AppHostDirectory { get; }

    public IServiceCollection Services => _builder.Services;

    public DataFolder DataFolder { get; }

    private BuildLayout Layout { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.Exists(other => other.Name == resource.Name))
            throw new DistributedApplicationException($"There are two resources named '{resource.Name}'.");
        _resources.Add((Resource)(IResource)resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        // Draining takes its time: every tier of the application has up to ten seconds.
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(2));
        Services.AddSingleton(services => new Orchestrator(
            _resources, DataFolder, Layout, Configuration, services.GetRequiredService<ILoggerFactory>(), TimeProvider.System));
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
        var app = _builder.Build();
        if (_hasDashboard)
            Dashboard.Map(app);
        return new DistributedApplication(app);
    }

    // The dashboard's address, token and key stand where Aspire has them too.
    private void ConfigureDashboard()
    {
        var (port, grpcPort) = (Configuration.GetValue<int?>("INVITEHUB_DASHBOARD_PORT") ?? LoopbackPort.Next(), LoopbackPort.Next());
        Configuration["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        Configuration[DashboardAccess.GrpcSetting] = $"http://127.0.0.1:{grpcPort}";
        Configuration[DashboardAccess.TokenSetting] = Configuration["INVITEHUB_DASHBOARD_TOKEN"] is { Length: > 0 } token ? token : DashboardAccess.NewSecret();
        Configuration[DashboardAccess.ApiKeySetting] = DashboardAccess.NewSecret();
        Configuration["urls"] = ""; // Without TLS a port speaks one protocol only, so that there are two.
        _builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        if (!string.IsNullOrEmpty(Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return; // The telemetry is wanted elsewhere.
        Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ??= "http/protobuf";
        Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = Configuration[Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc" ? DashboardAccess.GrpcSetting : "ASPNETCORE_URLS"];
        Configuration["OTEL_EXPORTER_OTLP_HEADERS"] = $"{DashboardAccess.ApiKeyHeader}={Configuration[DashboardAccess.ApiKeySetting]}";
        // Somebody looks on: what happens is to be seen soon.
        Configuration["OTEL_BSP_SCHEDULE_DELAY"] ??= "1000";
        Configuration["OTEL_BLRP_SCHEDULE_DELAY"] ??= "1000";
        Configuration["OTEL_METRIC_EXPORT_INTERVAL"] ??= "5000";
        Configuration["OTEL_METRICS_EXEMPLAR_FILTER"] ??= "trace_based";
    }

    private sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T>
        where T : IResource;
}
