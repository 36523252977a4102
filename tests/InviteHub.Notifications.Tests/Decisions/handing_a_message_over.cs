using InviteHub.Notifications.Features;
using InviteHub.Notifications.Integration;
using InviteHub.Contracts.Notifications;
using InviteHub.EventStore;

namespace InviteHub.Notifications.Tests.Decisions;

[Trait("Feature", "NOT-03")]
public sealed class handing_a_message_over
{
    private static readonly DeliveryEvent.Attempted First = new(1, Some.Now);

    [Fact]
    public void begins_an_attempt_when_it_is_due()
    {
        AttemptDelivery.Decide(Some.Delivery(Some.Message()), Some.Now).Events.ShouldBe([First]);
        var postponed = Some.Delivery(Some.Message(), First, new DeliveryEvent.Postponed(1, "", Some.Now.AddSeconds(1), Some.Now));
        AttemptDelivery.Decide(postponed, Some.Now.AddSeconds(0.9)).Events.ShouldBeEmpty();
        AttemptDelivery.Decide(postponed, Some.Now.AddSeconds(1)).Events.ShouldBe([new DeliveryEvent.Attempted(2, Some.Now.AddSeconds(1))]);
    }

    [Fact]
    public void nobody_else_begins_while_one_is_at_it_and_somebody_does_when_the_lease_is_over()
    {
        var under_way = Some.Delivery(Some.Message(), First);
        AttemptDelivery.Decide(under_way, Some.Now.AddSeconds(59)).Events.ShouldBeEmpty();
        AttemptDelivery.Decide(under_way, Some.Now.AddSeconds(60)).Events.ShouldBe([new DeliveryEvent.Attempted(2, Some.Now.AddSeconds(60))]);
    }

