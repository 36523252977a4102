using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.EventStore;

/// <summary>How events and saga states are written as JSON.</summary>
public static class EventJson
{
    /// <summary>camelCase names, enums as text, no nulls: the storage format, so it never changes.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>An event type with its personal fields found once.</summary>
internal sealed class EventShape
{
    private static readonly NullabilityInfoContext Nullability = new();

    public EventShape(string name, Type type)
    {
        (Name, Type) = (name, type);
        PersonalFields = [.. from property in type.GetProperties()
                             let mark = property.GetCustomAttribute<PersonalDataAttribute>()
                             where mark is not null
                             select Field(property, mark)];
        Subjects = [.. type.GetProperties().Select(p => p.GetCustomAttribute<PersonalDataAttribute>()?.Subject).Distinct(StringComparer.Ordinal)
                        .OfType<string>().Select(subject => type.GetProperty(subject)!)];
        foreach (var property in type.GetProperties().Where(p => p.GetCustomAttribute<PersonalDataAttribute>() is null))
            RefuseMarksWithin(property.PropertyType, $"{type}.{property.Name}", []);
    }

    public string Name { get; }

    public Type Type { get; }

    public IReadOnlyList<PersonalField> PersonalFields { get; }

    /// <summary>The properties that say whose data the personal fields are.</summary>
    public IReadOnlyList<PropertyInfo> Subjects { get; }

    private static PersonalField Field(PropertyInfo property, PersonalDataAttribute mark)
    {
        var subject = property.DeclaringType!.GetProperty(mark.Subject)
            ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} names a subject '{mark.Subject}' that is not there");
        // The field is found by its name in the JSON: under another one it would be stored in clear.
        if (property.IsDefined(typeof(JsonPropertyNameAttribute)) || subject.IsDefined(typeof(JsonPropertyNameAttribute)))
            throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} and its subject must be stored under their own names");
        var isText = property.PropertyType == typeof(string);
        lock (Nullability)
        {
            if (!isText && Nullability.Create(property).WriteState == NullabilityState.NotNull)
                throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} must be nullable: it reads as null once erased");
        }

        return new(JsonNamingPolicy.CamelCase.ConvertName(property.Name), JsonNamingPolicy.CamelCase.ConvertName(subject.Name), isText);
    }

    // Only an event's own properties are encrypted: a mark further in would be believed and do nothing.
    private static void RefuseMarksWithin(Type type, string path, HashSet<Type> seen)
    {
        foreach (var inner in type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments())
            RefuseMarksWithin(inner, path, seen);
        if (type.Namespace is "System" || type.Namespace?.StartsWith("System.", StringComparison.Ordinal) is true || !seen.Add(type))
            return;
        foreach (var property in type.GetProperties())
        {
            if (property.IsDefined(typeof(PersonalDataAttribute)))
                throw new InvalidOperationException($"{path} holds a personal {type.Name}.{property.Name}: mark the whole property of the event");
            RefuseMarksWithin(property.PropertyType, path, seen);
        }
    }
}

internal sealed record PersonalField(string Name, string Subject, bool IsText);

/// <summary>Events to stored JSON and back, personal data as ciphertext for its subject.</summary>
internal sealed class EventSerializer(EventTypes types, SubjectKeys keys)
{
    private const string Mark = "pd1:";

