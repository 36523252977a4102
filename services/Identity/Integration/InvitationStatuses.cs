using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Integration;

/// <summary>
/// Keeps how far the last invitation of each user has come (INV-16). Message ids are event ids, and so in the order of time: of two messages
/// the newer one counts, whichever comes first.
/// </summary>
internal static class InvitationStatuses
{
    /// <summary>Notes what a message says of an invitation, null for nothing; the user is shown it if it is the newest of theirs.</summary>
    public static void Note(EventSession session, Guid invitation, Guid? user, string? status) => Note(session, [invitation], [user], status);

    /// <inheritdoc cref="Note(EventSession, Guid, Guid?, string?)"/>
    public static void Note(EventSession session, Guid[] invitations, Guid?[] users, string? status)
    {
        session.Sql.Execute(
            """
            insert into user_invitations as known (invitation_id, user_id, status, told_by)
            select invitation, who, $3::varchar, case when $3::varchar is not null then $4::uuid end from unnest($1, $2) as told (invitation, who) order by invitation
            on conflict (invitation_id) do update set
                user_id = coalesce(known.user_id, excluded.user_id),
                status = case when known.told_by is null or known.told_by < excluded.told_by then coalesce(excluded.status, known.status) else known.status end,
                told_by = greatest(known.told_by, excluded.told_by)
            """,
            invitations, users, status, Guid.Parse(session.Metadata.CausationId!));
        session.Sql.Execute(
            """
            update users u set invitation_status = i.status, invitation_told_by = i.told_by from user_invitations i
            where i.invitation_id = any($1) and u.id = i.user_id and i.status is not null and (u.invitation_told_by is null or u.invitation_told_by < i.told_by)
            """,
            (object)invitations);
    }
}

/// <summary>Says whom an invitation is for; it waits only once its message does.</summary>
internal sealed class InvitationRequestedConsumer(PostgresEventStore store) : EventConsumer<InvitationRequested>(store)
{
    protected override Task Handle(InvitationRequested message, EventSession session, CancellationToken ct)
    {
        InvitationStatuses.Note(session, message.InvitationId, message.InviteeId, status: null);
        return Task.CompletedTask;
    }
}

/// <summary>Says whom the invitations of a batch are for.</summary>
internal sealed class InvitationsRequestedConsumer(PostgresEventStore store) : EventConsumer<InvitationsRequested>(store)
{
    protected override Task Handle(InvitationsRequested message, EventSession session, CancellationToken ct)
    {
        InvitationStatuses.Note(session, [.. message.InvitationIds], [.. message.InviteeIds.Select(id => (Guid?)id)], status: null);
        return Task.CompletedTask;
    }
}

/// <summary>The messages of invitations of a batch are queued.</summary>
internal sealed class InvitationsOpenedConsumer(PostgresEventStore store) : EventConsumer<InvitationsOpened>(store)
{
    protected override Task Handle(InvitationsOpened message, EventSession session, CancellationToken ct)
    {
        InvitationStatuses.Note(
            session, [.. message.Invitations.Select(one => one.InvitationId)], [.. message.Invitations.Select(one => (Guid?)one.InviteeId)], "waiting");
        return Task.CompletedTask;
    }
}

/// <summary>What became of an invitation's message.</summary>
internal sealed class InvitationDeliveryChangedConsumer(PostgresEventStore store) : EventConsumer<InvitationDeliveryChanged>(store)
{
    protected override Task Handle(InvitationDeliveryChanged message, EventSession session, CancellationToken ct)
    {
        InvitationStatuses.Note(session, message.InvitationId, user: null, message.Status switch
        {
            "queued" => "waiting",
            "sent" => "invited",
            "failed" or "bounced" => "error",
            _ => null,
        });
        return Task.CompletedTask;
    }
}

/// <summary>The person has what was offered.</summary>
internal sealed class InvitationAcceptedConsumer(PostgresEventStore store) : EventConsumer<InvitationAccepted>(store)
{
    protected override Task Handle(InvitationAccepted message, EventSession session, CancellationToken ct)
    {
        InvitationStatuses.Note(session, message.InvitationId, message.UserId, "accepted");
        return Task.CompletedTask;
    }
}
