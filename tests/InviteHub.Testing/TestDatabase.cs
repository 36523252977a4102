using System.Text;
using Npgsql;
using Xunit;

namespace InviteHub.Testing;

/// <summary>
/// A database of its own for each test class: <c>class my_tests(TestDatabase database) : IClassFixture&lt;TestDatabase&gt;</c>.
/// Empty at first; put a schema into it in a fixture that derives from this one (<see cref="Prepare"/>).
/// </summary>
public class TestDatabase : IAsyncLifetime
{
    private NpgsqlDataSource? _source;

    /// <summary>Where it is; a pool of its own, whatever else the process connects to.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Connections for a test's own looks and blows at the database.</summary>
    public NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("the database is not there yet");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        ConnectionString = await TestPostgres.CreateDatabase();
        _source = NpgsqlDataSource.Create(ConnectionString);
        await Prepare();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await CleanUp();
        await Source.DisposeAsync();
        await TestPostgres.DropDatabase(ConnectionString);
    }

    /// <summary>Runs one statement and answers its first value; the default when there is none.</summary>
    public async Task<T?> Ask<T>(string sql, params object[] parameters)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync() is T answer ? answer : default;
    }

    /// <summary>Every row of every table, each on a line behind its table's name: compare two dumps, or look for a canary.</summary>
    public async Task<string> Dump()
    {
        var tables = new List<string>();
        await using (var command = Source.CreateCommand(
            """
            select format('%I.%I', table_schema, table_name) from information_schema.tables
            where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1
            """))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }

        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = Source.CreateCommand($"select row::text from {table} as row order by 1");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                dump.Append(table).Append(": ").AppendLine(reader.GetString(0));
        }

        return dump.ToString();
    }

    /// <summary>The rows that hold a text: in clear, as PostgreSQL shows its bytes, or in Base64.</summary>
    public async Task<IReadOnlyList<string>> RowsWith(string canary)
    {
        var bytes = Encoding.UTF8.GetBytes(canary);
        // Without the last group, which depends on what follows it.
        var base64 = Convert.ToBase64String(bytes.AsSpan(0, bytes.Length - (bytes.Length % 3)));
        return [.. from row in (await Dump()).Split('\n')
                   where row.Contains(canary, StringComparison.OrdinalIgnoreCase)
                       || row.Contains(Convert.ToHexStringLower(bytes), StringComparison.OrdinalIgnoreCase)
                       || row.Contains(base64, StringComparison.Ordinal)
                   select row];
    }

    /// <summary>Puts a schema and what else all tests of the class need into the database.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    /// <summary>Stops what <see cref="Prepare"/> started, before the database goes.</summary>
    protected virtual Task CleanUp() => Task.CompletedTask;
}
