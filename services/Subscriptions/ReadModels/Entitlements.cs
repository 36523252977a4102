using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>Writes <c>entitlements</c>: which organization may use which app.</summary>
internal sealed class Entitlements : IInlineProjection, IProjection
{
    public string Name => "subscriptions.entitlements.v1";

    public IReadOnlyList<string> Tables => ["entitlements"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        if (happened.Data is OrganizationEvent.AppEntitled e)
            sql.Execute("insert into entitlements (organization_id, app_id) values ($1, $2)", e.OrganizationId, e.AppId);
    }
}