    /// <summary>
    /// The stored JSON of events, in their order; the events as they will be read, which of a forgotten subject say nothing; and the subjects
    /// whose keys were used.
    /// </summary>
    public async ValueTask<(string[] Names, string[] Bodies, object[] Events, string[] Subjects)> Write(
        IReadOnlyList<(Guid Id, object Data)> events, CancellationToken ct)
    {
        var readable = events.Select(e => e.Data).ToArray();
        var names = new string[events.Count];
        var bodies = new string[events.Count];
        List<(int Index, EventShape Shape, JsonObject Json)>? personal = null;
        for (var i = 0; i < events.Count; i++)
        {
            var shape = types.Of(events[i].Data.GetType());
            names[i] = shape.Name;
            if (shape.PersonalFields.Count == 0)
                bodies[i] = JsonSerializer.Serialize(events[i].Data, shape.Type, EventJson.Options);
            else
                (personal ??= []).Add((i, shape, (JsonObject)JsonSerializer.SerializeToNode(events[i].Data, shape.Type, EventJson.Options)!));
        }

        if (personal is null)
            return (names, bodies, readable, []);

        var subjects = personal.SelectMany(e => Subjects(e.Shape, e.Json)).ToHashSet(StringComparer.Ordinal);
        var byKey = await keys.ToWrite(subjects, ct);
        foreach (var (index, shape, json) in personal.Where(e => Subjects(e.Shape, e.Json).Any(subject => byKey[subject] is null)))
        {
            var erased = json.DeepClone().AsObject();
            foreach (var field in shape.PersonalFields.Where(field => erased[field.Name] is not null && byKey[SubjectOf(json, field)] is null))
                erased[field.Name] = field.IsText ? PersonalDataAttribute.Erased : null;
            readable[index] = erased.Deserialize(shape.Type, EventJson.Options)!;
        }

        foreach (var (index, shape, json) in personal)
        {
            foreach (var field in shape.PersonalFields)
            {
                if (json[field.Name] is not { } value)
                    continue;
                var subject = SubjectOf(json, field);
                json[field.Name] = byKey[subject] is { } key
                    ? Mark + Convert.ToBase64String(Sealed.Close(key, JsonSerializer.SerializeToUtf8Bytes(value), Context(subject, events[index].Id)))
                    : Mark;
            }

            bodies[index] = json.ToJsonString(EventJson.Options);
        }

        return (names, bodies, readable, [.. subjects.Where(subject => byKey[subject] is not null).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The events behind stored JSON, in their order, old shapes turned to new ones.</summary>
    /// <param name="stored">What is stored.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="namesUnknown">Answers an <see cref="UnknownEventTypeException"/> in the place of an event that no catalogue knows, instead of throwing it.</param>
    public async ValueTask<object[]> Read(IReadOnlyList<(Guid Id, string Type, string Body)> stored, CancellationToken ct, bool namesUnknown = false)
    {
        var events = new object[stored.Count];
        List<(int Index, EventShape Shape, JsonObject Json)>? personal = null;
        for (var i = 0; i < stored.Count; i++)
        {
            if (namesUnknown && !types.Knows(stored[i].Type))
            {
                events[i] = new UnknownEventTypeException(stored[i].Type);
                continue;
            }

            var (shape, changes) = types.Resolve(stored[i].Type);
            if (shape.PersonalFields.Count == 0 && changes.Count == 0)
            {
                events[i] = JsonSerializer.Deserialize(stored[i].Body, shape.Type, EventJson.Options)!;
                continue;
            }

            var json = changes.Aggregate((JsonObject)JsonNode.Parse(stored[i].Body)!, (old, change) => change(old));
            (personal ??= []).Add((i, shape, json));
        }

        if (personal is null)
            return events;

        var subjects = personal.SelectMany(e => Subjects(e.Shape, e.Json)).ToHashSet(StringComparer.Ordinal);
        var byKey = await keys.ToRead(subjects, ct);
        foreach (var (index, shape, json) in personal)
        {
            foreach (var field in shape.PersonalFields)
            {
                if (json[field.Name] is JsonValue value && value.TryGetValue<string>(out var text) && text.StartsWith(Mark, StringComparison.Ordinal))
                    json[field.Name] = Clear(text, byKey[SubjectOf(json, field)], Context(SubjectOf(json, field), stored[index].Id), field);
            }

            events[index] = json.Deserialize(shape.Type, EventJson.Options)!;
        }

        return events;
    }

    private static JsonNode? Clear(string text, byte[]? key, string context, PersonalField field)
    {
        if (key is not null && text.Length > Mark.Length)
        {
            try
            {
                return JsonNode.Parse(Sealed.Open(key, Convert.FromBase64String(text[Mark.Length..]), context));
            }
            catch (Exception e) when (e is CryptographicException or FormatException)
            {
                // A value that was moved here from another event or damaged: the hash chain says where; reading goes on.
            }
        }

        return field.IsText ? PersonalDataAttribute.Erased : null;
    }

    private static IEnumerable<string> Subjects(EventShape shape, JsonObject json) =>
        from field in shape.PersonalFields where json[field.Name] is not null select SubjectOf(json, field);

    private static string SubjectOf(JsonObject json, PersonalField field) => json[field.Subject]?.GetValue<string>()
        ?? throw new InvalidOperationException($"the event has '{field.Name}' but no subject '{field.Subject}'");

    private static string Context(string subject, Guid eventId) => $"{subject}|{eventId}";
}
