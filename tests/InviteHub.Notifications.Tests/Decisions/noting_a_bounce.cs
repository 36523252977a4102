using InviteHub.Notifications.Bounces;
using InviteHub.Notifications.Features;

namespace InviteHub.Notifications.Tests.Decisions;

[Trait("Feature", "NOT-03")]
public sealed class noting_a_bounce
{
    private static readonly DeliveryEvent.Attempted First = new(1, Some.Now);
    private static readonly DeliveryEvent.Bounced Back = new("There is no such mailbox (5.1.1)", IsHard: true, Some.Now);
    private static readonly RecordBounce.Command Command = new(Back.Reason, Back.IsHard, Some.Now);

    [Fact]
    public void says_so_of_what_went_out_also_before_its_outcome_is_noted()
    {
        foreach (var before in (DeliveryEvent[][])[[new DeliveryEvent.Sent(1, Some.Now)], [], [new DeliveryEvent.Postponed(1, "Lost.", Some.Now, Some.Now)]])
            RecordBounce.Decide(Some.Delivery([Some.Message(), First, .. before]), Command).Events.ShouldBe([Back]);
    }

    [Fact]
    public void says_nothing_a_second_time_nor_of_what_never_went_out()
    {
        RecordBounce.Decide(Some.Delivery(Some.Message(), First, Back), Command with { IsHard = false }).Events.ShouldBeEmpty();
        RecordBounce.Decide(Some.Delivery(Some.Message()), Command).Events.ShouldBeEmpty();
        RecordBounce.Decide(Delivery.Initial, Command).Events.ShouldBeEmpty();
        foreach (var end in (DeliveryEvent[])[new DeliveryEvent.Failed("", Some.Now), new DeliveryEvent.Cancelled("", Some.Now)])
            RecordBounce.Decide(Some.Delivery(Some.Message(), First, end), Command).Events.ShouldBeEmpty();
    }

    [Fact]
    public void an_outcome_that_is_noted_late_does_not_make_it_sent_and_nobody_tries_again()
    {
        var bounced = Some.Delivery(Some.Message(), First, Back);
        RecordOutcome.Decide(bounced, new(1, new Handover.Accepted(), Some.Now)).Events.ShouldBeEmpty();
        AttemptDelivery.Decide(bounced, Some.Now.AddDays(1)).Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("5.1.1", true, "There is no such mailbox (5.1.1)")]
    [InlineData("4.2.2", false, "The mailbox is full (4.2.2)")]
    [InlineData("5.7.26", true, "The recipient's mail server does not want mail like this (5.7.26)")]
    [InlineData("4.4.7", false, "The mail could not be delivered in time (4.4.7)")]
    [InlineData("5.0.0", true, "The mail came back (5.0.0)")]
    public void the_code_is_told_in_our_words(string status, bool hard, string reason)
    {
        var report = new DeliveryReport([], status);
        (report.IsHard, report.Reason).ShouldBe((hard, reason));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: multipart/report")]
    [InlineData("Content-Type: multipart/report; boundary=b\n\n--b\n\n--b")]
    [InlineData("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n")]
    [InlineData("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n????")]
    [InlineData("Content-Type: text/plain; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n")]
    [Trait("Feature", "SEC-04")]
    public void what_is_no_report_of_a_failure_is_none(string mail) => DeliveryReport.Read(mail).ShouldBeNull();

    [Fact]
    public void a_report_is_read_whatever_its_form()
    {
        var fields = Convert.ToBase64String("Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nACTION: Failed\r\nstatus: nonsense <a@b.example>\r\n"u8);
        var report = DeliveryReport.Read(
            $"To: x\r\nCONTENT-TYPE: Multipart/Report;\r\n BOUNDARY=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: BASE64\r\n\r\n{fields}\r\n"
            + "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-Id:\r\n <id@hub.example>\r\nSubject: s\r\n\r\nbody\r\n--b--\r\n")!;
        report.Status.ShouldBe("5.0.0");
        report.References.ShouldContain("<id@hub.example>");
    }
}
