using Dapper;
using InviteHub.EventStore;

namespace InviteHub.ServiceDefaults;

/// <summary>Notes who looked at whom (LOG-05): no stream, since nothing is decided by it and an hour of looking is one row.</summary>
public sealed class ReaderLog(PostgresEventStore store, TimeProvider clock)
{
    /// <summary>Notes that somebody looks at others' data; at one's own, it notes nothing.</summary>
    /// <param name="reader">Who looks.</param>
    /// <param name="what">At what of their data.</param>
    /// <param name="people">At whom.</param>
    /// <param name="ct">Gives up.</param>
    public async Task Note(Guid reader, string what, IEnumerable<Guid> people, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into readers (user_id, hour, reader_id, what)
            select person, date_trunc('hour', @now::timestamptz, 'UTC'), @reader, @what from unnest(@people) person where person <> @reader
            on conflict do nothing
            """,
            new { reader, what, people = people.Order().ToArray(), now = clock.GetUtcNow() },
            cancellationToken: ct));
    }
}
