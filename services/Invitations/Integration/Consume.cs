using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Integration;

/// <summary>Keeps who people are. Message ids are event ids, and so in the order of time: an older one that comes late changes nothing.</summary>
internal sealed class PersonChangedConsumer(PostgresEventStore store) : EventConsumer<PersonChanged>(store)
{
    protected override Task Handle(PersonChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into people (user_id, email, email_key, first_name, last_name, phone, language, system_role, told_by)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9 where not ih_is_forgotten($1::text)
            on conflict (user_id) do update set email = excluded.email, email_key = excluded.email_key, first_name = excluded.first_name,
                last_name = excluded.last_name, phone = excluded.phone, language = excluded.language, system_role = excluded.system_role,
                told_by = excluded.told_by
            where people.told_by < excluded.told_by
            """,
            message.UserId, message.Email, InvitationList.KeyOf(message.Email), message.FirstName, message.LastName, message.Phone,
            message.Language, message.SystemRole, Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}

/// <summary>Somebody is to be invited to their account.</summary>
internal sealed class AccountInvitationDueConsumer(PostgresEventStore store, InvitationQueries queries, LinkTokens links, TimeProvider clock)
    : EventConsumer<AccountInvitationDue>(store)
{
    protected override Task Handle(AccountInvitationDue message, EventSession session, CancellationToken ct) =>
        InviteAccount.Handle(message, session, queries, links, clock, ct);
}

/// <summary>Somebody has chosen a password instead of the one-time password of an invitation, which is accepted by that.</summary>
internal sealed class AccountTakenOverConsumer(PostgresEventStore store, InvitationQueries queries) : EventConsumer<AccountTakenOver>(store)
{
    protected override async Task Handle(AccountTakenOver message, EventSession session, CancellationToken ct)
    {
        if (await queries.OpenToAccount(message.UserId, ct) is { } id)
        {
            await session.Decide<Invitation, InvitationEvent>(
                Invitation.Stream(InviteAccount.Platform, id), invitation => TakeAccountOver.Decide(invitation, new(message.UserId, message.At)), ct);
        }
    }
}

/// <summary>Keeps which organizations a caller may see.</summary>
internal sealed class OrganizationAccessChangedConsumer(PostgresEventStore store) : EventConsumer<OrganizationAccessChanged>(store)
{
    protected override Task Handle(OrganizationAccessChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into organization_access (user_id, organization_id, permissions, told_by) values ($1, $2, $3, $4)
            on conflict (user_id, organization_id) do update set permissions = excluded.permissions, told_by = excluded.told_by
            where organization_access.told_by < excluded.told_by
            """,
            message.UserId, message.OrganizationId, message.Permissions.ToArray(), Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}

/// <summary>Keeps what organizations ask of invitations to them; an older word that comes late changes nothing.</summary>
internal sealed class OrganizationSettingsChangedConsumer(PostgresEventStore store) : EventConsumer<OrganizationSettingsChanged>(store)
{
    protected override Task Handle(OrganizationSettingsChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into organization_settings (organization_id, valid_for_days, allowed_domains, hourly_limit, requires_approval, reminder_days, told_by)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (organization_id) do update set valid_for_days = excluded.valid_for_days, allowed_domains = excluded.allowed_domains,
                hourly_limit = excluded.hourly_limit, requires_approval = excluded.requires_approval, reminder_days = excluded.reminder_days,
                told_by = excluded.told_by
            where organization_settings.told_by < excluded.told_by
            """,
            message.OrganizationId, message.InvitationValidForDays, message.AllowedDomains.ToArray(), message.HourlyInvitationLimit,
            message.RequiresApproval, message.ReminderDays.ToArray(), Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}

/// <summary>Keeps what became of the mail.</summary>
internal sealed class InvitationDeliveryChangedConsumer(PostgresEventStore store) : EventConsumer<InvitationDeliveryChanged>(store)
{
    protected override Task Handle(InvitationDeliveryChanged message, EventSession session, CancellationToken ct) =>
        session.Decide<Invitation, InvitationEvent>(
            Invitation.Stream(message.OrganizationId, message.InvitationId),
            invitation => RecordDelivery.Decide(
                invitation, new(message.Generation, message.Channel, message.Status, message.Error, message.At)),
            ct);
}
