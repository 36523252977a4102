using System.Text.Json;
using InviteHub.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>Writes <c>organization_settings</c>; the version counts the changes, as <see cref="Organization.SettingsVersion"/> does.</summary>
internal sealed class SettingsOfOrganizations : IInlineProjection, IProjection
{
    public string Name => "subscriptions.organization_settings.v1";

    public IReadOnlyList<string> Tables => ["organization_settings"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        if (happened.Data is OrganizationEvent.SettingsChanged e)
        {
            sql.Execute(
                """
                insert into organization_settings (organization_id, settings, version) values ($1, $2, 1)
                on conflict (organization_id) do update set settings = excluded.settings, version = organization_settings.version + 1
                """,
                e.OrganizationId, new NpgsqlParameter { Value = JsonSerializer.Serialize(e.Settings, EventJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb });
        }
    }
}
