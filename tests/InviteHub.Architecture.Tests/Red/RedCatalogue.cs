using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Architecture.Tests.Red;

internal static class RedCatalogue
{
    /// <summary>Catalogues with every fault that the rule knows.</summary>
    public static IReadOnlyCollection<Type> Types { get; } =
        [typeof(RedThing), typeof(OpenThing), .. Nested(typeof(RedEvent)), .. Nested(typeof(OtherEvent)), .. Nested(typeof(OpenEvent))];

    /// <summary>One without a fault, with every kind of property.</summary>
    public static IReadOnlyCollection<Type> Green { get; } = [typeof(GreenThing), .. Nested(typeof(GreenEvent))];

    private static Type[] Nested(Type type) => [type, .. type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)];
}

internal abstract record RedEvent
{
    private RedEvent()
    {
    }

    internal sealed record Unnamed : RedEvent;

    [EventType("Green.Upper.V1")]
    internal sealed record BadCase : RedEvent;

    [EventType("red_thing.without_version")]
    internal sealed record NoVersion : RedEvent;

    [EventType("red_thing.version_nought.v0")]
    internal sealed record VersionNought : RedEvent;

    [EventType("red_thing.taken.v1")]
    internal sealed record Taken : RedEvent;

    /// <summary>The serializer writes it, and can't read it back.</summary>
    [EventType("red_thing.unreadable.v1")]
    internal sealed record Unreadable(IReadOnlySet<int> Numbers) : RedEvent;

    [EventType("red_thing.unapplied.v1")]
    internal sealed record Unapplied : RedEvent;
}

/// <summary>A catalogue of another service, without an aggregate and with a name that is taken.</summary>
internal abstract record OtherEvent
{
    private OtherEvent()
    {
    }

    [EventType("red_thing.taken.v1")]
    internal sealed record Stray : OtherEvent;
}

internal abstract record OpenEvent
{
    private protected OpenEvent()
    {
    }
}

internal sealed record RedThing : IAggregate<RedThing, RedEvent>
{
    public static string Category => "red_thing";

    public static RedThing Initial { get; } = new();

    public RedThing Apply(RedEvent happened) => happened switch
    {
        RedEvent.Unapplied => throw new UnreachableException(),
        _ => this,
    };
}

internal sealed record OpenThing : IAggregate<OpenThing, OpenEvent>
{
    public static string Category => "open_thing";

    public static OpenThing Initial { get; } = new();

    public OpenThing Apply(OpenEvent happened) => this;
}

internal enum GreenKind
{
    First,
    Second,
}

internal readonly record struct GreenPart(string Text, int? Number);

internal abstract record GreenEvent
{
    private GreenEvent()
    {
    }

    [EventType("green_thing.filled.v1")]
    internal sealed record Filled(
        Guid Id, Guid? By, [property: PersonalData("Id")] string FirstName, string? Reason, int Count, long? Long, decimal Price, bool IsOn, GreenKind Kind,
        DateTimeOffset At, DateOnly On, TimeSpan Lasts, byte[] Hash, IReadOnlyList<string> Texts, GreenPart[] Parts, ImmutableArray<Guid> Ids,
        IReadOnlyDictionary<string, GreenKind> Kinds, ISet<int> Set, ImmutableDictionary<string, string> Words) : GreenEvent
    {
        public required IReadOnlyCollection<GreenPart> More { get; init; }
    }

    /// <summary>Never the first of a stream.</summary>
    [EventType("green_thing.refilled.v1")]
    internal sealed record Refilled(int Count) : GreenEvent;

    /// <summary>Neither.</summary>
    [EventType("green_thing.emptied.v1")]
    internal sealed record Emptied(string Part) : GreenEvent;
}

internal sealed record GreenThing : IAggregate<GreenThing, GreenEvent>
{
    public static string Category => "green_thing";

    public static GreenThing Initial { get; } = new();

    public GreenEvent.Filled? Content { get; init; }

    public ImmutableDictionary<string, int> Parts { get; init; } = [];

    public GreenThing Apply(GreenEvent happened) => happened switch
    {
        GreenEvent.Filled e => this with { Content = e },
        GreenEvent.Refilled e => this with { Content = Content! with { Count = e.Count } },
        GreenEvent.Emptied e => this with { Parts = Parts.SetItem(e.Part, -Parts[e.Part]) },
        _ => throw new UnreachableException(),
    };
}
