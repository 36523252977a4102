using InviteHub.EventStore;

namespace InviteHub.Invitations.Features;

/// <summary>The account exists and has what was offered; without a seat to take, that is the acceptance.</summary>
internal static class RecordAccount
{
    public sealed record Command(Guid RegistrationId, Guid UserId, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.Registering, Registration: { HasAccount: false } registration } when registration.Id == c.RegistrationId =>
            invitation.Offer!.SubscriptionId is null
                ? new InvitationEvent[] { new InvitationEvent.AccountProvisioned(c.RegistrationId, c.UserId), new InvitationEvent.Accepted(c.UserId, c.At) }
                : new InvitationEvent.AccountProvisioned(c.RegistrationId, c.UserId),
        _ => Nothing.Happened,
    };
}

/// <summary>The account could not be made or may not have what was offered: the invitation is open again, and the person is told why.</summary>
internal static class RefuseRegistration
{
    public sealed record Command(Guid RegistrationId, string Kind, string Code, string Detail, IReadOnlyDictionary<string, string>? Facts = null);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.Registering, Registration: { HasAccount: false } registration } when registration.Id == c.RegistrationId =>
            new InvitationEvent.RegistrationRefused(c.RegistrationId, c.Kind, c.Code, c.Detail) { Facts = c.Facts },
        _ => Nothing.Happened,
    };
}

/// <summary>The seat is taken: the person has everything that was offered.</summary>
internal static class CompleteAcceptance
{
    public sealed record Command(Guid UserId, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.Registering, Registration.HasAccount: true } => new InvitationEvent.Accepted(c.UserId, c.At),
        _ => Nothing.Happened,
    };
}

/// <summary>The person has replaced the one-time password by one of their own (INV-14): so the account is theirs, without the link.</summary>
internal static class TakeAccountOver
{
    public sealed record Command(Guid UserId, DateTimeOffset At);

    public static Decision<InvitationEvent> Decide(Invitation invitation, Command c) => invitation switch
    {
        { Status: InvitationStatus.Pending, OneTimePasswordId: not null } => new InvitationEvent.Accepted(c.UserId, c.At),
        _ => Nothing.Happened,
    };
}
