using Dapper;
using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Notifications.Features;
using Npgsql;

namespace InviteHub.Notifications.ReadModels;

/// <summary>A message that may be handed over now.</summary>
internal sealed record DueDelivery(Guid Id, string TenantId, short Priority, string? Trace)
{
    public StreamId Stream => new($"{Delivery.Category}-{Id}", TenantId);

    /// <summary>Whether somebody sits and waits for it.</summary>
    public bool IsUrgent => Priority == DueDeliveries.Urgent;
}

/// <summary>Keeps <c>due_deliveries</c> in the commit of each event.</summary>
internal sealed class DueDeliveries : IInlineProjection
{
    public const short Urgent = 0;

    /// <summary>Whoever has more waiting than this waits behind those who have less, be it a batch or a program that invites one by one.</summary>
    public const int Few = 50;

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        if (alike[0].Data is not IMessage)
        {
            foreach (var happened in alike)
                Change(happened, sql);
            return;
        }

        var messages = alike.Select(happened => (IMessage)happened.Data).ToArray();
        sql.Execute(
            """
            insert into due_deliveries (id, tenant_id, due_at, trace, priority)
            select new.id, new.tenant_id, new.due_at, new.trace, case
                when new.is_urgent then 0
                when new.is_bulk then 2
                when (select count(*) from (select from due_deliveries d where d.tenant_id = new.tenant_id limit $7) waiting) < $7 then 1
                else 2 end
            from unnest($1, $2, $3, $4, $5, $6) as new (id, tenant_id, due_at, trace, is_urgent, is_bulk)
            """,
            alike.Select(happened => happened.Stream.Key).ToArray(), alike.Select(happened => happened.Stream.TenantId).ToArray(),
            Array.ConvertAll(messages, e => e.At), alike.Select(happened => happened.Metadata.Header(EventMetadata.TraceParent)).ToArray(),
            Array.ConvertAll(messages, e => IsUrgent(e.Kind)), Array.ConvertAll(messages, e => e.IsBulk), Few);
    }

    public void Project(RecordedEvent happened, SqlQueue sql) => Project([happened], sql);

    private static void Change(RecordedEvent happened, SqlQueue sql)
    {
        var id = happened.Stream.Key;
        switch (happened.Data)
        {
            case DeliveryEvent.Attempted e:
                sql.Execute("update due_deliveries set due_at = $2 where id = $1", id, e.At + AttemptDelivery.Lease);
                break;
            case DeliveryEvent.Postponed e:
                sql.Execute("update due_deliveries set due_at = $2 where id = $1", id, e.RetryAt);
                break;
            case DeliveryEvent.Sent or DeliveryEvent.Failed or DeliveryEvent.Cancelled or DeliveryEvent.Bounced:
                sql.Execute("delete from due_deliveries where id = $1", id);
                break;
        }
    }

    /// <summary>
    /// Takes up messages that are due, each for one caller alone as long as the lease lasts. That spares work: that nobody else hands the
    /// message over is decided by its stream.
    /// </summary>
    /// <param name="database">The service's.</param>
    /// <param name="urgent">How many urgent ones at most.</param>
    /// <param name="others">How many others at most.</param>
    /// <param name="now">Now.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<IReadOnlyList<DueDelivery>> Take(
        NpgsqlDataSource database, int urgent, int others, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<DueDelivery>(new CommandDefinition(
            "select id, tenant_id as TenantId, priority, trace from take_due_deliveries(@urgent, @others, @now, @until)",
            new { now, urgent, others, until = now + AttemptDelivery.Lease }, cancellationToken: ct))];
    }

    private static bool IsUrgent(string kind) =>
        kind is NoticeKind.TwoFactorCode or NoticeKind.PasswordReset or NoticeKind.PasswordChanged or NoticeKind.EmailVerification;
}
