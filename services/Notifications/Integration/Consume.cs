using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Integration;

/// <summary>An invitation may go out, by mail or SMS.</summary>
internal sealed class InvitationOpenedConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationOpened>(store)
{
    protected override Task Handle(InvitationOpened message, EventSession session, CancellationToken ct)
    {
        WebhookFeed.Add(session, message.OrganizationId, "invitation.opened", Opened.Facts(message), clock.GetUtcNow());
        return QueueInvitation.Handle(Opened.Command(message, clock.GetUtcNow()), session, ct);
    }
}

/// <summary>Invitations of a batch may go out: they are queued in one commit (INV-20).</summary>
internal sealed class InvitationsOpenedConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationsOpened>(store)
{
    protected override async Task Handle(InvitationsOpened message, EventSession session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var commands = message.Invitations.Select(one => Opened.Command(one, now)).ToArray();
        // Each is told of as those are that open and are queued by themselves.
        WebhookFeed.Add(
            session, message.OrganizationId,
            [
                .. message.Invitations.Zip(commands).SelectMany(one => new (Guid, string, object)[]
                {
                    (one.First.InvitationId, "invitation.opened", Opened.Facts(one.First)),
                    (one.Second.DeliveryId, "invitation.delivery", new
                    {
                        one.First.InvitationId, one.First.Generation, ((IMessage)one.Second.Message).Channel, Status = "queued", Error = (string?)null,
                    }),
                }),
            ],
            now);
        await session.FetchForWriting<Mailing, MailingEvent>([.. commands.Select(one => Mailing.Stream(one.OrganizationId, one.InvitationId))], ct);
        await session.FetchForWriting<Delivery, DeliveryEvent>([.. commands.Select(one => Delivery.Stream(one.OrganizationId, one.DeliveryId))], ct);
        foreach (var command in commands)
            await QueueInvitation.Handle(command, session, ct);
    }
}

/// <summary>What follows from word of an opened invitation.</summary>
file static class Opened
{
    /// <summary>What other systems are told of it.</summary>
    public static object Facts(InvitationOpened message) => new { message.InvitationId, message.Way, message.Generation, message.Channel, message.ExpiresAt };

    /// <summary>Its message.</summary>
    public static QueueInvitation.Command Command(InvitationOpened message, DateTimeOffset now)
    {
        var channel = message is { Channel: QueueInvitation.Sms, Phone: not null } ? QueueInvitation.Sms : QueueInvitation.Email;
        return new(
            Delivery.IdFor(message.InvitationId, message.Generation, QueueInvitation.Kind, channel), message.OrganizationId,
            channel == QueueInvitation.Sms ? Text(message, now) : Mail(message, now));
    }

    private static DeliveryEvent.Queued Mail(InvitationOpened message, DateTimeOffset now) => new(
        QueueInvitation.Kind, QueueInvitation.Email, message.Language, message.InvitationId, message.Generation, message.Way,
        message.InviteeId, message.Email, message.FirstName, InvitedByName: null,
        message.OrganizationName, message.AppName, message.RoleName, message.ExpiresAt, now)
    {
        Username = message.Username,
        OneTimePasswordId = message.OneTimePasswordId,
        Bulk = message.IsBulk ? true : null,
        InvitedBy = message.InvitedBy,
        InviterName = message.InvitedBy is null ? null : message.InvitedByName,
    };

    private static DeliveryEvent.SmsQueued Text(InvitationOpened message, DateTimeOffset now) => new(
        QueueInvitation.Kind, QueueInvitation.Sms, message.Language, message.InvitationId, message.Generation, message.Way,
        message.InviteeId, message.Phone!, InvitedByName: null, message.OrganizationName, message.AppName, message.ExpiresAt, now)
    {
        Username = message.Username, OneTimePasswordId = message.OneTimePasswordId,
        InvitedBy = message.InvitedBy, InviterName = message.InvitedBy is null ? null : message.InvitedByName,
    };
}

/// <summary>An invitation ends soon: its invitee is reminded, once for each day that the organization wants (INV-22).</summary>
internal sealed class InvitationReminderDueConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationReminderDue>(store)
{
    protected override Task Handle(InvitationReminderDue message, EventSession session, CancellationToken ct) => QueueInvitation.Handle(
        new(
            Delivery.IdFor(message.InvitationId, message.Generation, $"{QueueInvitation.Reminder} {message.DaysBefore}", QueueInvitation.Email),
            message.OrganizationId,
            new DeliveryEvent.Queued(
                QueueInvitation.Reminder, QueueInvitation.Email, message.Language, message.InvitationId, message.Generation, message.Way,
                message.InviteeId, message.Email, message.FirstName, InvitedByName: null,
                message.OrganizationName, message.AppName, message.RoleName, message.ExpiresAt, clock.GetUtcNow())
            {
                InvitedBy = message.InvitedBy, InviterName = message.InvitedBy is null ? null : message.InvitedByName,
            }),
        session, ct);
}

/// <summary>An invitation ended: unsent mail is stopped.</summary>
internal sealed class InvitationWithdrawnConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationWithdrawn>(store)
{
    protected override Task Handle(InvitationWithdrawn message, EventSession session, CancellationToken ct)
    {
        WebhookFeed.Add(
            session, message.OrganizationId, $"invitation.{message.Reason}", new { message.InvitationId, message.By }, clock.GetUtcNow());
        return StopDeliveries.Handle(new(message.InvitationId, message.OrganizationId, message.Reason, clock.GetUtcNow()), session, ct);
    }
}

/// <summary>A person is to be told something.</summary>
internal sealed class NoticeDueConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<NoticeDue>(store)
{
    protected override Task Handle(NoticeDue message, EventSession session, CancellationToken ct) => QueueNotice.Handle(
        new(
            message.OrganizationId,
            new(
                message.Kind, QueueNotice.Channel, message.NoticeId, message.RecipientId, message.Facts, message.ExpiresAt, clock.GetUtcNow())),
        session, ct);
}

/// <summary>Keeps how people are reached. Message ids are event ids, and so in the order of time: an older one that comes late changes nothing.</summary>
internal sealed class PersonChangedConsumer(PostgresEventStore store) : EventConsumer<PersonChanged>(store)
{
    protected override Task Handle(PersonChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into people (user_id, email, first_name, phone, language, told_by)
            select $1, $2, $3, $4, $5, $6 where not ih_is_forgotten($1::text)
            on conflict (user_id) do update set email = excluded.email, first_name = excluded.first_name, phone = excluded.phone,
                language = excluded.language, told_by = excluded.told_by
            where people.told_by < excluded.told_by
            """,
            message.UserId, message.Email, message.FirstName, message.Phone, message.Language, Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}

/// <summary>Keeps how organizations let their messages look; an older word that comes late changes nothing.</summary>
internal sealed class OrganizationSettingsChangedConsumer(PostgresEventStore store) : EventConsumer<OrganizationSettingsChanged>(store)
{
    protected override Task Handle(OrganizationSettingsChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into brands (organization_id, name, logo_url, color, words, told_by) values ($1, $2, $3, $4, $5, $6)
            on conflict (organization_id) do update set name = excluded.name, logo_url = excluded.logo_url, color = excluded.color,
                words = excluded.words, told_by = excluded.told_by
            where brands.told_by < excluded.told_by
            """,
            message.OrganizationId, message.BrandName, message.BrandLogoUrl, message.BrandColor, message.BrandWords,
            Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}
