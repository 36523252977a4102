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
/// <typeparam name="TProgram">Any type of the service's assembly.</typeparam>
/// <param name="service">The service's name, such as <c>invitations</c>.</param>
public abstract class TestService<TProgram>(string service) : IAsyncLifetime where TProgram : class
{
    private readonly TestDatabase _keyRing = new();
    private WebApplicationFactory<TProgram>? _factory;

    /// <summary>The service's own database.</summary>
    public TestDatabase Database { get; } = new();

    /// <summary>What the running service is made of.</summary>
    public IServiceProvider Services => Factory.Services;

    private WebApplicationFactory<TProgram> Factory => _factory ?? throw new InvalidOperationException("the service is not started yet");

    /// <summary>A caller that is signed in.</summary>
    public HttpClient Client(CurrentUser user)
    {
        var tokens = Services.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(BearerTokenDefaults.AuthenticationScheme);
        var ticket = new AuthenticationTicket(
            user.ToPrincipal(BearerTokenDefaults.AuthenticationScheme),
            new AuthenticationProperties { ExpiresUtc = Services.GetRequiredService<TimeProvider>().GetUtcNow().AddHours(1) },
            $"{BearerTokenDefaults.AuthenticationScheme}:AccessToken");
        var client = Factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.BearerTokenProtector.Protect(ticket));
        return client;
    }

    /// <summary>A caller whom nobody knows.</summary>
    public HttpClient Client() => Factory.CreateClient();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        await _keyRing.InitializeAsync();
        var broker = await TestRabbitMq.ConnectionString();
        _factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(host =>
        {
            host.UseSetting($"ConnectionStrings:{service}db", Database.ConnectionString);
            host.UseSetting("ConnectionStrings:keyringdb", _keyRing.ConnectionString);
            host.UseSetting("ConnectionStrings:messaging", broker);
            host.UseSetting("MasterKey", "a master key for tests, of 32 characters and more");
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
    public async Task DisposeAsync()
    {
        if (_factory is not null)
            await _factory.DisposeAsync();
        await Database.DisposeAsync();
        await _keyRing.DisposeAsync();
    }

    /// <summary>Settings of its own.</summary>
    protected virtual void Configure(IWebHostBuilder host)
    {
    }

    /// <summary>Parts that a test puts in the place of others, such as a clock.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    /// <summary>Runs before the first test; by default it starts the service.</summary>
    protected virtual Task Started()
    {
        _ = Factory.Services;
        return Task.CompletedTask;
    }
}
