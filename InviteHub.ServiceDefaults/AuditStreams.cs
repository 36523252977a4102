using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace InviteHub.ServiceDefaults;

/// <summary>There is no such stream in this service, or it was not there at that version or instant.</summary>
/// <param name="StreamId">What was asked for.</param>
public sealed record StreamNotFound(string StreamId) : Refusal(
    RefusalKind.NotFound, "stream-not-found", $"There is no stream '{StreamId}', or there was none yet: ids are <aggregate>-<id>, such as user-0198c2d4-….");

/// <summary>Shows auditors any stream of a service: the state at a version or an instant, its events, and whether its chain holds (LOG-02, LOG-03).</summary>
internal static class AuditStreams
{
    private const string Hidden = "hidden";

    public sealed record StateThen(string StreamId, string? OrganizationId, long Version, DateTimeOffset At, JsonNode? State);

    public sealed record EventThen(
        long Version, Guid Id, string Type, DateTimeOffset At, string? By, string? CorrelationId, string? CausationId, JsonNode? Data);

    /// <summary>Whether every event is as it was appended, and if not, the first version that was changed, removed, reordered or put in.</summary>
    public sealed record Verdict(string StreamId, long Version, bool Holds, long? BrokenAt);

    public static void Map(RouteGroupBuilder api)
    {
        var streams = api.MapGroup("/audit/streams/{streamId}").WithTags("Audit");
        streams.MapGet("", State).WithName("GetStreamState").Requires(Permission.Audit);
        streams.MapGet("/events", Events).WithName("ListStreamEvents").Requires(Permission.Audit);
        streams.MapGet("/verify", Verify).WithName("VerifyStream").Requires(Permission.Audit);
    }

    /// <summary>
    /// What auditors see of a state or an event: no secret and no hash of one, personal numbers without their last digits, and where a value
    /// was erased, that it was.
    /// </summary>
    public static JsonNode? Shown(object whole)
    {
        var json = JsonSerializer.SerializeToNode(whole, whole.GetType(), EventJson.Options);
        return Shown(json, "");
    }

    private static JsonNode? Shown(JsonNode? node, string name)
    {
        if (name.EndsWith("hash", StringComparison.OrdinalIgnoreCase) || name.EndsWith("hashes", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("secret", StringComparison.OrdinalIgnoreCase))
        {
            return node is null ? null : Hidden;
        }

        return node switch
        {
            JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Shown(m.Value, m.Key)))),
            JsonArray items => new JsonArray([.. items.Select(item => Shown(item, name))]),
            JsonValue value when value.TryGetValue<string>(out var text) => Shown(text, name),
            _ => node?.DeepClone(),
        };
    }

    private static string Shown(string text, string name) => text == PersonalDataAttribute.Erased ? "erased"
        : name.Equals("personalNumber", StringComparison.OrdinalIgnoreCase) ? $"{text[..Math.Min(8, text.Length)]}-****"
        : text;

    private static async Task<Results<Ok<StateThen>, ProblemHttpResult>> State(
        string streamId, long? version, DateTimeOffset? at, CurrentUser caller, PostgresEventStore store, EventTypes types, ReaderLog readers, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(version is null || at is null, "at", "Give either a version or an instant.");
        errors.Demand(version is null or > 0, "version", "Versions count from 1.");
        if (errors.Refusal is { } refusal)
            return refusal.ToProblem();

        if (await store.Find(streamId, ct) is not { Id: var id })
            return new StreamNotFound(streamId).ToProblem();
        var events = await store.OpenSession().FetchStream(id, version, at, ct: ct);
        // A version that is yet to come is none: what was asked for is not what would be answered.
        if (types.Replay(events) is not { } state || events[^1].Version < version)
            return new StreamNotFound(streamId).ToProblem();

        await Note(caller, events, types, readers, ct);
        return TypedResults.Ok(new StateThen(streamId, Organization(id), events[^1].Version, events[^1].Timestamp, Shown(state)));
    }

    private static async Task<Results<Ok<Page<EventThen>>, ProblemHttpResult>> Events(
        string streamId, ListQuery list, CurrentUser caller, PostgresEventStore store, EventTypes types, ReaderLog readers, CancellationToken ct)
    {
        _ = list.OrderBy(("version", "version"));
        if (await store.Find(streamId, ct) is not { } found)
            return new StreamNotFound(streamId).ToProblem();

        var (after, upTo) = list.Descending
            ? (Math.Max(0, found.Version - list.Offset - list.PageSize), found.Version - list.Offset)
            : (list.Offset, list.Offset + list.PageSize);
        var events = await store.OpenSession().FetchStream(found.Id, upTo, after: after, ct: ct);
        await Note(caller, events, types, readers, ct);
        EventThen[] page =
        [
            .. events.Select(e => new EventThen(
                e.Version, e.Id, e.Type, e.Timestamp, e.Metadata.Header(EventMetadata.UserId), e.Metadata.CorrelationId, e.Metadata.CausationId, Shown(e.Data))),
        ];
        return TypedResults.Ok(new Page<EventThen>(list.Descending ? [.. page.Reverse()] : page, list.Page, list.PageSize, found.Version));
    }

    private static async Task<Results<Ok<Verdict>, ProblemHttpResult>> Verify(string streamId, PostgresEventStore store, CancellationToken ct)
    {
        if (await store.Find(streamId, ct) is not { } found)
            return new StreamNotFound(streamId).ToProblem();
        var broken = await store.Verify(found.Id, ct);
        return TypedResults.Ok(new Verdict(streamId, found.Version, broken is null, broken));
    }

    // LOG-05: whose personal data is shown stands in the events themselves.
    internal static async Task Note(CurrentUser caller, IReadOnlyList<RecordedEvent> events, EventTypes types, ReaderLog readers, CancellationToken ct)
    {
        var people = events.SelectMany(e => types.SubjectsOf(e.Data)).Where(subject => Guid.TryParse(subject, out _)).Select(Guid.Parse).Distinct();
        await readers.Note(caller.Id, "audit", people, ct);
    }

    private static string? Organization(StreamId id) => id.TenantId == StreamId.DefaultTenant ? null : id.TenantId;
}
