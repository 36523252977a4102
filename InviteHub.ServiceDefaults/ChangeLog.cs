using InviteHub.EventStore;

namespace InviteHub.ServiceDefaults;

/// <summary>One entry of a log: what an event changed (LOG-01).</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="By">Who did it; null when nobody was signed in.</param>
/// <param name="Event">The event's stored name, such as <c>user.registered.v1</c>.</param>
/// <param name="Changes">Each field that is another one afterwards; empty when none of those shown is.</param>
/// <param name="Why">The reason that the event gives, if it gives one.</param>
public sealed record LogEntry(DateTimeOffset At, LogActor? By, string Event, IReadOnlyList<FieldChange> Changes, string? Why = null);

/// <summary>Who acted.</summary>
/// <param name="Id">The user.</param>
/// <param name="Name">First and last name, when they are known and not erased.</param>
public sealed record LogActor(Guid Id, string? Name);

/// <summary>A field before and after an event.</summary>
/// <param name="Field">Its name in the API.</param>
/// <param name="Before">What it was; null when nothing.</param>
/// <param name="After">What it is; null when nothing.</param>
public sealed record FieldChange(string Field, string? Before, string? After);

/// <summary>Turns a stream into a log by replaying it: state by state, field by field. Pure.</summary>
public static class ChangeLog
{
    /// <summary>The entries of a stream from its first event on.</summary>
    /// <param name="events">The stream from version 1, in order.</param>
    /// <param name="fields">What of a state is shown, masked and named as readers may see it.</param>
    /// <param name="why">The reason that an event gives.</param>
    public static IEnumerable<LogEntry> Replay<TState, TEvent>(
        IEnumerable<RecordedEvent> events, Func<TState, IReadOnlyDictionary<string, string?>> fields, Func<TEvent, string?>? why = null)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        var state = TState.Initial;
        foreach (var happened in events)
        {
            var before = fields(state);
            state = state.Apply((TEvent)happened.Data);
            var after = fields(state);
            var by = Guid.TryParse(happened.Metadata.Header(EventMetadata.UserId), out var id) ? new LogActor(id, null) : null;
            yield return new(happened.Timestamp, by, happened.Type, [.. Differences(before, after)], why?.Invoke((TEvent)happened.Data));
        }
    }

    /// <summary>Each field that is another one afterwards.</summary>
    internal static IEnumerable<FieldChange> Differences(IReadOnlyDictionary<string, string?> before, IReadOnlyDictionary<string, string?> after) =>
        from field in before.Keys.Union(after.Keys, StringComparer.Ordinal)
        let was = before.GetValueOrDefault(field)
        let @is = after.GetValueOrDefault(field)
        where was != @is
        select new FieldChange(field, was, @is);
}
