using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>Writes <c>seat_holders</c>: who has, or waits for, which seat; to find all of a person.</summary>
internal sealed class SeatHolders : IInlineProjection, IProjection
{
    public string Name => "subscriptions.seat_holders.v1";

    public IReadOnlyList<string> Tables => ["seat_holders"];

    /// <summary>The invitations that have, or wait for, seats of a subscription for some people.</summary>
    public static Task<IReadOnlyList<(Guid Invitation, Guid Person)>> Of(
        IReadOnlyCollection<Guid> people, Guid subscription, PostgresEventStore store, CancellationToken ct) => store.List<(Guid, Guid)>(
        "select invitation_id, person_id from seat_holders where subscription_id = @subscription and person_id = any(@people)",
        new { subscription, people = people.ToArray() }, ct);

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql)
    {
        // The last word on each: one statement says no two.
        var has = new Dictionary<(Guid Subscription, Guid Invitation), (Guid Organization, Guid Person)>();
        foreach (var happened in alike)
        {
            (Guid Invitation, Guid Person)? holder = happened.Data switch
            {
                SubscriptionEvent.InvitationWaitlisted e => (e.InvitationId, e.InviteeId),
                SubscriptionEvent.SeatReserved e => (e.InvitationId, e.InviteeId),
                SubscriptionEvent.SeatOccupied e => (e.InvitationId, e.UserId),
                SubscriptionEvent.SeatTransferred e => (e.InvitationId, e.ToUserId),
                _ => null,
            };
            if (holder is { } now)
                has[(happened.Stream.Key, now.Invitation)] = (Guid.Parse(happened.Stream.TenantId), now.Person);
            else
                Free(happened, sql);
        }

        if (has.Count == 0)
            return;
        sql.Execute(
            """
            insert into seat_holders (subscription_id, invitation_id, organization_id, person_id) select * from unnest($1, $2, $3, $4)
            on conflict (subscription_id, invitation_id) do update set person_id = excluded.person_id
            """,
            has.Keys.Select(seat => seat.Subscription).ToArray(), has.Keys.Select(seat => seat.Invitation).ToArray(),
            has.Values.Select(holder => holder.Organization).ToArray(), has.Values.Select(holder => holder.Person).ToArray());
    }

    public void Project(RecordedEvent happened, SqlQueue sql) => Project([happened], sql);

    private static void Free(RecordedEvent happened, SqlQueue sql)
    {
        Guid? freed = happened.Data switch
        {
            SubscriptionEvent.WaitingEnded { Reason: not Features.Waitlist.SeatFree } e => e.InvitationId,
            SubscriptionEvent.SeatReleased e => e.InvitationId,
            _ => null,
        };
        if (freed is { } invitation)
            sql.Execute("delete from seat_holders where subscription_id = $1 and invitation_id = $2", happened.Stream.Key, invitation);
    }
}
