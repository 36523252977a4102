using InviteHub.EventStore;
using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using MassTransit.Configuration;

namespace InviteHub.ServiceDefaults;

/// <summary>Keeps MassTransit's sagas in the event store's session.</summary>
public static class SagaRegistration
{
    /// <summary>
    /// Keeps the saga in PostgreSQL with optimistic concurrency: its state, the events that its activities append and the receipt of the
    /// message commit together. A saga begins in the commit of the command that it follows (<see cref="EventSession.SaveSaga"/>), never by a message.
    /// </summary>
    public static ISagaRegistrationConfigurator<TSaga> EventStoreRepository<TSaga>(this ISagaRegistrationConfigurator<TSaga> saga)
        where TSaga : class, ISaga
    {
        saga.Repository(x => x.RegisterSagaRepository<TSaga, EventSession, SagaConsumeContextFactory<EventSession, TSaga>, SagaRepositoryFactory<TSaga>>());
        return saga;
    }
}

internal sealed class SagaRepositoryFactory<TSaga>(PostgresEventStore store, ISagaConsumeContextFactory<EventSession, TSaga> contexts)
    : ISagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
{
    public void Probe(ProbeContext context) => context.Add("persistence", "eventStore");

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        var session = store.OpenSession(context.EventMetadata());
        context.AddOrUpdatePayload(() => session, _ => session);
        try
        {
            await next.Send(new SagaContext<TSaga, T>(session, context, contexts));
        }
        catch (DuplicateMessageException)
        {
            // The same message again: nothing of this attempt was kept.
        }
    }

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class =>
        throw new NotSupportedException("sagas are found by their correlation id alone");
}

internal sealed class SagaContext<TSaga, TMessage>(
    EventSession session, ConsumeContext<TMessage> message, ISagaConsumeContextFactory<EventSession, TSaga> contexts)
    : ConsumeContextScope<TMessage>(message), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISaga
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _message = message;
    private long _version;

    public async Task<SagaConsumeContext<TSaga, TMessage>?> Load(Guid correlationId)
    {
        (var saga, _version) = await session.LoadSaga<TSaga>(correlationId, CancellationToken);
        return saga is null ? null : await contexts.CreateSagaConsumeContext(session, _message, saga, SagaConsumeContextMode.Load);
    }

    public Task Update(SagaConsumeContext<TSaga> context) => Commit(context.Saga);

    public Task Save(SagaConsumeContext<TSaga> context) => Commit(context.Saga);

    // A finished saga stays as a row: a late message finds that it is over.
    public Task Delete(SagaConsumeContext<TSaga> context) => Commit(context.Saga);

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) => throw new NotSupportedException("a saga begins with its command");

    public Task<SagaConsumeContext<TSaga, TMessage>?> Insert(TSaga instance) => throw new NotSupportedException("a saga begins with its command");

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class => contexts.CreateSagaConsumeContext(session, consumeContext, instance, mode);

    private async Task Commit(TSaga saga)
    {
        session.HandledBy(typeof(TSaga).Name, MessageId!.Value);
        session.SaveSaga(saga.CorrelationId, saga, _version);
        await session.SaveChanges(CancellationToken);
    }
}