    [Fact]
    public void what_is_over_is_not_tried()
    {
        DeliveryEvent[] ends = [new DeliveryEvent.Sent(1, Some.Now), new DeliveryEvent.Failed("", Some.Now), new DeliveryEvent.Cancelled("", Some.Now)];
        foreach (var end in ends)
            AttemptDelivery.Decide(Some.Delivery(Some.Message(), First, end), Some.Now.AddDays(1)).Events.ShouldBeEmpty();
        AttemptDelivery.Decide(Delivery.Initial, Some.Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_link_that_has_run_out_and_a_person_who_was_erased_are_given_up()
    {
        AttemptDelivery.Decide(Some.Delivery(Some.Message(expires: Some.Now)), Some.Now).Events.Single().ShouldBeOfType<DeliveryEvent.Failed>();
        AttemptDelivery.Decide(Some.Delivery(Some.Message(email: "[erased]")), Some.Now).Events.Single().ShouldBeOfType<DeliveryEvent.Failed>();
    }

    [Fact]
    public void a_notice_goes_the_same_way()
    {
        AttemptDelivery.Decide(Some.Delivery(Some.Notice()), Some.Now).Events.ShouldBe([First]);
        AttemptDelivery.Decide(Some.Delivery(Some.Notice(expires: Some.Now)), Some.Now).Events.Single().ShouldBeOfType<DeliveryEvent.Failed>();
        RecordOutcome.Decide(Some.Delivery(Some.Notice(), First), new(1, new Handover.Accepted(), Some.Now)).Events.ShouldBe([new DeliveryEvent.Sent(1, Some.Now)]);
    }

    [Fact]
    public void attempts_without_an_outcome_count_too()
    {
        var lost = Some.Delivery([Some.Message(), .. Enumerable.Range(1, 8).Select(n => new DeliveryEvent.Attempted(n, Some.Now))]);
        AttemptDelivery.Decide(lost, Some.Now.AddHours(1)).Events.Single().ShouldBeOfType<DeliveryEvent.Failed>();
    }

    [Fact]
    public void an_accepted_mail_is_sent_once()
    {
        var outcome = new RecordOutcome.Command(1, new Handover.Accepted(), Some.Now);
        RecordOutcome.Decide(Some.Delivery(Some.Message(), First), outcome).Events.ShouldBe([new DeliveryEvent.Sent(1, Some.Now)]);
        RecordOutcome.Decide(Some.Delivery(Some.Message(), First, new DeliveryEvent.Sent(1, Some.Now)), outcome).Events.ShouldBeEmpty();
    }

    [Fact]
    public void an_accepted_mail_is_sent_also_when_it_was_cancelled_or_taken_over_meanwhile()
    {
        var outcome = new RecordOutcome.Command(1, new Handover.Accepted(), Some.Now);
        RecordOutcome.Decide(Some.Delivery(Some.Message(), First, new DeliveryEvent.Cancelled("revoked", Some.Now)), outcome)
            .Events.Single().ShouldBeOfType<DeliveryEvent.Sent>();
        RecordOutcome.Decide(Some.Delivery(Some.Message(), First, new DeliveryEvent.Attempted(2, Some.Now)), outcome)
            .Events.Single().ShouldBeOfType<DeliveryEvent.Sent>();
    }

    [Fact]
    public void a_refusal_for_good_fails_at_once() =>
        RecordOutcome.Decide(Some.Delivery(Some.Message(), First), new(1, new Handover.Never("no"), Some.Now))
            .Events.ShouldBe([new DeliveryEvent.Failed("no", Some.Now)]);

    [Fact]
    public void one_that_was_not_taken_is_tried_with_growing_waits_and_given_up_after_eight()
    {
        var delivery = Some.Delivery(Some.Message());
        var now = Some.Now;
        var waits = new List<TimeSpan>();
        for (var attempt = 1; ; attempt++)
        {
            delivery = delivery.Apply(AttemptDelivery.Decide(delivery, now).Events.Single());
            var outcome = RecordOutcome.Decide(delivery, new(attempt, new Handover.NotNow("Busy."), now)).Events.Single();
            delivery = delivery.Apply(outcome);
            if (outcome is not DeliveryEvent.Postponed postponed)
            {
                outcome.ShouldBe(new DeliveryEvent.Failed("Busy. Given up after 8 attempts.", now));
                break;
            }

            waits.Add(postponed.RetryAt - now);
            now = postponed.RetryAt;
        }

        waits.Count.ShouldBe(7);
        waits.ShouldBe(waits.Order().Distinct());
    }

    [Fact]
    public void the_failure_of_one_that_was_cancelled_or_taken_over_tells_nothing()
    {
        var outcome = new RecordOutcome.Command(1, new Handover.NotNow("Busy."), Some.Now);
        RecordOutcome.Decide(Some.Delivery(Some.Message(), First, new DeliveryEvent.Cancelled("revoked", Some.Now)), outcome).Events.ShouldBeEmpty();
        RecordOutcome.Decide(Some.Delivery(Some.Message(), First, new DeliveryEvent.Attempted(2, Some.Now)), outcome).Events.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-27")]
    public void others_hear_where_it_is_and_not_of_each_attempt()
    {
        Told(Some.Message()).ShouldBe(Changed("queued", null));
        Told(Some.Message(), First).ShouldBeNull();
        Told(Some.Message(), First, new DeliveryEvent.Postponed(1, "Busy.", Some.Now, Some.Now)).ShouldBeNull();
        Told(Some.Message(), First, new DeliveryEvent.Sent(1, Some.Now)).ShouldBe(Changed("sent", null));
        Told(Some.Message(), First, new DeliveryEvent.Failed("no", Some.Now)).ShouldBe(Changed("failed", "no"));
        Told(Some.Message(), First, new DeliveryEvent.Failed("no", Some.Now) { IsHard = true }).ShouldBe(Changed("failed", "no") with { IsHard = true });
        Told(Some.Message(), First, new DeliveryEvent.Bounced("back", IsHard: true, Some.Now)).ShouldBe(Changed("bounced", "back") with { IsHard = true });
        Told(Some.Message(), First, new DeliveryEvent.Bounced("back", IsHard: false, Some.Now)).ShouldBe(Changed("bounced", "back") with { IsHard = false });
        Told(Some.Message(), new DeliveryEvent.Cancelled("revoked", Some.Now)).ShouldBeNull();
        Told(Some.Notice()).ShouldBeNull();
        Told(Some.Notice(), First, new DeliveryEvent.Sent(1, Some.Now)).ShouldBeNull();

        static InvitationDeliveryChanged Changed(string status, string? error) =>
            new(Some.Message().InvitationId, Some.Organization, 1, "email", status, error, Some.Now);

        static object? Told(params DeliveryEvent[] happened) => Publish.Contract(
            new RecordedEvent(Guid.Empty, Delivery.Stream(Some.Organization, Guid.Empty), happened.Length, "", happened[^1], Some.Now, new EventMetadata()))
            ?.Invoke(Some.Delivery(happened));
    }
}
