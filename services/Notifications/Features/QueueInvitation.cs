using InviteHub.EventStore;

namespace InviteHub.Notifications.Features;

/// <summary>An invitation was opened: its mail or text message is queued, once, unless the invitation was withdrawn meanwhile (NOT-03).</summary>
internal static class QueueInvitation
{
    public const string Kind = "invitation";
    public const string Reminder = "reminder";
    public const string Email = "email";
    public const string Sms = "sms";

    public sealed record Command(Guid DeliveryId, Guid OrganizationId, DeliveryEvent Message)
    {
        public Guid InvitationId => ((IInvitationMessage)Message).InvitationId;
    }

    public static Decision<MailingEvent> Decide(Mailing mailing, Command c) => mailing switch
    {
        { IsStopped: true } => Nothing.Happened,
        { Deliveries: var known } when known.Contains(c.DeliveryId) => Nothing.Happened,
        _ => new MailingEvent.DeliveryAdded(c.DeliveryId),
    };

    public static Decision<DeliveryEvent> Decide(Delivery delivery, Command c) => delivery.Status switch
    {
        DeliveryStatus.None => c.Message,
        _ => Nothing.Happened,
    };

    public static async Task Handle(Command c, EventSession session, CancellationToken ct)
    {
        var mailing = await session.Decide<Mailing, MailingEvent>(
            Mailing.Stream(c.OrganizationId, c.InvitationId), m => Decide(m, c), ct);
        if (!mailing.State.IsStopped)
            await session.Decide<Delivery, DeliveryEvent>(Delivery.Stream(c.OrganizationId, c.DeliveryId), d => Decide(d, c), ct);
    }
}
