using System.Net.Http.Headers;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace InviteHub.Testing;

/// <summary>
/// A service as it runs, in this process, on databases and a broker of its own: derive a fixture from it. Each test says who it is:
/// <see cref="Client(CurrentUser)"/>.
/// </summary>
/// <param name="service">The service's name, such as <c>invitations</c>.</param>
public abstract class TestService(string service) : IAsyncLifetime
{
    /// <summary>What wraps the keys of the service's database; whoever opens it beside the service needs it.</summary>
    public const string MasterKey = "a master key for tests, of 32 characters and more";

    private readonly TestDatabase _keyRing = new();
    private Running? _running;

    /// <summary>The service's own database.</summary>
    public TestDatabase Database { get; } = new();

    /// <summary>What the running service is made of.</summary>
    public IServiceProvider Services => Run.Services;

    private Running Run => _running ?? throw new InvalidOperationException("the service is not started yet");

    /// <summary>A caller that is signed in.</summary>
    public HttpClient Client(CurrentUser user)
    {
        var tokens = Services.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(BearerTokenDefaults.AuthenticationScheme);
        var ticket = new AuthenticationTicket(
            user.ToPrincipal(BearerTokenDefaults.AuthenticationScheme),
            new AuthenticationProperties { ExpiresUtc = Services.GetRequiredService<TimeProvider>().GetUtcNow().AddHours(1) },
            $"{BearerTokenDefaults.AuthenticationScheme}:AccessToken");
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.BearerTokenProtector.Protect(ticket));
        return client;
    }

    /// <summary>A caller whom nobody knows.</summary>
    public HttpClient Client() => Run.Client();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        await _keyRing.InitializeAsync();
        var broker = await TestRabbitMq.ConnectionString();
        _running = Start(host =>
        {
            host.UseSetting($"ConnectionStrings:{service}db", Database.ConnectionString);
            host.UseSetting("ConnectionStrings:keyringdb", _keyRing.ConnectionString);
            host.UseSetting("ConnectionStrings:messaging", broker);
            host.UseSetting("MasterKey", MasterKey);
            host.UseSetting("PublicUrl", "http://localhost:8080");
            Configure(host);
            host.ConfigureServices(services =>
            {
                // In the product, Identity alone makes the keys for tokens.
                services.PostConfigure<KeyManagementOptions>(keys => keys.AutoGenerateKeys = true);
                Configure(services);
            });
        });
        await Started();
    }

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        if (_running is not null)
            await _running.Stop();
        await Database.DisposeAsync();
        await _keyRing.DisposeAsync();
    }

    /// <summary>Starts the service: <c>Start&lt;T&gt;(configure)</c> with any type of its assembly.</summary>
    protected abstract Running Start(Action<IWebHostBuilder> configure);

    /// <inheritdoc cref="Start(Action{IWebHostBuilder})"/>
    /// <typeparam name="T">Any type of the service's assembly.</typeparam>
    protected static Running Start<T>(Action<IWebHostBuilder> configure) where T : class
    {
        var factory = new WebApplicationFactory<T>().WithWebHostBuilder(configure);
        return new(factory.Services, factory.CreateClient, factory.DisposeAsync);
    }

    /// <summary>Settings of its own.</summary>
    protected virtual void Configure(IWebHostBuilder host)
    {
    }

    /// <summary>Parts that a test puts in the place of others, such as a clock.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    /// <summary>Runs before the first test.</summary>
    protected virtual Task Started() => Task.CompletedTask;
}

/// <summary>A service that runs in this process.</summary>
/// <param name="Services">What it is made of.</param>
/// <param name="Client">Makes a client of it.</param>
/// <param name="Stop">Stops it.</param>
public sealed record Running(IServiceProvider Services, Func<HttpClient> Client, Func<ValueTask> Stop);
