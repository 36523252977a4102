using System.Diagnostics;
using InviteHub.EventStore.Audit;
using InviteHub.EventStore.PersonalData;
using InviteHub.EventStore.Projections;
using InviteHub.EventStore.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace InviteHub.EventStore;

/// <summary>Puts the event store into a host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds the event store over a database, its events and its master key.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">The service's own database.</param>
    /// <param name="events">Registers the catalogues and upcasters.</param>
    /// <param name="master">Wraps the subjects' keys.</param>
    public static IServiceCollection AddEventStore(
        this IServiceCollection services, string connectionString, Action<EventTypes> events, IKeyWrapper master)
    {
        services.TryAddSingleton(TimeProvider.System);
        // PostgreSQL serves some hundred connections, which several services with several instances each share. Prepared statements were
        // 1.3 to 1.8 times as fast on every path that was measured. Whoever deploys has the last word, in the connection string.
        services.AddSingleton(_ => CreateDataSource(
            new NpgsqlConnectionStringBuilder("Maximum Pool Size=40;Max Auto Prepare=100;Auto Prepare Min Usages=2;" + connectionString)
            {
                // Of several units of work in one commit, the one that failed is found by it.
                IncludeFailedBatchedCommand = true,
            }.ConnectionString));
        services.AddSingleton(_ =>
        {
            var types = new EventTypes();
            events(types);
            return types;
        });
        services.AddSingleton(master);
        services.AddSingleton<SubjectKeys>();
        services.AddSingleton<Erasures>();
        services.AddSingleton<PostgresEventStore>();
        services.AddSingleton<EventSignal>();
        services.AddHostedService(p => p.GetRequiredService<EventSignal>());
        services.AddSingleton<SignedHeads>();
        services.AddHostedService<DailySignature>();
        services.AddSingleton<AuditExport>();
        services.AddSingleton<Pruning>();
        services.AddHostedService(p => p.GetRequiredService<Pruning>());
        services.AddSingleton<ProjectionDaemon>();
        return services;
    }

    /// <summary>
    /// A database whose statements have spans where they belong to something. What looks whether there is work does so about 28 times a second in
    /// services that have none, and a span without a parent says nothing that pg_stat_statements does not say better.
    /// </summary>
    public static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        var database = new NpgsqlDataSourceBuilder(connectionString);
        database.ConfigureTracing(spans => spans
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null)
            .EnablePhysicalOpenTracing(enable: false));
        return database.Build();
    }

    /// <summary>Adds a read model that is written with the events it comes from.</summary>
    public static IServiceCollection AddInlineProjection<T>(this IServiceCollection services) where T : class, IInlineProjection =>
        services.AddSingleton<IInlineProjection, T>();

    /// <summary>Adds a read model that is written behind the streams, by one instance at a time, and the measure of its lag.</summary>
    public static IServiceCollection AddAsyncProjection<T>(this IServiceCollection services) where T : class, IProjection
    {
        services.TryAddSingleton<T>();
        services.AddSingleton<IProjection>(p => p.GetRequiredService<T>());
        services.AddHostedService<ProjectionLag>();
        return services.AddSubscription<AsyncProjection<T>>();
    }

    /// <summary>Adds a subscription and the runner that works for it.</summary>
    public static IServiceCollection AddSubscription<T>(this IServiceCollection services) where T : class, ISubscription
    {
        services.TryAddSingleton<T>();
        return services.AddSubscription(p => p.GetRequiredService<T>());
    }

    /// <summary>The same for one of several subscriptions of a type.</summary>
    public static IServiceCollection AddSubscription(this IServiceCollection services, Func<IServiceProvider, ISubscription> subscription) =>
        // Not AddHostedService: it keeps one per type, and each subscription has a runner of its own.
        services.AddSingleton<IHostedService>(p => ActivatorUtilities.CreateInstance<SubscriptionRunner>(p, subscription(p)));
}
