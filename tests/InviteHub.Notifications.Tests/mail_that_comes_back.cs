using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using InviteHub.Contracts.Invitations;
using InviteHub.Contracts.Notifications;
using InviteHub.Notifications.Bounces;
using InviteHub.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-03")]
[Collection(NotificationsService.Collection)]
public sealed class mail_that_comes_back(NotificationsService service) : IAsyncLifetime
{
    private static int _people;
    private readonly string _email = $"back{Interlocked.Increment(ref _people)}@example.com";

    public Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("Feature", "INV-27")]
    public async Task becomes_bounced_with_the_reason_and_others_hear_of_it_once()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<InvitationDeliveryChanged>();
        var endpoint = service.Services.GetRequiredService<IBus>().ShouldBeAssignableTo<IReceiveConnector>()!
            .ConnectReceiveEndpoint($"test-{Some.NewId()}", e => e.Handler<InvitationDeliveryChanged>(context =>
            {
                heard.Enqueue(context.Message);
                return Task.CompletedTask;
            }));
        await endpoint.Ready;
        var (opened, mail) = await Sent();

        // Twice at once, and late once more with another reason.
        var report = Report(mail, "5.1.1", _email);
        var answers = await Task.WhenAll(Post(report), Post(report));
        await service.Becomes(opened.InvitationId, DeliveryStatus.Bounced);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Post(Report(mail, "4.2.2", _email))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.NoContent);
        var bounced = (await service.Store.OpenSession().FetchStream(StreamOf(opened))).Select(e => e.Data).OfType<DeliveryEvent.Bounced>().Single();
        (bounced.Reason, bounced.IsHard).ShouldBe(("There is no such mailbox (5.1.1)", true));
        await Eventually.Is(() => heard.Any(h => h.InvitationId == opened.InvitationId && h.Status == "bounced"), "it is heard");
        heard.Single(h => h.InvitationId == opened.InvitationId && h.Status == "bounced").Error.ShouldBe("There is no such mailbox (5.1.1)");
        await endpoint.StopAsync();
    }

    [Fact]
    public async Task is_known_by_the_address_that_it_came_back_to_also_when_nothing_of_the_mail_is_in_the_report()
    {
        var (opened, mail) = await Sent();
        var sender = mail.Header("Sender");
        sender.ShouldMatch("^bounces\\+[0-9a-f]{48}@hub.example$");
        sender.ShouldNotContain(opened.InvitationId.ToString("N"));

        (await Post(Report(mail, "4.2.2", _email, returned: "", to: sender.ToUpperInvariant()))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await service.Becomes(opened.InvitationId, DeliveryStatus.Bounced);
        var events = await service.Store.OpenSession().FetchStream(StreamOf(opened));
        events[^1].Data.ShouldBeOfType<DeliveryEvent.Bounced>().IsHard.ShouldBeFalse();
    }

    [Fact]
    public async Task may_be_told_by_message_id_and_code_alone()
    {
        var (opened, mail) = await Sent();

        (await Post(JsonContent(new { messageId = mail.MessageId, status = "5.7.1" }))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await service.Becomes(opened.InvitationId, DeliveryStatus.Bounced);
    }

    [Fact]
    [Trait("Feature", "SEC-04")]
    public async Task that_is_forged_unknown_or_no_report_changes_nothing()
    {
        var (opened, mail) = await Sent();
        var id = Delivery.IdFor(opened.InvitationId, 1, "invitation", "email");

        (await Post(Report(mail, "5.1.1", _email), secret: new byte[32])).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(Report(mail, "5.1.1", _email), at: service.Clock.GetUtcNow().AddMinutes(-6))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // Whoever knows the invitation can guess the delivery's id, and not what proves it.
        foreach (var reference in new[] { $"{id:N}", $"{id:N}0123456789abcdef", $"{Some.NewId():N}0123456789abcdef", "nothing", "" })
            (await Post(Report(mail, "5.1.1", _email, returned: $"Message-ID: <{reference}@hub.example>"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Post(Report(mail, "5.1.1", _email).Replace("Action: failed", "Action: delayed"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Post("Subject: hello\n\nI am on holiday\n")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Post(JsonContent(new { messageId = mail.MessageId, status = "out of office" }))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await service.Delivery(opened.InvitationId))!.Status.ShouldBe(DeliveryStatus.Sent);
    }

    [Fact]
    [Trait("Feature", "GDP-03")]
    public async Task is_read_from_a_maildir_by_however_many_and_then_gone_with_the_address_in_it()
    {
        var (opened, mail) = await Sent();
        var folder = Directory.CreateTempSubdirectory("invitehub-maildir-").FullName;
        foreach (var name in (string[])["tmp", "new", "cur"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        await File.WriteAllTextAsync(Path.Combine(folder, "new/1.mail"), "Subject: hello\n\nI am no report\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "tmp/2.mail"), Report(mail, "5.2.1", _email));
        File.Move(Path.Combine(folder, "tmp/2.mail"), Path.Combine(folder, "new/2.mail"));
        await File.WriteAllTextAsync(Path.Combine(folder, "new/3.mail"), Report(mail, "5.2.1", _email, returned: "Message-ID: <of@another.example>"));
        var readers = Enumerable.Range(0, 2).Select(_ => new MaildirReader(
            new(Address: null, folder, Secret: null), service.Services.GetRequiredService<MailReference>(), service.Store, service.Clock,
            NullLogger<MaildirReader>.Instance)).ToArray();

        foreach (var reader in readers)
            await reader.StartAsync(CancellationToken.None);
        await service.Becomes(opened.InvitationId, DeliveryStatus.Bounced);
        await Eventually.Is(() => Directory.GetFiles(Path.Combine(folder, "new")).Length == 0, "all are read");
        foreach (var reader in readers)
            await reader.StopAsync(CancellationToken.None);

        Directory.GetFiles(Path.Combine(folder, "cur")).Select(Path.GetFileName).Order().ShouldBe(["1.mail:2,S", "3.mail:2,S"]);
        (await service.Store.OpenSession().FetchStream(StreamOf(opened))).Count(e => e.Data is DeliveryEvent.Bounced).ShouldBe(1);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task leaves_the_address_nowhere_in_clear()
    {
        var (opened, mail) = await Sent();

        await Post(Report(mail, "5.1.1", _email));
        await service.Becomes(opened.InvitationId, DeliveryStatus.Bounced);

        (await service.Database.RowsWith(_email)).ShouldBeEmpty();
        service.Logged.ShouldNotContain(line => line.Contains(_email, StringComparison.OrdinalIgnoreCase));
        service.Logged.ShouldNotContain(line => line.Contains(Convert.ToBase64String(NotificationsService.BounceSecret), StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Feature", "INV-15")]
    [InlineData("Ada@gmial.com", true, "Ada@gmail.com")]
    [InlineData("ada@gmail.com", true, null)]
    [InlineData("ada@", false, null)]
    public async Task can_be_kept_from_it_by_a_look_at_the_address_before(string email, bool valid, string? meant)
    {
        using var somebody = service.Client(new(Some.NewId(), Some.NewId(), "applicant"));
        using var answer = await somebody.PostAsJsonAsync("/api/v1/notifications/address-checks", new { email });
        var view = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        ((bool)view["valid"]!, (string?)view["likelyMeant"]).ShouldBe((valid, meant));
        ((string?)view["reason"] is null).ShouldBe(valid);
    }

    private async Task<(InvitationOpened Opened, ScriptedSmtp.Mail Mail)> Sent()
    {
        var opened = Some.Opened(_email);
        await service.Publish(opened);
        await service.Becomes(opened.InvitationId, DeliveryStatus.Sent);
        return (opened, service.MailsTo(_email).Single());
    }

    private static EventStore.StreamId StreamOf(InvitationOpened opened) =>
        Delivery.Stream(Some.Organization, Delivery.IdFor(opened.InvitationId, 1, "invitation", "email"));

    private Task<HttpResponseMessage> Post(string report, byte[]? secret = null, DateTimeOffset? at = null)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(report));
        content.Headers.ContentType = new MediaTypeHeaderValue("message/rfc822");
        return Post(content, secret, at);
    }

    private async Task<HttpResponseMessage> Post(ByteArrayContent content, byte[]? secret = null, DateTimeOffset? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/notifications/bounces") { Content = content };
        request.SignWith("msg_1", at ?? service.Clock.GetUtcNow(), await content.ReadAsByteArrayAsync(), secret ?? NotificationsService.BounceSecret);
        using var client = service.Client();
        return await client.SendAsync(request);
    }

    private static ByteArrayContent JsonContent(object value)
    {
        var content = new ByteArrayContent(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>A report as Postfix makes it.</summary>
    internal static string Report(ScriptedSmtp.Mail mail, string status, string address, string? returned = null, string to = "no-reply@hub.example") =>
        $"""
        Return-Path: <>
        From: MAILER-DAEMON@mx.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: {to}
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="4B6C2401E5.1514764800/mx.example"

        This is a MIME-encapsulated message.

        --4B6C2401E5.1514764800/mx.example
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        <{address}>: host mx.example said: 550 {status} <{address}>: Recipient address rejected

        --4B6C2401E5.1514764800/mx.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example
        Arrival-Date: Mon,  1 Jan 2018 00:00:00 +0000 (UTC)

        Final-Recipient: rfc822; {address}
        Original-Recipient: rfc822;{address}
        Action: failed
        Status: {status}
        Remote-MTA: dns; mx.example
        Diagnostic-Code: smtp; 550 {status} <{address}>: Recipient address rejected

        --4B6C2401E5.1514764800/mx.example
        Content-Description: Undelivered Message Headers
        Content-Type: text/rfc822-headers

        {returned ?? mail.Headers}

        --4B6C2401E5.1514764800/mx.example--
        """;
}
