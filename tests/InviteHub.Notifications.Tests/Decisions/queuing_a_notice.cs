using InviteHub.Notifications.Features;

namespace InviteHub.Notifications.Tests.Decisions;

[Trait("Feature", "NOT-03")]
public sealed class queuing_a_notice
{
    private static readonly QueueNotice.Command Command = new(OrganizationId: null, Some.Notice());

    [Fact]
    public void queues_the_message() => QueueNotice.Decide(Delivery.Initial, Command).Events.ShouldBe([Command.Message]);

    [Fact]
    public void a_second_time_nothing_happens_whatever_became_of_the_first()
    {
        DeliveryEvent[] then = [new DeliveryEvent.Attempted(1, Some.Now), new DeliveryEvent.Sent(1, Some.Now), new DeliveryEvent.Failed("", Some.Now)];
        foreach (var happened in then)
            QueueNotice.Decide(Some.Delivery(Some.Notice(), happened), Command).Events.ShouldBeEmpty();
        QueueNotice.Decide(Some.Delivery(Some.Notice()), Command).Events.ShouldBeEmpty();
    }

    [Fact]
    public void one_notice_always_has_one_id_and_another_another()
    {
        var id = Delivery.IdFor(Command.Message.NoticeId, "email");
        // Frozen: with another id, mails that went out would go out again.
        id.ShouldBe(new Guid("377923bc-2f36-8611-aa12-b46d180b089e"));
        Guid[] others = [Delivery.IdFor(Command.Message.NoticeId, "sms"), Delivery.IdFor(Some.Organization, "email")];
        others.Append(id).Distinct().Count().ShouldBe(3);
    }
}
