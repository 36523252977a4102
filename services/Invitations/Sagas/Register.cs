using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Subscriptions;
using InviteHub.Invitations.Features;
using InviteHub.ServiceDefaults;
using MassTransit;

namespace InviteHub.Invitations.Sagas;

/// <summary>
/// Account → seat → accepted; a refusal opens the invitation again. Begins in the commit that starts a registration, and begins anew
/// with the next attempt. It decides nothing: each step asks the invitation's own rules.
/// </summary>
internal sealed class RegisterSaga : SagaStateMachineInstance
{
    /// <summary>The invitation.</summary>
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = nameof(RegisterMachine.AwaitingAccount);
}

internal sealed class RegisterMachine : MassTransitStateMachine<RegisterSaga>
{
    public RegisterMachine(TimeProvider clock)
    {
        InstanceState(x => x.CurrentState);
        Event(() => Provisioned, e => e.CorrelateById(m => m.Message.InvitationId).OnMissingInstance(m => m.Fault()));
        Event(() => Refused, e => e.CorrelateById(m => m.Message.InvitationId).OnMissingInstance(m => m.Fault()));
        Event(() => SeatTaken, e => e.CorrelateById(m => m.Message.InvitationId).OnMissingInstance(m => m.Fault()));

        During(AwaitingAccount,
            When(Provisioned)
                .ThenAsync(x => x.Session().Decide<Invitation, InvitationEvent>(
                    Invitation.Stream(x.Message.OrganizationId, x.Message.InvitationId),
                    invitation => RecordAccount.Decide(invitation, new(x.Message.RegistrationId, x.Message.UserId, clock.GetUtcNow()))))
                .TransitionTo(AwaitingSeat),
            // Over unless it was another attempt's: the invitation is open again, and the next attempt begins anew.
            When(Refused)
                .IfAsync(
                    async x =>
                    {
                        var outcome = await x.Session().Decide<Invitation, InvitationEvent>(
                            Invitation.Stream(x.Message.OrganizationId, x.Message.InvitationId),
                            invitation => RefuseRegistration.Decide(
                                invitation, new(x.Message.RegistrationId, x.Message.Kind, x.Message.Code, x.Message.Detail, x.Message.Facts)));
                        return outcome.State.Registration is { Refusal: not null } refused && refused.Id == x.Message.RegistrationId;
                    },
                    x => x.TransitionTo(Over)));

        During([AwaitingAccount, AwaitingSeat],
            When(SeatTaken)
                .ThenAsync(x => x.Session().Decide<Invitation, InvitationEvent>(
                    Invitation.Stream(x.Message.OrganizationId, x.Message.InvitationId),
                    invitation => CompleteAcceptance.Decide(invitation, new(x.Message.UserId, clock.GetUtcNow()))))
                .TransitionTo(Over));

        OnUnhandledEvent(x => x.Ignore());
    }

    public State AwaitingAccount { get; private set; } = null!;

    public State AwaitingSeat { get; private set; } = null!;

    public State Over { get; private set; } = null!;

    public Event<AccountProvisioned> Provisioned { get; private set; } = null!;

    public Event<AccountRefused> Refused { get; private set; } = null!;

    public Event<SeatConfirmed> SeatTaken { get; private set; } = null!;
}
