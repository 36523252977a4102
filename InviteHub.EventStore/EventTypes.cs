using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InviteHub.EventStore;

/// <summary>The stored name of an event: <c>&lt;aggregate&gt;.&lt;past_tense&gt;.v&lt;n&gt;</c>, explicit, versioned, never reused.</summary>
/// <param name="name">The stored name.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventTypeAttribute(string name) : Attribute
{
    /// <summary>The stored name.</summary>
    public string Name => name;
}

/// <summary>All event types that a service knows: stored name ⇄ CLR type, and how old shapes become new ones.</summary>
public sealed class EventTypes
{
    private readonly Dictionary<string, EventShape> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, EventShape> _byType = [];
    private readonly Dictionary<string, (string To, Func<JsonObject, JsonObject> Change)> _upcasters = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, SnapshotRule> _snapshots = [];
    private readonly Dictionary<string, IStreamReplay> _replays = new(StringComparer.Ordinal);

    /// <summary>Registers every event nested in a closed catalogue, and the states in its assembly that are made of them.</summary>
    /// <exception cref="InvalidOperationException">An event has no stored name, or one that is taken.</exception>
    public EventTypes Add<TCatalogue>() where TCatalogue : class
    {
        foreach (var type in typeof(TCatalogue).GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
                     .Where(t => t.IsSubclassOf(typeof(TCatalogue))))
        {
            var name = type.GetCustomAttribute<EventTypeAttribute>()?.Name
                ?? throw new InvalidOperationException($"event {type} has no [EventType]");
            var shape = new EventShape(name, type);
            if (!_byName.TryAdd(name, shape))
                throw new InvalidOperationException($"the stored name '{name}' is used twice");
            _byType.Add(type, shape);
        }

        foreach (var state in typeof(TCatalogue).Assembly.GetTypes().Where(IsMadeOf<TCatalogue>))
        {
            var replay = (IStreamReplay)Activator.CreateInstance(typeof(StreamReplay<,>).MakeGenericType(state, typeof(TCatalogue)))!;
            _replays.TryAdd(replay.Category, replay);
        }

        return this;
    }

    /// <summary>Turns the stored shape of an old version into a newer one when it is read; the stream itself stays as it is.</summary>
    /// <param name="from">The stored name of the old version.</param>
    /// <param name="to">The stored name of the newer one, which may itself be an old one.</param>
    /// <param name="change">The stored JSON of the old shape to that of the new.</param>
    public EventTypes Upcast(string from, string to, Func<JsonObject, JsonObject> change)
    {
        _upcasters.Add(from, (to, change));
        return this;
    }

    /// <summary>
    /// Keeps the state of a long stream now and then, so that only the events behind it are read and folded. It must survive
    /// <see cref="EventJson.Options"/> without a loss: prove it by a test.
    /// </summary>
    /// <param name="every">How many events lie between two snapshots, of a stream of less than sixteen times as many.</param>
    /// <param name="schemaVersion">A new one whenever the state's shape, or what its <c>Apply</c> makes of an event, changes.</param>
    /// <param name="json">How its JSON is written; as <see cref="EventJson.Options"/> unless given.</param>
    /// <exception cref="InvalidOperationException">
    /// The catalogue, added before, has personal data (GDP-03): a snapshot would keep it in clear. Or the category has snapshots already.
    /// </exception>
    public EventTypes Snapshot<TState, TEvent>(int every, int schemaVersion, JsonSerializerOptions? json = null)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class
    {
        var catalogue = _byType.Values.Where(shape => shape.Type.IsSubclassOf(typeof(TEvent))).ToArray();
        if (catalogue.Length == 0)
            throw new InvalidOperationException($"add the catalogue {typeof(TEvent)} before its snapshots");
        if (catalogue.FirstOrDefault(shape => shape.PersonalFields.Count > 0) is { } personal)
            throw new InvalidOperationException($"{typeof(TState)} can have no snapshots: {personal.Type} holds personal data");
        if (_snapshots.Values.Any(rule => rule.Category == TState.Category))
            throw new InvalidOperationException($"the category '{TState.Category}' has snapshots already");
        _snapshots.Add(typeof(TState), new(TState.Category, every, schemaVersion, json ?? EventJson.Options));
        return this;
    }

    /// <summary>Every registered event type with its stored name.</summary>
    public IEnumerable<(string Name, Type Type)> All => _byName.Values.Select(shape => (shape.Name, shape.Type));

    /// <summary>What stands before the dash in the ids of the streams that these events make.</summary>
    public IReadOnlyCollection<string> Categories => _replays.Keys;

    /// <summary>The state that the events of one stream make, whatever its category; null for no events, or a category that is not known.</summary>
    public object? Replay(IReadOnlyList<RecordedEvent> events) =>
        events.Count > 0 && _replays.TryGetValue(events[0].Stream.Category, out var replay) ? replay.Of(events) : null;

    /// <summary>Those whose personal data an event holds.</summary>
    public IEnumerable<string> SubjectsOf(object happened) =>
        Of(happened.GetType()).Subjects.Select(subject => subject.GetValue(happened)?.ToString()).OfType<string>();

    internal SnapshotRule? SnapshotsOf(Type state) => _snapshots.GetValueOrDefault(state);

    internal EventShape Of(Type type) => _byType.TryGetValue(type, out var shape)
        ? shape
        : throw new InvalidOperationException($"{type} is in no registered catalogue of events");

    internal bool Knows(string storedName) => _byName.ContainsKey(storedName) || _upcasters.ContainsKey(storedName);

    /// <summary>The newest shape of a stored event, and the changes that lead to it, oldest first.</summary>
    internal (EventShape Shape, IReadOnlyList<Func<JsonObject, JsonObject>> Changes) Resolve(string storedName)
    {
        if (!_upcasters.ContainsKey(storedName))
            return (Find(storedName), []);

        var changes = new List<Func<JsonObject, JsonObject>>();
        var name = storedName;
        while (_upcasters.TryGetValue(name, out var step))
        {
            changes.Add(step.Change);
            name = step.To;
        }

        return (Find(name), changes);
    }

    private static bool IsMadeOf<TCatalogue>(Type state) => state.GetInterfaces().Any(one =>
        one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IAggregate<,>)
        && one.GenericTypeArguments[0] == state && one.GenericTypeArguments[1] == typeof(TCatalogue));

    private EventShape Find(string name) => _byName.TryGetValue(name, out var shape) ? shape : throw new UnknownEventTypeException(name);
}

internal sealed record SnapshotRule(string Category, int Every, int SchemaVersion, JsonSerializerOptions Json)
{
    /// <summary>
    /// Whether one is due. It costs as much as its state is large, and so come the further apart the longer the stream is: behind the last
    /// one lies at most an eighth of it, or <see cref="Every"/> events.
    /// </summary>
    public bool IsDue(long before, long after)
    {
        long apart = Every;
        while (apart * 16 <= after)
            apart *= 2;
        return after / apart > before / apart;
    }
}

/// <summary>Makes the state of a stream for those who know its id alone.</summary>
internal interface IStreamReplay
{
    string Category { get; }

    object Of(IEnumerable<RecordedEvent> events);
}

internal sealed class StreamReplay<TState, TEvent> : IStreamReplay
    where TState : class, IAggregate<TState, TEvent>
    where TEvent : class
{
    public string Category => TState.Category;

    public object Of(IEnumerable<RecordedEvent> events) => events.Fold<TState, TEvent>();
}
