using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.EventStore.Subscriptions;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace InviteHub.ServiceDefaults;

/// <summary>How services speak over RabbitMQ.</summary>
public static class Messaging
{
    internal static readonly ActivitySource Activities = new("InviteHub.Messaging");

    /// <summary>Adds the bus with the consumers and sagas of one service; sagas are kept in the event store's session.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="service">Its name, the prefix of its queues.</param>
    /// <param name="configure">Registers consumers and sagas.</param>
    public static void AddMessaging(this IHostApplicationBuilder builder, string service, Action<IBusRegistrationConfigurator> configure)
    {
        var connection = builder.Configuration.GetConnectionString("messaging")
            ?? throw new InvalidOperationException("ConnectionStrings:messaging is missing: an amqp:// address of RabbitMQ");
        // In a cluster of RabbitMQ: each queue on several nodes, so that one may go (OPS-04).
        var areQuorum = builder.Configuration.GetValue("QuorumQueues", defaultValue: false);
        if (areQuorum)
            builder.Services.AddHostedService(p => ActivatorUtilities.CreateInstance<QuorumQueues>(p, new Uri(connection)));
        builder.Services.AddSingleton<BusEncryption>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(service, includeNamespace: false));
            bus.DisableUsageTelemetry();
            configure(bus);
            bus.AddConfigureEndpointsCallback((_, _, endpoint) =>
            {
                if (areQuorum && endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                    queue.SetQuorumQueue();
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(connection));
                rabbit.PrefetchCount = 32;
                var encryption = context.GetRequiredService<BusEncryption>();
                rabbit.ConfigureJsonSerializerOptions(json =>
                {
                    json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(encryption.MarkProperties);
                    return json;
                });
                // Somebody else was faster: at once and often. Anything else may be a database that restarts: give it two minutes.
                rabbit.UseMessageRetry(retry =>
                {
                    retry.Handle<ConcurrencyConflictException>();
                    retry.Intervals(Enumerable.Range(1, 10).Select(n => TimeSpan.FromMilliseconds(2 * n)).ToArray());
                });
                rabbit.UseMessageRetry(retry =>
                {
                    retry.Ignore<ConcurrencyConflictException>();
                    retry.Exponential(10, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(400));
                });
                Topology.DeclareQueues(rabbit, areQuorum);
                rabbit.HearOfEndedSessions(context.GetRequiredService<EndedSessions>());
                rabbit.ConfigureEndpoints(context);
            });
        });
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = true;
            host.StopTimeout = TimeSpan.FromSeconds(8);
        });
    }

    // A queue of this instance alone, which goes with it.
    private static void HearOfEndedSessions(this IRabbitMqBusFactoryConfigurator rabbit, EndedSessions ended) =>
        rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition("ended-sessions"), endpoint =>
        {
            endpoint.ConnectReceiveEndpointObserver(ended);
            endpoint.Handler<SessionEnded>(context =>
            {
                ended.Add(context.Message);
                return Task.CompletedTask;
            });
        });

    /// <summary>Adds the subscription that tells other services what happened: the stream is the outbox.</summary>
    /// <param name="services">The service.</param>
    /// <param name="name">Its checkpoint, such as <c>invitations.publish.v1</c>.</param>
    /// <param name="publish">The pure map from an event to its integration event, or null when it concerns nobody else.</param>
    /// <param name="category">Whose events these are; null for all of the service.</param>
    public static void AddPublishing(this IServiceCollection services, string name, Func<RecordedEvent, object?> publish, string? category = null) =>
        services.AddPublishing(name, category, (events, _, _) => Task.FromResult(events.Select(happened => (happened, publish(happened)))));

    /// <summary>
    /// The same for integration events that say more than the event alone: they get the state that it led to. The streams of those events are
    /// read, in one round trip, that concern somebody else; so they should be short.
    /// </summary>
    /// <param name="services">The service.</param>
    /// <param name="name">Its checkpoint, such as <c>invitations.publish.v1</c>.</param>
    /// <param name="publish">
    /// The pure map from an event to what makes an integration event, or null, of the state after it; null when it concerns nobody else whatever the state.
    /// </param>
    public static void AddPublishing<TState, TEvent>(this IServiceCollection services, string name, Func<RecordedEvent, Func<TState, object?>?> publish)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class =>
        services.AddPublishing(name, TState.Category, async (events, session, ct) =>
        {
            var told = events.Where(happened => happened.Data is TEvent).Select(happened => (Happened: happened, Of: publish(happened)))
                .Where(one => one.Of is not null).ToArray();
            if (told.Length == 0)
                return [];
            var streams = await session.FetchStreams([.. told.Select(one => one.Happened.Stream).Distinct()], ct);
            return told.Select(one => (one.Happened, one.Of!(streams[one.Happened.Stream]
                .TakeWhile(e => e.Version <= one.Happened.Version).Fold<TState, TEvent>())));
        });

    /// <summary>The same for integration events that say more than streams of one category do.</summary>
    /// <param name="services">The service.</param>
    /// <param name="name">Its checkpoint, such as <c>invitations.publish.v1</c>.</param>
    /// <param name="category">Whose events these are; null for all of the service.</param>
    /// <param name="map">The map from some events, in their order, to the integration event of each, or null; what it reads, it reads in the session.</param>
    public static void AddPublishing(
        this IServiceCollection services, string name, string? category,
        Func<IReadOnlyList<RecordedEvent>, EventSession, CancellationToken, Task<IEnumerable<(RecordedEvent Happened, object? Message)>>> map) =>
        services.AddPublishing(name, category, _ => map);

    /// <summary>The same for integration events that say what a service of the host knows.</summary>
    /// <param name="services">The service.</param>
    /// <param name="name">Its checkpoint, such as <c>invitations.publish.v1</c>.</param>
    /// <param name="category">Whose events these are; null for all of the service.</param>
    /// <param name="map">Makes the map, with the host's services.</param>
    public static void AddPublishing(
        this IServiceCollection services, string name, string? category,
        Func<IServiceProvider, Func<IReadOnlyList<RecordedEvent>, EventSession, CancellationToken, Task<IEnumerable<(RecordedEvent Happened, object? Message)>>>> map) =>
        services.AddSubscription(p => new PublishSubscription(name, category, map(p), p.GetRequiredService<IBus>()));

    /// <summary>Tells other services of one event: message id = event id, in the event's trace and on behalf of who caused it.</summary>
    public static async Task Publish(this IBus bus, RecordedEvent happened, object message, CancellationToken ct)
    {
        // Without a trace to go on with, it starts one of its own.
        _ = ActivityContext.TryParse(happened.Metadata.Header(EventStore.EventMetadata.TraceParent), traceState: null, out var parent);
        using var activity = Activities.StartActivity($"publish {happened.Type}", ActivityKind.Internal, parent);
        await bus.Publish(message, message.GetType(), Pipe.Execute<PublishContext>(context =>
        {
            context.MessageId = happened.Id;
            context.CorrelationId = happened.Stream.Key;
            if (happened.Metadata.Header(EventStore.EventMetadata.UserId) is { } user)
                context.Headers.Set(EventStore.EventMetadata.UserId, user);
        }), ct);
    }

    /// <summary>The session in which a saga's state machine works: what it appends commits with the saga and the message's receipt.</summary>
    public static EventSession Session(this PipeContext context) => context.GetPayload<EventSession>();

    /// <summary>Who caused a message, for the events that follow from it.</summary>
    public static EventMetadata EventMetadata(this ConsumeContext context)
    {
        var user = context.Headers.Get<string>(EventStore.EventMetadata.UserId);
        return new(
            context.CorrelationId?.ToString(),
            context.MessageId?.ToString(),
            user is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { [EventStore.EventMetadata.UserId] = user });
    }
}

