using Dapper;
using InviteHub.EventStore;
using InviteHub.Notifications.Features;
using Npgsql;

namespace InviteHub.Notifications.ReadModels;

/// <summary>A message that may be handed over now.</summary>
internal sealed record DueDelivery(Guid Id, Guid? OrganizationId, string? Trace);

/// <summary>Keeps <c>due_deliveries</c> in the commit of each event.</summary>
internal sealed class DueDeliveries : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        if (happened.Data is not DeliveryEvent delivery)
            return;
        var id = happened.Stream.Key;
        switch (delivery)
        {
            case IMessage e:
                sql.Execute(
                    "insert into due_deliveries (id, organization_id, due_at, trace) values ($1, $2, $3, $4)",
                    id, Guid.TryParse(happened.Stream.TenantId, out var organization) ? organization : null, e.At,
                    happened.Metadata.Header(EventMetadata.TraceParent));
                break;
            case DeliveryEvent.Attempted e:
                sql.Execute("update due_deliveries set due_at = $2 where id = $1", id, e.At + AttemptDelivery.Lease);
                break;
            case DeliveryEvent.Postponed e:
                sql.Execute("update due_deliveries set due_at = $2 where id = $1", id, e.RetryAt);
                break;
            case DeliveryEvent.Sent or DeliveryEvent.Failed or DeliveryEvent.Cancelled:
                sql.Execute("delete from due_deliveries where id = $1", id);
                break;
        }
    }

    /// <summary>
    /// Takes up messages that are due, each for one caller alone as long as the lease lasts. That spares work: that nobody else hands the
    /// message over is decided by its stream.
    /// </summary>
    public static async Task<IReadOnlyList<DueDelivery>> Take(NpgsqlDataSource database, int atMost, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<DueDelivery>(new CommandDefinition(
            """
            with due as (
                select id from due_deliveries where due_at <= @now order by due_at limit @atMost for update skip locked)
            update due_deliveries d set due_at = @until from due where d.id = due.id
            returning d.id, d.organization_id as OrganizationId, d.trace
            """,
            new { now, atMost, until = now + AttemptDelivery.Lease }, cancellationToken: ct))];
    }
}
