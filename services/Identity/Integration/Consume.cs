using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Subscriptions;
using InviteHub.EventStore;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Integration;

/// <summary>An invitee has registered: make or find the account, and answer.</summary>
internal sealed class RegistrationStartedConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<RegistrationStarted>(store)
{
    protected override Task Handle(RegistrationStarted message, EventSession session, CancellationToken ct) =>
        ProvisionAccount.Handle(message, session, clock.GetUtcNow(), ct);

    protected override Task Broke(UniqueRuleException broken, RegistrationStarted message, EventSession session, CancellationToken ct) => Users.Taken(broken) is { } taken
        ? ProvisionAccount.Refuse(message, taken, session, clock.GetUtcNow(), ct)
        : base.Broke(broken, message, session, ct);
}

/// <summary>An invitation went out: an internal user's account is made with it.</summary>
internal sealed class InvitationOpenedConsumer(PostgresEventStore store) : EventConsumer<InvitationOpened>(store)
{
    protected override Task Handle(InvitationOpened message, EventSession session, CancellationToken ct) => MakeInternalUser.Handle(message, session, ct);

    // The person chooses another username with the password. Whose address is taken by now is told when they register.
    protected override Task Broke(UniqueRuleException broken, InvitationOpened message, EventSession session, CancellationToken ct) =>
        Users.Taken(broken) is UsernameTaken ? MakeInternalUser.Handle(message with { Username = null }, session, ct) : Task.CompletedTask;
}

/// <summary>An invitation ended: the one-time password that it came with opens nothing any more.</summary>
internal sealed class InvitationWithdrawnConsumer(PostgresEventStore store) : EventConsumer<InvitationWithdrawn>(store)
{
    protected override Task Handle(InvitationWithdrawn message, EventSession session, CancellationToken ct) =>
        message is { InviteeId: { } user, OneTimePasswordId: { } password }
            ? session.Decide<User, UserEvent>(User.Stream(user), u => EndOneTimePassword.Decide(u, password), ct)
            : Task.CompletedTask;
}

/// <summary>An organization or a service asks for a role: decide, and answer.</summary>
internal sealed class RoleAssignmentRequestedConsumer(PostgresEventStore store) : EventConsumer<RoleAssignmentRequested>(store)
{
    protected override Task Handle(RoleAssignmentRequested message, EventSession session, CancellationToken ct) => AssignRole.Handle(message, session, ct);
}

/// <summary>An organization or a service took a role back.</summary>
internal sealed class RoleAssignmentEndedConsumer(PostgresEventStore store, Sessions sessions, TimeProvider clock) : EventConsumer<RoleAssignmentEnded>(store)
{
    protected override Task Handle(RoleAssignmentEnded message, EventSession session, CancellationToken ct) =>
        EndRole.Handle(message, session, sessions, clock, ct);
}

/// <summary>A seat went to another member: its role goes after it.</summary>
internal sealed partial class SeatTransferredConsumer(PostgresEventStore store, ILogger<SeatTransferredConsumer> log) : EventConsumer<SeatTransferred>(store)
{
    protected override async Task Handle(SeatTransferred message, EventSession session, CancellationToken ct)
    {
        var told = Guid.Parse(session.Metadata.CausationId!);
        if (await FollowSeat.Handle(new(message.InvitationId, message.FromUserId, message.ToUserId, told), session, ct) is { } refusal)
            NoRole(log, message.InvitationId, message.ToUserId, refusal.Code);
    }

    // The seat is given already: an administrator should know that it opens nothing.
    [LoggerMessage(LogLevel.Warning, "The seat of invitation {InvitationId} went to user {UserId}, who cannot have its role: {Code}")]
    private static partial void NoRole(ILogger log, Guid invitationId, Guid userId, string code);
}

/// <summary>A seat was taken back: its role ends.</summary>
internal sealed class SeatTakenBackConsumer(PostgresEventStore store) : EventConsumer<SeatTakenBack>(store)
{
    protected override Task Handle(SeatTakenBack message, EventSession session, CancellationToken ct) => FollowSeat.Handle(
        new(message.InvitationId, message.UserId, ToUserId: null, Guid.Parse(session.Metadata.CausationId!)), session, ct);
}

/// <summary>Keeps organizations' names. Message ids are event ids, and so in the order of time: an older one that comes late changes nothing.</summary>
internal sealed class OrganizationChangedConsumer(PostgresEventStore store) : EventConsumer<OrganizationChanged>(store)
{
    protected override Task Handle(OrganizationChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into organizations (id, name, told_by) values ($1, $2, $3)
            on conflict (id) do update set name = excluded.name, told_by = excluded.told_by where organizations.told_by < excluded.told_by
            """,
            message.OrganizationId, message.Name, Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}

/// <summary>Keeps which organizations ask for validated identities, and how their people may be invited.</summary>
internal sealed class OrganizationSettingsChangedConsumer(PostgresEventStore store) : EventConsumer<OrganizationSettingsChanged>(store)
{
    protected override Task Handle(OrganizationSettingsChanged message, EventSession session, CancellationToken ct)
    {
        session.Sql.Execute(
            """
            insert into organization_settings (organization_id, requires_validated_identity, allows_sms, allows_one_time_passwords, told_by)
            values ($1, $2, $3, $4, $5)
            on conflict (organization_id) do update
            set requires_validated_identity = excluded.requires_validated_identity, allows_sms = excluded.allows_sms,
                allows_one_time_passwords = excluded.allows_one_time_passwords, told_by = excluded.told_by
            where organization_settings.told_by < excluded.told_by
            """,
            message.OrganizationId, message.RequiresValidatedIdentity, message.Channels == "emailAndSms", message.OneTimePasswords,
            Guid.Parse(session.Metadata.CausationId!));
        return Task.CompletedTask;
    }
}

/// <summary>Keeps who has what to do with an organization.</summary>
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
