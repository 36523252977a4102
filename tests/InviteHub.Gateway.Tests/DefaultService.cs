using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace InviteHub.Gateway.Tests;

/// <summary>A service on a real port that stands behind what all services stand behind.</summary>
internal sealed class DefaultService(WebApplication app) : IAsyncDisposable
{
    public string Address => app.Urls.Single();

    public IServiceProvider Services => app.Services;

    public static async Task<DefaultService> Start(RequestDelegate answer, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddCommonDefaults("tiny");
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseProblems();
        app.UseDeadline();
        app.UseOverload(atOnce: 200, waiting: 1000);
        app.Run(answer);
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
