using System.Globalization;
using Npgsql;

namespace InviteHub.EventStore.PersonalData;

/// <summary>What was erased of a person, as its certificate will say: no personal data.</summary>
/// <param name="What">Such as <c>keys</c>, or the name of a table.</param>
/// <param name="Items">How many.</param>
/// <param name="At">When the last of them was.</param>
public sealed record Erased(string What, long Items, DateTimeOffset At);

/// <summary>
/// Erases what is kept of a person beside the events, and remembers what that was (GDP-04). Each statement counts in its own commit: an
/// erasure that is killed half-way and comes again finds the rest, and counts nothing twice.
/// </summary>
public sealed class Erasures(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Erases rows in the commit of a unit of work.</summary>
    /// <param name="sql">That of the unit of work.</param>
    /// <param name="person">Whose they are.</param>
    /// <param name="what">What they are, for the certificate.</param>
    /// <param name="statement">Deletes or updates them; without its <c>returning</c>.</param>
    /// <param name="parameters">Of the statement.</param>
    public void Erase(SqlQueue sql, Guid person, string what, string statement, params object?[] parameters) =>
        Count(sql, person, what, clock.GetUtcNow(), $"{statement} returning 1", parameters);

    /// <summary>What was erased of a person here.</summary>
    public async Task<IReadOnlyList<Erased>> Of(Guid person, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select what, items, erased_at from keys.erased where person = $1 order by what");
        command.Parameters.AddWithValue(person);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<Erased>();
        while (await reader.ReadAsync(ct))
            all.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return all;
    }

    /// <summary>The ids under which a person was forgotten here.</summary>
    public async Task<IReadOnlyList<Guid>> SubjectsOf(Guid person, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select subject from keys.erased_subjects where person = $1 order by subject");
        command.Parameters.AddWithValue(person);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<Guid>();
        while (await reader.ReadAsync(ct))
            all.Add(reader.GetGuid(0));
        return all;
    }

    /// <summary>Runs a statement and adds up its rows, or the <c>items</c> that a query answers.</summary>
    internal static void Count(SqlQueue sql, Guid person, string what, DateTimeOffset at, string statement, params object?[] parameters)
    {
        var (first, items) = (parameters.Length + 1, statement.StartsWith("select", StringComparison.Ordinal) ? "sum(items)" : "count(*)");
        sql.Execute(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                with gone as ({statement})
                insert into keys.erased as e (person, what, items, erased_at) select ${first}, ${first + 1}, {items}, ${first + 2} from gone having {items} > 0
                on conflict on constraint erased_pkey do update set items = e.items + excluded.items, erased_at = excluded.erased_at
                """),
            [.. parameters, person, what, at]);
    }
}
