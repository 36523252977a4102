using Dapper;
using InviteHub.EventStore;

namespace InviteHub.Identity.ReadModels;

/// <summary>What people and organizations are called, for logs that know their ids.</summary>
internal sealed class Names(PostgresEventStore store)
{
    public Task<IReadOnlyDictionary<Guid, string>> OfPeople(IEnumerable<Guid> ids, CancellationToken ct) =>
        Of("select id, first_name || ' ' || last_name from users where id = any(@ids)", ids, ct);

    public Task<IReadOnlyDictionary<Guid, string>> OfOrganizations(IEnumerable<Guid> ids, CancellationToken ct) =>
        Of("select id, name from organizations where id = any(@ids)", ids, ct);

    private async Task<IReadOnlyDictionary<Guid, string>> Of(string sql, IEnumerable<Guid> ids, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        var named = await connection.QueryAsync<(Guid Id, string Name)>(new CommandDefinition(sql, new { ids = ids.Distinct().ToArray() }, cancellationToken: ct));
        return named.ToDictionary(row => row.Id, row => row.Name);
    }
}
