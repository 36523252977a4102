using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using MassTransit;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Erases what a service keeps of a person, and says so (GDP-03). First, in one commit, the keys of all ids under which the person is known and
/// what stands beside the streams; then what follows from it, command by command. Killed in between, or told twice, it begins again and finds
/// the rest: nothing in it counts on being done once.
/// </summary>
/// <param name="service">The service's name.</param>
/// <param name="store">Its event store.</param>
/// <param name="keys">Its subjects' keys.</param>
/// <param name="erasures">What was erased.</param>
/// <param name="clock">The time.</param>
public abstract class PersonEraser(string service, PostgresEventStore store, SubjectKeys keys, Erasures erasures, TimeProvider clock) : IConsumer<ErasureDue>
{
    /// <summary>The service's event store.</summary>
    protected PostgresEventStore Store => store;

    /// <summary>The time.</summary>
    protected TimeProvider Clock => clock;

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ErasureDue> context)
    {
        var (asked, ct) = (context.Message, context.CancellationToken);
        if (!asked.Services.Contains(service, StringComparer.Ordinal))
            return;
        var emails = asked.Emails is null or PersonalDataAttribute.Erased ? [] : asked.Emails.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var before = await erasures.SubjectsOf(asked.UserId, ct);
        Guid[] subjects = [.. (await SubjectsOf(asked, emails, ct)).Concat(asked.SubjectIds).Concat(before).Append(asked.UserId).Distinct()];
        await store.Transact(
            context.EventMetadata(),
            session =>
            {
                keys.Forget(session.Sql, asked.UserId, subjects);
                Erase(asked.UserId, subjects, emails, (what, statement, parameters) => erasures.Erase(session.Sql, asked.UserId, what, statement, parameters));
                return Task.FromResult(true);
            },
            ct);
        await Follow(asked, subjects, context.EventMetadata(), ct);
        var erased = await erasures.Of(asked.UserId, ct);
        await context.Publish(
            new PersonErased(
                asked.UserId, service, [.. subjects.Where(id => id != asked.UserId)], [.. erased.Select(e => e.What)], [.. erased.Select(e => e.Items)],
                clock.GetUtcNow()),
            ct);
    }

    /// <summary>Further ids under which the service knows the person.</summary>
    protected virtual Task<IReadOnlyList<Guid>> SubjectsOf(ErasureDue asked, IReadOnlyList<string> emails, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Guid>>([]);

    /// <summary>Erases what stands in tables, in the commit that destroys the keys.</summary>
    /// <param name="person">The account.</param>
    /// <param name="subjects">All ids of the person.</param>
    /// <param name="emails">The addresses, as far as they are told.</param>
    /// <param name="erase">Takes what it is, a statement without its <c>returning</c>, and that one's parameters.</param>
    protected abstract void Erase(Guid person, Guid[] subjects, IReadOnlyList<string> emails, EraseRows erase);

    /// <summary>Runs the commands that follow.</summary>
    protected virtual Task Follow(ErasureDue asked, Guid[] subjects, EventMetadata metadata, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Erases rows: see <see cref="Erasures.Erase"/>.</summary>
public delegate void EraseRows(string what, string statement, params object?[] parameters);
