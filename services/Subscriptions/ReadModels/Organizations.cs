using System.Text.Json.Serialization;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>An organization as it is listed.</summary>
internal sealed record OrganizationRow
{
    public const string Columns = "o.id, o.name, o.kinds, o.version, o.created_at";

    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string[] Kinds { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>Writes <c>organizations</c>.</summary>
internal sealed class Organizations : IInlineProjection, IProjection
{
    public string Name => "subscriptions.organizations.v1";

    public IReadOnlyList<string> Tables => ["organizations"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case OrganizationEvent.Created e:
                sql.Execute("insert into organizations (id, name, kinds, version, created_at) values ($1, $2, $3, $4, $5)",
                    e.OrganizationId, e.Name, e.Kinds.ToArray(), happened.Version, happened.Timestamp);
                break;
            case OrganizationEvent.Changed e:
                sql.Execute("update organizations set name = $2, kinds = $3, version = $4 where id = $1",
                    e.OrganizationId, e.Name, e.Kinds.ToArray(), happened.Version);
                break;
            case OrganizationEvent:
                sql.Execute("update organizations set version = $2 where id = $1", happened.Stream.Key, happened.Version);
                break;
        }
    }
}
