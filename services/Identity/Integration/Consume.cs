using InviteHub.Contracts.Invitations;
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
