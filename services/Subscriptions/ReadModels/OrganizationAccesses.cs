using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>What one user has in one organization.</summary>
internal sealed record OrganizationAccessRow
{
    public Guid UserId { get; init; }

    public string[] Permissions { get; init; } = [];
}

/// <summary>Writes <c>organization_access</c>: a user without anything in an organization has no row.</summary>
internal sealed class OrganizationAccesses : IInlineProjection, IProjection
{
    public string Name => "subscriptions.organization_access.v1";

    public IReadOnlyList<string> Tables => ["organization_access"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        var (organization, user, access) = happened.Data switch
        {
            OrganizationEvent.ApplicantAssigned e => (e.OrganizationId, e.UserId, e.Access),
            OrganizationEvent.ApplicantUnassigned e => (e.OrganizationId, e.UserId, e.Access),
            OrganizationEvent.PermissionsGranted e => (e.OrganizationId, e.UserId, e.Access),
            _ => default((Guid, Guid, IReadOnlyList<string>?)),
        };
        if (access is null)
            return;
        if (access.Count == 0)
        {
            sql.Execute("delete from organization_access where organization_id = $1 and user_id = $2", organization, user);
        }
        else
        {
            sql.Execute(
                """
                insert into organization_access (organization_id, user_id, permissions) values ($1, $2, $3)
                on conflict (organization_id, user_id) do update set permissions = excluded.permissions
                """,
                organization, user, access.ToArray());
        }
    }
}
