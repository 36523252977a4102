using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InviteHub.Architecture.Tests.Red;
using InviteHub.EventStore;

namespace InviteHub.Architecture.Tests;

/// <summary>What is stored stays readable: names are unique and versioned, shapes are frozen as samples, every event is applied.</summary>
internal static partial class EventCatalogue
{
    private static readonly JsonSerializerOptions Indented = new(EventJson.Options) { WriteIndented = true };

    /// <summary>Events that are named badly, belong to no aggregate or aren't applied by it, and samples that are missing or don't fit.</summary>
    /// <param name="types">All types of all services.</param>
    /// <param name="samples">The folder of the samples.</param>
    /// <param name="writesMissing">Whether to write samples that are missing.</param>
    public static IReadOnlyList<string> Violations(IReadOnlyCollection<Type> types, string samples, bool writesMissing)
    {
        var aggregates = (from type in types
                          from contract in type.GetInterfaces()
                          where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IAggregate<,>)
                          group type by contract.GetGenericArguments()[1]).ToDictionary(same => same.Key, same => same.First());
        var events = (from type in types
                      let name = type.GetCustomAttribute<EventTypeAttribute>()?.Name
                      where name is not null
                      select (Name: name, Type: type)).ToList();

        return
        [
            .. from type in types
               where aggregates.ContainsKey(type.BaseType ?? typeof(object)) && events.TrueForAll(one => one.Type != type)
               select $"{type.FullName} is an event without a stored name",
            .. from catalogue in aggregates.Keys
               where !catalogue.IsAbstract || catalogue.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                   .Any(one => !one.IsPrivate && one.GetParameters().All(parameter => parameter.ParameterType != catalogue))
               select $"{catalogue.FullName} is not closed: anybody can add an event that nobody applies",
            .. from one in events where !Name().IsMatch(one.Name) select $"'{one.Name}' is no stored name: <aggregate>.<past_tense>.v<n> in small letters",
            .. from one in events
               group one by one.Name into same
               where same.Count() > 1
               select $"'{same.Key}' names several events: {string.Join(", ", same.Select(one => one.Type.FullName))}",
            .. from one in events where one.Type.BaseType != one.Type.DeclaringType || !aggregates.ContainsKey(one.Type.BaseType!)
               select $"{one.Type.FullName} is in no aggregate's catalogue",
            .. from one in events
               where aggregates.ContainsKey(one.Type.BaseType!)
               let reason = WhyNotReadable(one.Name, one.Type, aggregates[one.Type.BaseType!], samples, writesMissing)
               where reason is not null
               select $"{one.Type.FullName}: {reason}",
            .. from path in Directory.Exists(samples) ? Directory.EnumerateFiles(samples) : []
               let name = Path.GetFileNameWithoutExtension(path)
               where events.TrueForAll(one => one.Name != name)
               select $"{Path.GetFileName(path)} is a sample of what is stored somewhere, and no event has that name any more",
        ];
    }

    private static string? WhyNotReadable(string name, Type type, Type aggregate, string samples, bool writesMissing)
    {
        var path = Path.Combine(samples, $"{name}.json");
        string Current() => JsonSerializer.Serialize(SampleValue.Of(type), type, Indented) + "\n";
        if (FrozenText.Read(path, Current, writesMissing) is not { } sample)
            return $"has no frozen sample. If this is the shape to keep for ever, save it as Events/{name}.json (INVITEHUB_WRITE_SAMPLES=1 does):\n{Current()}";

        try
        {
            var read = JsonSerializer.Deserialize(sample, type, EventJson.Options)!;
            var again = JsonSerializer.Serialize(read, type, Indented) + "\n";
            return JsonNode.DeepEquals(JsonNode.Parse(sample), JsonNode.Parse(again))
                ? WhyNotApplied(aggregate, read)
                : $"no longer fits its frozen sample; a changed shape is a new version with an upcaster:\n{string.Join('\n', FrozenText.Difference(sample, again))}";
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return $"doesn't read its frozen sample: {e.Message}";
        }
    }

    private static string? WhyNotApplied(Type aggregate, object happened)
    {
        try
        {
            typeof(EventCatalogue).GetMethod(nameof(Apply), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(aggregate, happened.GetType().BaseType!).Invoke(null, [happened]);
            return null;
        }
        catch (TargetInvocationException e)
        {
            // Thrown by the state itself, it is "I don't know this event"; other errors only say that no stream begins with this one.
            return e.InnerException is { } inner and not NullReferenceException && inner.TargetSite?.Module.Assembly == aggregate.Assembly
                ? $"{aggregate.Name}.Apply doesn't know it: it throws {inner.GetType().Name}"
                : null;
        }
    }

    private static void Apply<TState, TEvent>(TEvent happened)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class =>
        _ = TState.Initial.Apply(happened) ?? throw new InvalidOperationException("no state came of it");

    [GeneratedRegex(@"^[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*\.v[1-9][0-9]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}

[Trait("Feature", "OPS-06")]
public sealed class event_catalogue : IDisposable
{
    private readonly string _samples = Directory.CreateTempSubdirectory("samples").FullName;

    [Fact]
    public void of_every_service_stays_readable() =>
        EventCatalogue.Violations(ServiceAssemblies.Types, Path.Combine(Repository.Here, "Events"), Repository.WritesMissing).ShouldHold();

    [Theory]
    [InlineData("Unnamed is an event without a stored name")]
    [InlineData("'Green.Upper.V1' is no stored name")]
    [InlineData("'red_thing.without_version' is no stored name")]
    [InlineData("'red_thing.version_nought.v0' is no stored name")]
    [InlineData("'red_thing.taken.v1' names several events")]
    [InlineData("Stray is in no aggregate's catalogue")]
    [InlineData("OpenEvent is not closed")]
    [InlineData("Unreadable: doesn't read its frozen sample")]
    [InlineData("Unapplied: RedThing.Apply doesn't know it: it throws UnreachableException")]
    public void with_a_fault_is_found(string violation)
    {
        var found = EventCatalogue.Violations(RedCatalogue.Types, _samples, writesMissing: true);
        found.ShouldContain(one => one.Contains(violation), string.Join("\n\n", found));
    }

    [Fact]
    public void without_one_is_let_through_once_its_samples_are_kept()
    {
        EventCatalogue.Violations(RedCatalogue.Green, _samples, writesMissing: true).ShouldBeEmpty();
        EventCatalogue.Violations(RedCatalogue.Green, _samples, writesMissing: false).ShouldBeEmpty();
        Directory.EnumerateFiles(_samples).Count().ShouldBe(3);
    }

    [Fact]
    public void without_a_sample_is_told_the_json_to_keep()
    {
        var all = EventCatalogue.Violations(RedCatalogue.Green, _samples, writesMissing: false);
        all.Count.ShouldBe(3);
        var found = all[0];
        found.ShouldContain("Events/green_thing.filled.v1.json");
        found.ShouldContain("\"firstName\": \"firstName\"");
        Directory.EnumerateFiles(_samples).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"firstName\": \"firstName\"", "\"givenName\": \"firstName\"", "new version with an upcaster")]
    [InlineData("\"count\": 7", "\"count\": \"many\"", "doesn't read its frozen sample")]
    [InlineData("\"kind\": \"second\"", "\"kind\": \"third\"", "doesn't read its frozen sample")]
    public void whose_shape_left_its_sample_is_found(string now, string kept, string violation)
    {
        EventCatalogue.Violations(RedCatalogue.Green, _samples, writesMissing: true);
        var sample = Path.Combine(_samples, "green_thing.filled.v1.json");
        var text = File.ReadAllText(sample);
        text.ShouldContain(now);
        File.WriteAllText(sample, text.Replace(now, kept));
        EventCatalogue.Violations(RedCatalogue.Green, _samples, writesMissing: true).ShouldHaveSingleItem().ShouldContain(violation);
        File.ReadAllText(sample).ShouldContain(kept);
    }

    [Fact]
    public void that_lost_an_event_is_found()
    {
        File.WriteAllText(Path.Combine(_samples, "green_thing.forgotten.v1.json"), "{}");
        EventCatalogue.Violations(RedCatalogue.Green, _samples, writesMissing: true).ShouldHaveSingleItem().ShouldContain("green_thing.forgotten.v1");
    }

    public void Dispose() => Directory.Delete(_samples, recursive: true);
}
