using System.Text.Json.Serialization;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>A service as it is listed.</summary>
internal sealed record ServiceRow
{
    public const string Columns =
        $"""
        s.id, s.name, s.version, s.created_at,
        (select count(*) from appointments a where a.holder_id = s.id and a.role = '{HeldRole.ServiceAdmin}' and a.state = 'granted') as administrators
        """;

    /// <summary>SQL that holds where the <c>@viewer</c> may know of a service: a System admin of all, others of those that they administer.</summary>
    public const string Seen =
        $"""
        (@viewer::uuid is null or exists (
            select from appointments t
            where t.holder_id = s.id and t.user_id = @viewer and t.role = '{HeldRole.ServiceAdmin}' and t.state = 'granted'))
        """;

    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>How many administrators it has.</summary>
    public long Administrators { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    [JsonIgnore]
    public long Version { get; init; }
}

/// <summary>Writes <c>services</c>.</summary>
internal sealed class Services : IInlineProjection, IProjection
{
    public string Name => "subscriptions.services.v1";

    public IReadOnlyList<string> Tables => ["services"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case ServiceEvent.Created e:
                sql.Execute("insert into services (id, name, version, created_at) values ($1, $2, $3, $4)",
                    e.ServiceId, e.Name, happened.Version, happened.Timestamp);
                break;
            case ServiceEvent.Renamed e:
                sql.Execute("update services set name = $2, version = $3 where id = $1", e.ServiceId, e.Name, happened.Version);
                break;
        }
    }
}
