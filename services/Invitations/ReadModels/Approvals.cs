using InviteHub.EventStore;

namespace InviteHub.Invitations.ReadModels;

/// <summary>Keeps <c>invitation_approvals</c> in the commit of each command.</summary>
internal sealed class Approvals : IInlineProjection, IProjection
{
    public string Name => "invitations.approvals.v1";

    public IReadOnlyList<string> Tables => ["invitation_approvals"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case InvitationEvent.ApprovalRequired e:
                sql.Execute(
                    """
                    insert into invitation_approvals (invitation_id, organization_id, status) values ($1, $2, 'awaited')
                    on conflict (invitation_id) do update set status = 'awaited', decided_by = null, decided_at = null, reason = null
                    """,
                    e.InvitationId, e.OrganizationId);
                break;
            case InvitationEvent.Approved e:
                Decided(happened, sql, "approved", e.By, e.At, reason: null);
                break;
            case InvitationEvent.Rejected e:
                Decided(happened, sql, "rejected", e.By, e.At, e.Reason);
                break;
            case InvitationEvent.InviteeForgotten:
                sql.Execute(
                    "update invitation_approvals set reason = $2 where invitation_id = $1 and reason is not null", happened.Stream.Key,
                    EventStore.PersonalData.PersonalDataAttribute.Erased);
                break;
            case InvitationEvent.Revoked:
                sql.Execute("delete from invitation_approvals where invitation_id = $1 and status = 'awaited'", happened.Stream.Key);
                break;
        }
    }

    private static void Decided(RecordedEvent happened, SqlQueue sql, string status, Guid by, DateTimeOffset at, string? reason) => sql.Execute(
        "update invitation_approvals set status = $2, decided_by = $3, decided_at = $4, reason = $5 where invitation_id = $1",
        happened.Stream.Key, status, by, at, reason);
}
