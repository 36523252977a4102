using InviteHub.EventStore;

namespace InviteHub.Notifications.ReadModels;

/// <summary>Keeps <c>deliveries</c>: whose each message is, for word of it that names its id alone.</summary>
internal sealed class Deliveries : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        if (happened.Data is IMessage)
            sql.Execute("insert into deliveries (id, tenant_id) values ($1, $2)", happened.Stream.Key, happened.Stream.TenantId);
    }
}
