using System.Text.Json;
using System.Text.Json.Serialization;
using InviteHub.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>An app as it is listed.</summary>
internal sealed record AppRow
{
    public const string Columns = "a.id, a.name, a.roles::text as roles_json, a.version";

    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public IReadOnlyList<AppRole> Roles => JsonSerializer.Deserialize<AppRole[]>(RolesJson, EventJson.Options)!;

    [JsonIgnore]
    public string RolesJson { get; init; } = "[]";

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>Writes <c>apps</c>.</summary>
internal sealed class Apps : IInlineProjection, IProjection
{
    public string Name => "subscriptions.apps.v1";

    public IReadOnlyList<string> Tables => ["apps"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case AppEvent.Created e:
                sql.Execute("insert into apps (id, name, roles, version) values ($1, $2, $3, $4)", e.AppId, e.Name, Json(e.Roles), happened.Version);
                break;
            case AppEvent.Changed e:
                sql.Execute("update apps set name = $2, roles = $3, version = $4 where id = $1", e.AppId, e.Name, Json(e.Roles), happened.Version);
                break;
        }
    }

    private static NpgsqlParameter Json(IReadOnlyList<AppRole> roles) =>
        new() { Value = JsonSerializer.Serialize(roles, EventJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
