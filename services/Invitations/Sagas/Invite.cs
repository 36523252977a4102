using InviteHub.Contracts.Subscriptions;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using MassTransit;

namespace InviteHub.Invitations.Sagas;

/// <summary>
/// Requested → open, refused, or waiting for a seat and then open or refused; withdrawn → settled. Begins in the commit of the request, and
/// anew in that of a renewal. It decides nothing: each step asks the invitation's own rules, so a message that comes late, twice or after a
/// revocation changes nothing.
/// </summary>
internal sealed class InviteSaga : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = nameof(InviteMachine.AwaitingAdmission);
}

internal sealed class InviteMachine : MassTransitStateMachine<InviteSaga>
{
    public InviteMachine(InvitationQueries queries, LinkTokens links, TimeProvider clock)
    {
        InstanceState(x => x.CurrentState);
        Event(() => Admitted, e => e.CorrelateById(m => m.Message.InvitationId).OnMissingInstance(m => m.Fault()));
        Event(() => Waitlisted, e => e.CorrelateById(m => m.Message.InvitationId).OnMissingInstance(m => m.Fault()));
        Event(() => Refused, e => e.CorrelateById(m => m.Message.InvitationId).OnMissingInstance(m => m.Fault()));
        Event(() => Settled, e => e.CorrelateById(m => m.Message.InvitationId).OnMissingInstance(m => m.Fault()));

        During(AwaitingAdmission,
            When(Waitlisted)
                .ThenAsync(x => x.Session().Decide<Invitation, InvitationEvent>(
                    Invitation.Stream(x.Message.OrganizationId, x.Message.InvitationId),
                    invitation => AwaitSeat.Decide(invitation, new(x.Message.OrganizationName, x.Message.AppName, x.Message.RoleName))))
                .TransitionTo(AwaitingSeat));

        During([AwaitingAdmission, AwaitingSeat],
            When(Admitted)
                .ThenAsync(async x =>
                {
                    var sender = await queries.Sender(x.Message.InvitationId, x.CancellationToken);
                    await x.Session().Decide<Invitation, InvitationEvent>(
                        Invitation.Stream(x.Message.OrganizationId, x.Message.InvitationId),
                        invitation => OpenInvitation.Decide(invitation, OpenInvitation.For(invitation, x.Message, sender, links, clock)));
                })
                .TransitionTo(Open),
            When(Refused)
                .ThenAsync(x => x.Session().Decide<Invitation, InvitationEvent>(
                    Invitation.Stream(x.Message.OrganizationId, x.Message.InvitationId),
                    invitation => RefuseInvitation.Decide(invitation, new(x.Message.Kind, x.Message.Code, x.Message.Detail, x.Message.Facts))))
                .TransitionTo(Over));

        During([AwaitingAdmission, AwaitingSeat, Open],
            When(Settled)
                .ThenAsync(x => x.Session().Decide<Invitation, InvitationEvent>(
                    Invitation.Stream(x.Message.OrganizationId, x.Message.InvitationId),
                    SettleWithdrawal.Decide))
                .TransitionTo(Over));

        OnUnhandledEvent(x => x.Ignore());
    }

    public State AwaitingAdmission { get; private set; } = null!;

    public State AwaitingSeat { get; private set; } = null!;

    public State Open { get; private set; } = null!;

    public State Over { get; private set; } = null!;

    public Event<InvitationAdmitted> Admitted { get; private set; } = null!;

    public Event<InvitationWaitlisted> Waitlisted { get; private set; } = null!;

    public Event<InvitationRefused> Refused { get; private set; } = null!;

    public Event<WithdrawalSettled> Settled { get; private set; } = null!;
}
