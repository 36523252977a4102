using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace InviteHub.ServiceDefaults;

/// <summary>Traces, metrics and logs over OTLP, where OTEL_EXPORTER_OTLP_ENDPOINT says to whom.</summary>
internal static class Telemetry
{
    /// <summary>ASP.NET Core leaves the standard tags off its spans unless told so before the host is built.</summary>
    public static void WriteStandardTags() =>
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);

    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        var resource = ResourceBuilder.CreateDefault().AddService(service, serviceNamespace: "invitehub").AddEnvironmentVariableDetector();
        builder.Logging.AddOpenTelemetry(logs => logs.SetResourceBuilder(resource).AddOtlpExporter());
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Yarp.ReverseProxy", "InviteHub.*")
            .AddProcessor(new WithoutSecrets())
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "InviteHub.*")
            // Each bucket keeps a measurement with its trace: from a slow one to why it was slow.
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddHostedService<Exporting>();
    }

    /// <summary>Builds the providers when the host starts; the container disposes of them, and so flushes, when it stops.</summary>
    private sealed class Exporting(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            traces.ForceFlush(2_000);
            metrics.ForceFlush(2_000);
            return Task.CompletedTask;
        }
    }
}

/// <summary>
/// Takes the secret out of links before a span leaves the process (NOT-04), and all that stands behind a question mark: people are searched for
/// by their names and addresses (SEC-03).
/// </summary>
internal sealed partial class WithoutSecrets : BaseProcessor<Activity>
{
    private const string Query = "url.query";
    private static readonly string[] Places = ["url.path", "url.full", "http.target", "http.url"];

    public override void OnEnd(Activity data)
    {
        foreach (var place in Places)
        {
            if (data.GetTagItem(place) is not string text)
                continue;
            var path = text.Split('?')[0];
            var shown = SecretInPath().Replace(path, "${place}/…") + (path.Length < text.Length ? "?…" : "");
            if (shown != text)
                data.SetTag(place, shown);
        }

        if (data.GetTagItem(Query) is not null)
            data.SetTag(Query, value: null);
    }

    [GeneratedRegex("(?<place>registrations|password-resets?|verify-email)/[^/]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex SecretInPath();
}
