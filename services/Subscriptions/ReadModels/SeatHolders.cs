using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>Writes <c>seat_holders</c>: who has, or waits for, which seat; to find all of a person.</summary>
internal sealed class SeatHolders : IInlineProjection, IProjection
{
    public string Name => "subscriptions.seat_holders.v1";

    public IReadOnlyList<string> Tables => ["seat_holders"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case SubscriptionEvent.InvitationWaitlisted e:
                Has(e.InvitationId, e.InviteeId);
                break;
            case SubscriptionEvent.SeatReserved e:
                Has(e.InvitationId, e.InviteeId);
                break;
            case SubscriptionEvent.SeatOccupied e:
                Has(e.InvitationId, e.UserId);
                break;
            case SubscriptionEvent.SeatTransferred e:
                Has(e.InvitationId, e.ToUserId);
                break;
            case SubscriptionEvent.WaitingEnded { Reason: not Features.Waitlist.SeatFree } e:
                Free(e.InvitationId);
                break;
            case SubscriptionEvent.SeatReleased e:
                Free(e.InvitationId);
                break;
        }

        void Has(Guid invitation, Guid person) => sql.Execute(
            """
            insert into seat_holders (subscription_id, invitation_id, organization_id, person_id) values ($1, $2, $3, $4)
            on conflict (subscription_id, invitation_id) do update set person_id = excluded.person_id
            """,
            happened.Stream.Key, invitation, Guid.Parse(happened.Stream.TenantId), person);

        void Free(Guid invitation) => sql.Execute(
            "delete from seat_holders where subscription_id = $1 and invitation_id = $2", happened.Stream.Key, invitation);
    }
}
