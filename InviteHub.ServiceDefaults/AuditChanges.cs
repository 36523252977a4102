using System.Text.Json.Nodes;
using Dapper;
using InviteHub.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Compares two instants (LOG-07): one stream, such as a person's profile or a subscription with its seats, or all of an organization's.
/// Both views are made now, from what can still be read: what was erased is erased in both.
/// </summary>
internal static class AuditChanges
{
    /// <summary>What is another one at the second instant. A version is null where the stream was not there yet.</summary>
    public sealed record Difference(string StreamId, long? FromVersion, long? ToVersion, IReadOnlyList<FieldChange> Changes);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/audit/streams/{streamId}/changes", OfStream).WithName("CompareStream").WithTags("Audit").Requires(Permission.Audit);
        api.MapGet("/audit/organizations/{organizationId:guid}/changes", OfOrganization).WithName("CompareOrganization").WithTags("Audit").Requires(Permission.Audit);
    }

    private static async Task<Results<Ok<Difference>, ProblemHttpResult>> OfStream(
        string streamId, DateTimeOffset from, DateTimeOffset? to, CurrentUser caller, PostgresEventStore store, EventTypes types, ReaderLog readers,
        TimeProvider clock, CancellationToken ct)
    {
        if (Wrong(from, to, clock) is { } refusal)
            return refusal.ToProblem();
        if (await store.Find(streamId, ct) is not { Id: var id })
            return new StreamNotFound(streamId).ToProblem();

        var events = await store.OpenSession().FetchStream(id, timestamp: to ?? clock.GetUtcNow(), ct: ct);
        await AuditStreams.Note(caller, events, types, readers, ct);
        return events.Count == 0 ? new StreamNotFound(streamId).ToProblem() : TypedResults.Ok(Between(id, events, from, types));
    }

    /// <summary>The organization's list, as the service has it: a row for each stream of it that something happened to in between.</summary>
    private static async Task<Results<Ok<Page<Difference>>, ProblemHttpResult>> OfOrganization(
        Guid organizationId, DateTimeOffset from, DateTimeOffset? to, string? service, ListQuery list, CurrentUser caller, PostgresEventStore store,
        EventTypes types, ReaderLog readers, TimeProvider clock, CancellationToken ct)
    {
        _ = (service, list.OrderBy(("streamId", "streamId")));
        if (Wrong(from, to, clock) is { } refusal)
            return refusal.ToProblem();

        var until = to ?? clock.GetUtcNow();
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var streams = (await connection.QueryAsync<string>(new CommandDefinition(
            """
            select distinct stream_id from mt_events
            where tenant_id = @organization and timestamp > @from and timestamp <= @until and split_part(stream_id, '-', 1) = any(@categories)
            """,
            new { organization = organizationId.ToString(), from = from.ToUniversalTime(), until = until.ToUniversalTime(), categories = types.Categories.ToArray() },
            cancellationToken: ct))).Order(StringComparer.Ordinal).ToArray();
        if (list.Descending)
            Array.Reverse(streams);

        var rows = new List<Difference>();
        foreach (var stream in streams.Skip((int)list.Offset).Take(list.PageSize))
        {
            var id = new StreamId(stream, organizationId.ToString());
            var events = await store.OpenSession().FetchStream(id, timestamp: until, ct: ct);
            await AuditStreams.Note(caller, events, types, readers, ct);
            rows.Add(Between(id, events, from, types));
        }

        return TypedResults.Ok(new Page<Difference>(rows, list.Page, list.PageSize, streams.Length));
    }

    private static ValidationFailed? Wrong(DateTimeOffset from, DateTimeOffset? to, TimeProvider clock)
    {
        var errors = new FieldErrors();
        errors.Demand(from < (to ?? clock.GetUtcNow()), "from", "The first instant is before the second one, which is now unless it is given.");
        return errors.Refusal;
    }

    private static Difference Between(StreamId id, IReadOnlyList<RecordedEvent> events, DateTimeOffset from, EventTypes types)
    {
        RecordedEvent[] earlier = [.. events.TakeWhile(e => e.Timestamp <= from)];
        var (before, after) = (Fields(earlier, types), Fields(events, types));
        return new(
            id.Id, earlier.Length == 0 ? null : earlier[^1].Version, events.Count == 0 ? null : events[^1].Version,
            [.. ChangeLog.Differences(before, after).OrderBy(change => change.Field, StringComparer.Ordinal)]);
    }

    private static Dictionary<string, string?> Fields(IReadOnlyList<RecordedEvent> events, EventTypes types)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (types.Replay(events) is { } state)
            Flatten(AuditStreams.Shown(state), "", fields);
        return fields;
    }

    // What is in a list is known by its id, or by itself: another order, or one more at the front, is no change of all.
    private static void Flatten(JsonNode? node, string path, Dictionary<string, string?> fields)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                    Flatten(value, path.Length == 0 ? name : $"{path}.{name}", fields);
                break;
            case JsonArray items:
                foreach (var (n, item) in items.Index())
                    Flatten(item, $"{path}[{(item is JsonObject one ? one["id"]?.ToString() ?? $"{n}" : item?.ToString())}]", fields);
                break;
            default:
                fields[path] = node?.ToString();
                break;
        }
    }
}
