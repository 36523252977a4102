using InviteHub.EventStore;

namespace InviteHub.Notifications.ReadModels;

/// <summary>Keeps <c>deliveries</c>: whose each message is, for word of it that names its id alone.</summary>
internal sealed class Deliveries : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql) => Project([happened], sql);

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        if (alike[0].Data is IMessage)
        {
            sql.Execute(
                "insert into deliveries (id, tenant_id) select * from unnest($1, $2)",
                alike.Select(happened => happened.Stream.Key).ToArray(), alike.Select(happened => happened.Stream.TenantId).ToArray());
        }
    }
}
