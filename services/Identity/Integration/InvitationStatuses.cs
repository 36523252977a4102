using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.Identity.Features;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Integration;

/// <summary>
/// Keeps how far the last invitation of each user has come (INV-16). Message ids are event ids, and so in the order of time: of two messages
/// the newer one counts, whichever comes first.
/// </summary>
internal static class InvitationStatuses
{
    /// <summary>
    /// Notes what a message says of an invitation, null for nothing, and what went wrong if something did; the user is shown it if it is the
    /// newest of theirs.
    /// </summary>
    public static void Note(EventSession session, Guid invitation, Guid? user, string? status, string? error = null) =>
        Note(session, [invitation], [user], status, error);

    /// <inheritdoc cref="Note(EventSession, Guid, Guid?, string?, string?)"/>
    public static void Note(EventSession session, Guid[] invitations, Guid?[] users, string? status, string? error = null)
    {
        session.Sql.Execute(
            """
            insert into user_invitations as known (invitation_id, user_id, status, told_by, error)
            select invitation, who, $3::varchar, case when $3::varchar is not null then $4::uuid end, $5::varchar
            from unnest($1, $2) as told (invitation, who) order by invitation
            on conflict (invitation_id) do update set
                user_id = coalesce(known.user_id, excluded.user_id),
                status = case when known.told_by is null or known.told_by < excluded.told_by then coalesce(excluded.status, known.status) else known.status end,
                error = case when known.told_by is null or known.told_by < excluded.told_by then excluded.error else known.error end,
                told_by = greatest(known.told_by, excluded.told_by)
            """,
            invitations, users, status, Guid.Parse(session.Metadata.CausationId!), error);
        session.Sql.Execute(
            """
            update users u set invitation_status = i.status, invitation_error = i.error, invitation_told_by = i.told_by from user_invitations i
            where i.invitation_id = any($1) and u.id = i.user_id and i.status is not null and (u.invitation_told_by is null or u.invitation_told_by < i.told_by)
            """,
            (object)invitations);
    }

    /// <summary>Notes that mail to the person's address comes back for good (INV-15), unless they have another one since.</summary>
    public static void Undeliverable(EventSession session, Guid invitation, string why) => session.Sql.Execute(
        """
        update users u set undeliverable = $2 from user_invitations i
        where i.invitation_id = $1 and u.id = i.user_id and (i.email_key is null or i.email_key = u.email_key)
        """,
        invitation, why);
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

/// <summary>What became of an invitation's message; what is wrong is said in words of Notifications', and holds nothing of the person.</summary>
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
        }, message.Error);
        if (message is { IsHard: true, Channel: InviteUsers.Email, Error: { } why })
            InvitationStatuses.Undeliverable(session, message.InvitationId, why);
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