/// <summary>
/// Publishes what happened, with confirms, message id = event id. It may die between the confirm and its checkpoint: then the same
/// messages go out again under the same ids, and the consumers' inboxes know them.
/// </summary>
internal sealed class PublishSubscription(
    string name, string? category,
    Func<IReadOnlyList<RecordedEvent>, EventSession, CancellationToken, Task<IEnumerable<(RecordedEvent Happened, object? Message)>>> map, IBus bus)
    : ISubscription
{
    public string Name => name;

    public string? Category => category;

    public async Task Handle(IReadOnlyList<RecordedEvent> events, EventSession session, CancellationToken ct) => await Task.WhenAll(
        from one in await map(events, session, ct) where one.Message is not null select bus.Publish(one.Happened, one.Message, ct));
}

/// <summary>
/// Handles one kind of integration event in one unit of work, once: the message's id commits with the effect.
/// Losing a race means deciding again; the second delivery of a message changes nothing.
/// </summary>
/// <typeparam name="TMessage">The integration event.</typeparam>
public abstract class EventConsumer<TMessage>(PostgresEventStore store) : IConsumer<TMessage>
    where TMessage : class
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        try
        {
            await Once(context, session => Handle(context.Message, session, context.CancellationToken));
        }
        catch (UniqueRuleException broken)
        {
            await Once(context, session => Broke(broken, context.Message, session, context.CancellationToken));
        }
    }

    /// <summary>Turns the message into a command: decides, and appends in the session, which saves afterwards.</summary>
    protected abstract Task Handle(TMessage message, EventSession session, CancellationToken ct);

    /// <summary>
    /// Records what follows from a unique rule that the effect broke, in a session of its own: nothing of the effect was kept.
    /// Unless a consumer expects that, it is a failure like any other.
    /// </summary>
    protected virtual Task Broke(UniqueRuleException broken, TMessage message, EventSession session, CancellationToken ct) =>
        Task.FromException(broken);

    private async Task Once(ConsumeContext<TMessage> context, Func<EventSession, Task> work)
    {
        try
        {
            await store.Transact(
                context.EventMetadata(),
                async session =>
                {
                    session.HandledBy(GetType().Name, context.MessageId!.Value);
                    await work(session);
                    return true;
                },
                context.CancellationToken);
        }
        catch (DuplicateMessageException)
        {
            // Handled before; that it was is all there is to do.
        }
    }
}
