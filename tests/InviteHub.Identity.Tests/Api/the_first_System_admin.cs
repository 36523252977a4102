using System.Collections.Concurrent;
using InviteHub.Identity.Features;
using InviteHub.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace InviteHub.Identity.Tests.Api;

[Collection(IdentityService.Collection)]
[Trait("Feature", "ROL-07")]
public class the_first_System_admin
{
    [Fact]
    public async Task comes_from_the_environment_once()
    {
        var service = new WithoutAdmin();
        await service.InitializeAsync();
        try
        {
            service.Log.ShouldHaveSingleItem().ShouldContain(BootstrapAdmin.EmailKey);
            (await service.Client().GetAsync("/alive")).EnsureSuccessStatusCode();

            await Task.WhenAll(service.Start("first@north.example", Some.Password), service.Start("first@north.example", Some.Password));
            (await service.Database.Ask<long>("select count(*) from users where system_role = 'systemAdmin'")).ShouldBe(1);
            var facts = await Facts(service.Database);

            await service.Start("second@north.example", "another horse on a staple");
            await service.Start("", "");
            (await Facts(service.Database)).ShouldBe(facts);
            service.Log.Count.ShouldBe(1);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    // All but how far the subscriptions are, which is theirs to move at any time.
    private static async Task<string[]> Facts(TestDatabase database) =>
        [.. (await database.Dump()).Split('\n').Where(row => !row.StartsWith("public.mt_event_progression", StringComparison.Ordinal))];

    private sealed class WithoutAdmin() : TestService("identity"), ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Log { get; } = [];

        /// <summary>What a start of the service does with its environment.</summary>
        public Task Start(string email, string password) => ActivatorUtilities.CreateInstance<BootstrapAdmin>(
            Services,
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                [BootstrapAdmin.EmailKey] = email, [BootstrapAdmin.PasswordKey] = password,
            }).Build()).StartAsync(default);

        public ILogger CreateLogger(string categoryName) => this;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
                Log.Enqueue(formatter(state, exception));
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Dispose()
        {
        }

        protected override Running Start(Action<IWebHostBuilder> configure) => Start<User>(configure);

        protected override void Configure(IServiceCollection services) => services.AddLogging(logging => logging.AddProvider(this));
    }
}
