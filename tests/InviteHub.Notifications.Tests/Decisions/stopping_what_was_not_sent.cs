using InviteHub.Notifications.Features;

namespace InviteHub.Notifications.Tests.Decisions;

[Trait("Feature", "NOT-03")]
public sealed class stopping_what_was_not_sent
{
    private static readonly StopDeliveries.Command Revoked = new(Some.Message().InvitationId, Some.Organization, "revoked", Some.Now);
    private static readonly StopDeliveries.Command Expired = Revoked with { Reason = "expired" };

    [Fact]
    public void cancels_what_waits_or_is_under_way()
    {
        StopDeliveries.Decide(Some.Delivery(Some.Message()), Revoked).Events.ShouldBe([new DeliveryEvent.Cancelled("revoked", Some.Now)]);
        StopDeliveries.Decide(Some.Delivery(Some.Message(), new DeliveryEvent.Attempted(1, Some.Now)), Revoked)
            .Events.ShouldBe([new DeliveryEvent.Cancelled("revoked", Some.Now)]);
    }

    [Fact]
    public void leaves_what_was_sent_or_given_up_or_stopped_before()
    {
        DeliveryEvent[] ends = [new DeliveryEvent.Sent(1, Some.Now), new DeliveryEvent.Failed("", Some.Now), new DeliveryEvent.Cancelled("", Some.Now)];
        foreach (var end in ends)
            StopDeliveries.Decide(Some.Delivery(Some.Message(), end), Revoked).Events.ShouldBeEmpty();
        StopDeliveries.Decide(Delivery.Initial, Revoked).Events.ShouldBeEmpty();
    }

    [Fact]
    public void keeps_out_what_comes_later_once()
    {
        StopDeliveries.Decide(Mailing.Initial, Revoked).Events.ShouldBe([new MailingEvent.Stopped("revoked")]);
        StopDeliveries.Decide(Some.Mailing(new MailingEvent.Stopped("revoked")), Revoked).Events.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-08")]
    public void an_expired_invitation_may_be_sent_again_with_a_fresh_link()
    {
        StopDeliveries.Decide(Mailing.Initial, Expired).Events.ShouldBeEmpty();
        StopDeliveries.Decide(Some.Delivery(Some.Message(expires: Some.Now)), Expired).Events.ShouldBe([new DeliveryEvent.Cancelled("expired", Some.Now)]);
        StopDeliveries.Decide(Some.Delivery(Some.Message(expires: Some.Now.AddDays(1))), Expired).Events.ShouldBeEmpty();
    }
}
