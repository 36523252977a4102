using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Invitations;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.Features;
using InviteHub.Subscriptions.ReadModels;
using MassTransit;

namespace InviteHub.Subscriptions.Integration;

/// <summary>An invitation was asked for: admit or refuse it.</summary>
internal sealed class InvitationRequestedConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationRequested>(store)
{
    private readonly PostgresEventStore _store = store;

    protected override Task Handle(InvitationRequested message, EventSession session, CancellationToken ct) => AdmitInvitation.Handle(
        new AdmitInvitation.Command(
            message.InvitationId, message.OrganizationId, message.Way, message.InvitedBy, message.InvitedByRole, message.InviteeId,
            message.AppId, message.SubscriptionId, message.Role, clock.Today(), message.Round),
        session, _store, ct);
}

/// <summary>A batch asks what would become of its invitations: look, and answer. Nothing is written, so that it may be answered twice.</summary>
internal sealed class InvitationBatchUploadedConsumer(PostgresEventStore store, TimeProvider clock) : IConsumer<InvitationBatchUploaded>
{
    public async Task Consume(ConsumeContext<InvitationBatchUploaded> context) =>
        await context.Publish(await CheckBatch.Handle(context.Message, store, clock.Today(), context.CancellationToken));
}

/// <summary>Some invitations of a batch were asked for: admit or refuse them in one commit.</summary>
internal sealed class InvitationsRequestedConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationsRequested>(store)
{
    private readonly PostgresEventStore _store = store;

    protected override Task Handle(InvitationsRequested message, EventSession session, CancellationToken ct) => AdmitInvitations.Handle(
        new AdmitInvitations.Command(
            message.ChunkId, message.BatchId, message.OrganizationId, message.Waits,
            [.. message.InvitationIds.Zip(message.InviteeIds, (invitation, invitee) => new AdmitInvitation.Command(
                invitation, message.OrganizationId, message.Way, message.InvitedBy, message.InvitedByRole, invitee,
                message.AppId, message.SubscriptionId, message.Role, clock.Today()))]),
        session, _store, ct);
}

/// <summary>An invitation ended without being accepted: take back what it was given.</summary>
internal sealed class InvitationWithdrawnConsumer(PostgresEventStore store, TimeProvider clock) : EventConsumer<InvitationWithdrawn>(store)
{
    protected override Task Handle(InvitationWithdrawn message, EventSession session, CancellationToken ct) => WithdrawInvitation.Handle(
        new WithdrawInvitation.Command(message.InvitationId, message.OrganizationId, message.Reason, clock.Today(), message.Round), session, ct);
}

/// <summary>The invitee has an account with the role: occupy the seat.</summary>
internal sealed partial class InviteeProvisionedConsumer(PostgresEventStore store, ILogger<InviteeProvisionedConsumer> log)
    : EventConsumer<InviteeProvisioned>(store)
{
    protected override async Task Handle(InviteeProvisioned message, EventSession session, CancellationToken ct)
    {
        if (!await ConfirmSeat.Handle(new ConfirmSeat.Command(message.InvitationId, message.OrganizationId, message.UserId), session, ct))
            NoSeat(log, message.InvitationId);
    }

    // Invitations provisions nobody whose invitation it withdrew: an operator should know when it did.
    [LoggerMessage(LogLevel.Warning, "Invitation {InvitationId} was provisioned without a seat: it was never granted one, or was withdrawn")]
    private static partial void NoSeat(ILogger log, Guid invitationId);
}

/// <summary>Somebody has an account, or another name or role: keep who they are.</summary>
internal sealed class PersonChangedConsumer(PostgresEventStore store) : EventConsumer<PersonChanged>(store)
{
    protected override Task Handle(PersonChanged message, EventSession session, CancellationToken ct)
    {
        People.Keep(session, message);
        return Task.CompletedTask;
    }
}

/// <summary>Identity gave the role that was asked for.</summary>
internal sealed class RoleAssignmentGrantedConsumer(PostgresEventStore store) : EventConsumer<RoleAssignmentGranted>(store)
{
    protected override Task Handle(RoleAssignmentGranted message, EventSession session, CancellationToken ct) =>
        SettleAppointment.Handle(message.Role, message.HolderId, message.UserId, new(message.RequestId, Refusal: null), session, ct);
}

/// <summary>Identity refused the role that was asked for.</summary>
internal sealed class RoleAssignmentRefusedConsumer(PostgresEventStore store) : EventConsumer<RoleAssignmentRefused>(store)
{
    protected override Task Handle(RoleAssignmentRefused message, EventSession session, CancellationToken ct)
    {
        var kind = Enum.TryParse<RefusalKind>(message.Kind, ignoreCase: true, out var known) ? known : RefusalKind.Conflict;
        return SettleAppointment.Handle(
            message.Role, message.HolderId, message.UserId, new(message.RequestId, new(kind, message.Code, message.Detail)), session, ct);
    }
}
