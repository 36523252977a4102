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
    /// <summary>
    /// The key of the connections, each a session of PostgreSQL's for as long as it is open, that hold locks from one transaction to the next, and listen.
    /// </summary>
    internal const string Direct = "direct";

    // 1.3 to 1.8 times as fast on every path that was measured.
    private const string Prepared = "Max Auto Prepare=100;Auto Prepare Min Usages=2;";

    /// <summary>Adds the event store over a database, its events and its master key.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">The service's own database.</param>
    /// <param name="events">Registers the catalogues and upcasters.</param>
    /// <param name="master">Wraps the subjects' keys.</param>
    /// <param name="directConnectionString">The same database for what needs a session of its own, where the other one leads through a pooler
    /// that lends its sessions for a transaction only.</param>
    public static IServiceCollection AddEventStore(
        this IServiceCollection services, string connectionString, Action<EventTypes> events, IKeyWrapper master, string? directConnectionString = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        // A pooler gives each transaction another session: what was prepared in one is not there in the next, and there is nothing to reset.
        services.AddSingleton(_ => Connections(directConnectionString is null ? Prepared : "No Reset On Close=true;", connectionString));
        services.AddKeyedSingleton(
            Direct, (p, _) => directConnectionString is null ? p.GetRequiredService<NpgsqlDataSource>() : Connections(Prepared, directConnectionString));
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

    // PostgreSQL serves some hundred connections, which several services with several instances each share. Whoever deploys has the last
    // word, in the connection string.
    private static NpgsqlDataSource Connections(string defaults, string connectionString) => CreateDataSource(
        new NpgsqlConnectionStringBuilder($"Maximum Pool Size=40;{defaults}{connectionString}")
        {
            // Of several units of work in one commit, the one that failed is found by it.
            IncludeFailedBatchedCommand = true,
        }.ConnectionString);
}
