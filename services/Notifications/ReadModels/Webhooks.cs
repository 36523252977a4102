using System.Text.Json.Serialization;
using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Npgsql;

namespace InviteHub.Notifications.ReadModels;

/// <summary>A webhook as it is listed, with how far it has been told.</summary>
internal sealed record WebhookRow
{
    public const string Columns =
        """
        w.id, w.organization_id, w.url, w.events, w.includes_details, w.is_paused, w.created_at, w.version, w.generation, w.rotated_at, p.position, p.attempts, p.error,
        (select count(*) from webhook_dead_letters d where d.webhook_id = w.id) as failed
        """;

    /// <summary>The webhooks that the <c>@caller</c> runs: a System admin all, others those of organizations that they founded.</summary>
    public const string Seen =
        """
        webhooks w join webhook_progress p on p.webhook_id = w.id
        where (@isSystemAdmin or exists (
            select from organization_access a where a.user_id = @caller and a.organization_id = w.organization_id and 'founder' = any(a.permissions)))
        """;

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string Url { get; init; } = "";

    public string[] Events { get; init; } = [];

    public bool IncludesDetails { get; init; }

    public bool IsPaused { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last event that it was told, or that was given up.</summary>
    public long Position { get; init; }

    /// <summary>How often the next event was tried in vain.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the latest attempt failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>How many events were given up.</summary>
    public long Failed { get; init; }

    [JsonIgnore]
    public long Version { get; init; }

    [JsonIgnore]
    public int Generation { get; init; }

    [JsonIgnore]
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>One that the caller runs, or null.</summary>
    public static async Task<WebhookRow?> Read(NpgsqlDataSource database, Guid id, CurrentUser caller, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<WebhookRow>(new(
            $"select {Columns} from {Seen} and w.id = @id", new { id, caller = caller.Id, isSystemAdmin = caller.IsSystemAdmin }, cancellationToken: ct));
    }
}

/// <summary>Writes <c>webhooks</c>, and where each begins to be told.</summary>
internal sealed class Webhooks : IInlineProjection
{
    static Webhooks() => SqlTypes.Register();

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        if (happened.Data is not WebhookEvent webhook)
            return;
        var id = happened.Stream.Key;
        switch (webhook)
        {
            case WebhookEvent.Registered e:
                sql.Execute(
                    """
                    insert into webhooks (id, organization_id, url, events, includes_details, is_paused, generation, created_at, version)
                    values ($1, $2, $3, $4, $5, false, 1, $6, $7)
                    """,
                    id, e.OrganizationId, e.Url, e.Events.ToArray(), e.IncludesDetails, e.At, happened.Version);
                sql.Execute(
                    """
                    insert into webhook_progress (webhook_id, position)
                    select $1, coalesce(max(position), 0) from webhook_feed where organization_id = $2
                    """,
                    id, e.OrganizationId);
                break;
            case WebhookEvent.Changed e:
                sql.Execute(
                    "update webhooks set url = $2, events = $3, includes_details = $4, is_paused = $5, version = $6 where id = $1",
                    id, e.Url, e.Events.ToArray(), e.IncludesDetails, e.IsPaused, happened.Version);
                // Somebody has seen to it: no need to wait any longer.
                sql.Execute("update webhook_progress set attempts = 0, due_at = '-infinity' where webhook_id = $1 and attempts > 0", id);
                break;
            case WebhookEvent.SecretRotated e:
                sql.Execute("update webhooks set generation = $2, rotated_at = $3, version = $4 where id = $1", id, e.Generation, e.At, happened.Version);
                break;
            case WebhookEvent.Removed:
                sql.Execute("delete from webhooks where id = $1", id);
                sql.Execute("delete from webhook_progress where webhook_id = $1", id);
                sql.Execute("delete from webhook_dead_letters where webhook_id = $1", id);
                break;
        }
    }
}
