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

/// <summary>Events of a stream on which everybody meets.</summary>
internal abstract record HotEvent
{
    private HotEvent()
    {
    }

    [EventType("hot.taken.v1")]
    public sealed record Taken(int Number) : HotEvent;
}

internal sealed record Hot(int Count) : IAggregate<Hot, HotEvent>
{
    public static string Category => "hot";

    public static Hot Initial { get; } = new(0);

    public Hot Apply(HotEvent happened) => happened is HotEvent.Taken ? new(Count + 1) : throw new InvalidOperationException("not an event of a hot stream");
}

/// <summary>A read model of one row a stream and one statement an event.</summary>
internal sealed class SampleRows : IInlineProjection, IProjection
{
    public const string Schema = "create table if not exists sample_rows (id varchar primary key, events bigint not null, last timestamptz not null) with (fillfactor = 80)";

    public string Name => "bench.samples.v1";

    public IReadOnlyList<string> Tables => ["sample_rows"];

    public void Project(RecordedEvent happened, SqlQueue sql) => sql.Execute(
        "insert into sample_rows values ($1, 1, $2) on conflict (id) do update set events = sample_rows.events + 1, last = $2",
        happened.Stream.Id, happened.Timestamp);
}
