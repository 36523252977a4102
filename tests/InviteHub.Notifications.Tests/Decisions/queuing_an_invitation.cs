using InviteHub.Notifications.Features;

namespace InviteHub.Notifications.Tests.Decisions;

[Trait("Feature", "NOT-03")]
public sealed class queuing_an_invitation
{
    private static readonly Guid Id = Delivery.IdFor(Some.Message().InvitationId, 1, "invitation", "email");
    private static readonly QueueInvitation.Command Command = new(Id, Some.Organization, Some.Message());

    [Fact]
    public void queues_the_message_and_notes_that_the_invitation_has_it()
    {
        QueueInvitation.Decide(Delivery.Initial, Command).Events.ShouldBe([Command.Message]);
        QueueInvitation.Decide(Mailing.Initial, Command).Events.ShouldBe([new MailingEvent.DeliveryAdded(Id)]);
    }

    [Fact]
    public void a_second_time_nothing_happens_whatever_became_of_the_first()
    {
        DeliveryEvent[][] pasts =
        [
            [Some.Message()],
            [Some.Message(), new DeliveryEvent.Attempted(1, Some.Now)],
            [Some.Message(), new DeliveryEvent.Attempted(1, Some.Now), new DeliveryEvent.Sent(1, Some.Now)],
            [Some.Message(), new DeliveryEvent.Failed("", Some.Now)],
            [Some.Message(), new DeliveryEvent.Cancelled("revoked", Some.Now)],
        ];
        foreach (var past in pasts)
            QueueInvitation.Decide(Some.Delivery(past), Command).Events.ShouldBeEmpty();
        QueueInvitation.Decide(Some.Mailing(new MailingEvent.DeliveryAdded(Id)), Command).Events.ShouldBeEmpty();
    }

    [Fact]
    public void after_a_withdrawal_that_came_first_nothing_happens() =>
        QueueInvitation.Decide(Some.Mailing(new MailingEvent.Stopped("revoked")), Command).Events.ShouldBeEmpty();

    [Fact]
    public void one_cause_always_has_one_id_and_another_cause_another()
    {
        var invitation = new Guid("01961e3a-0000-7000-8000-000000000002");
        var id = Delivery.IdFor(invitation, 1, "invitation", "email");
        // Frozen: with another id, mails that went out would go out again.
        id.ShouldBe(new Guid("69b30202-1d79-8246-9c4f-001319db8051"));
        id.Version.ShouldBe(8);
        Guid[] others =
        [
            Delivery.IdFor(Some.Organization, 1, "invitation", "email"), Delivery.IdFor(invitation, 2, "invitation", "email"),
            Delivery.IdFor(invitation, 1, "reminder", "email"), Delivery.IdFor(invitation, 1, "invitation", "sms"),
        ];
        others.Append(id).Distinct().Count().ShouldBe(5);
    }
}
