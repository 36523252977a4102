using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;

namespace InviteHub.Bench.EventStore;

/// <summary>Events of the size that the services store.</summary>
internal abstract record SampleEvent
{
    private SampleEvent()
    {
    }

    [EventType("sample.happened.v1")]
    public sealed record Happened(Guid PersonId, string Organization, string Role, int Number, DateTimeOffset At) : SampleEvent;

    [EventType("sample.introduced.v1")]
    public sealed record Introduced(
        Guid PersonId,
        [property: PersonalData(nameof(Introduced.PersonId))] string Email,
        [property: PersonalData(nameof(Introduced.PersonId))] string FirstName,
        [property: PersonalData(nameof(Introduced.PersonId))] string LastName) : SampleEvent;
}

internal sealed record Sample(int Count) : IAggregate<Sample, SampleEvent>
{
    public static string Category => "sample";

    public static Sample Initial { get; } = new(0);

    public Sample Apply(SampleEvent happened) => happened switch
    {
        SampleEvent.Happened or SampleEvent.Introduced => this with { Count = Count + 1 },
        _ => throw new InvalidOperationException("not an event of a sample"),
    };
}

/// <summary>A stream that one session appends to again and again.</summary>
internal sealed class Cursor(StreamId id)
{
    public StreamId Id => id;

    public long Version { get; set; }

    public EventSession? Session { get; set; }
}
