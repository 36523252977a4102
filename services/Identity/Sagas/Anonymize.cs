using System.Text;
using InviteHub.Contracts.Identity;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;
using InviteHub.EventStore.Audit;
using InviteHub.Identity.Features;
using InviteHub.ServiceDefaults;
using MassTransit;

namespace InviteHub.Identity.Sagas;

/// <summary>
/// Last message → Invitations, then Subscriptions and Notifications, then Identity erase and confirm → certificate. Begins in the commit of the
/// command, in which the sessions ended. It decides nothing: each step asks the rules of the anonymization, so that a message that comes late
/// or twice changes nothing.
/// </summary>
internal sealed class AnonymizeSaga : SagaStateMachineInstance
{
    /// <summary>The user.</summary>
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = nameof(AnonymizeMachine.AwaitingNotice);
}

internal sealed class AnonymizeMachine : MassTransitStateMachine<AnonymizeSaga>
{
    public AnonymizeMachine(SignedHeads signing, TimeProvider clock)
    {
        InstanceState(x => x.CurrentState);
        Event(() => NoticeSettled, e => e.CorrelateById(m => m.Message.RecipientId).OnMissingInstance(m => m.Fault()));
        Event(() => Erased, e => e.CorrelateById(m => m.Message.UserId).OnMissingInstance(m => m.Fault()));

        During(AwaitingNotice,
            When(NoticeSettled)
                .ThenAsync(x => x.Session().Decide<Anonymization, AnonymizationEvent>(
                    Anonymization.Stream(x.Message.RecipientId),
                    anonymization => SettleLastNotice.Decide(anonymization, new(x.Message.Status, x.Message.At))))
                .TransitionTo(Erasing));

        During(Erasing,
            When(Erased)
                .ThenAsync(async x =>
                {
                    var outcome = await x.Session().Decide<Anonymization, AnonymizationEvent>(
                        Anonymization.Stream(x.Message.UserId), anonymization => ConfirmErasure.Decide(anonymization, x.Message));
                    if (CertifyErasure.IsDue(outcome.State))
                        await Certify(x.Session(), outcome.State, signing, clock, x.CancellationToken);
                })
                .If(x => x.Message.Service == Anonymization.Identity, x => x.TransitionTo(Over)));

        OnUnhandledEvent(x => x.Ignore());
    }

    public State AwaitingNotice { get; private set; } = null!;

    public State Erasing { get; private set; } = null!;

    public State Over { get; private set; } = null!;

    public Event<LastNoticeSettled> NoticeSettled { get; private set; } = null!;

    public Event<PersonErased> Erased { get; private set; } = null!;

    private static async Task Certify(EventSession session, Anonymization anonymization, SignedHeads signing, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var statement = CertifyErasure.Statement(anonymization, now);
        var signature = Convert.ToBase64String(await signing.Sign(Encoding.UTF8.GetBytes(statement), ct));
        await session.Decide<Anonymization, AnonymizationEvent>(
            Anonymization.Stream(anonymization.Request!.UserId), state => CertifyErasure.Decide(state, new(statement, signature, now)), ct);
    }
}
