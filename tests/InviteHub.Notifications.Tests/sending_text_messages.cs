using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using InviteHub.Contracts.Invitations;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.Sending;
using InviteHub.Notifications.Templates;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-01")]
[Trait("Feature", "NOT-03")]
[Collection(NotificationsService.Collection)]
public sealed class sending_text_messages(NotificationsService service) : IAsyncLifetime
{
    private static int _people;
    private readonly string _phone = $"+467000{Interlocked.Increment(ref _people):D5}";

    public Task InitializeAsync()
    {
        service.Sms.Script.Clear();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task an_invitation_by_sms_becomes_one_signed_request_with_its_link()
    {
        var opened = Opened();

        await service.Publish(opened);
        await Becomes(opened, DeliveryStatus.Sent);

        var request = Requests().Single();
        var id = IdOf(opened);
        request.IsSigned(NotificationsService.SmsSecret, service.Clock.GetUtcNow()).ShouldBeTrue();
        request.Headers["webhook-id"].ShouldBe($"{id}");
        request.Headers["Idempotency-Key"].ShouldBe($"{id}");
        request.Headers.Keys.ShouldNotContain("traceparent");
        var data = JsonNode.Parse(request.Body)!["data"]!;
        ((string)data["to"]!).ShouldBe(_phone);
        ((string)data["text"]!).ShouldBe(
            $"Grace Hopper invites you to Payroll at Acme.\n{LinkOf(opened)}\nValid until 1 January 2031 at 09:00 UTC.");
        service.MailsTo(opened.Email).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-14")]
    public async Task an_invitation_to_an_account_carries_username_and_one_time_password_instead_of_a_link()
    {
        var opened = Opened() with { Way = "account", Username = "asa", OneTimePasswordId = Some.NewId(), InvitedByName = null, Language = "sv" };

        await service.Publish(opened);
        await Becomes(opened, DeliveryStatus.Sent);

        var password = service.Services.GetRequiredService<LinkTokens>().OneTimePassword(opened.OneTimePasswordId.Value);
        ((string)JsonNode.Parse(Requests().Single().Body)!["data"]!["text"]!).ShouldBe(
            $"Du är inbjuden till Acme.\nhttps://hub.example\nAnvändarnamn: asa\nEngångslösenord: {password}\nGäller till 1 januari 2031 kl. 09.00 UTC.");
    }

    [Fact]
    public async Task whatever_is_redelivered_and_however_many_work_there_is_one_message_for_each_cause()
    {
        using var second = ActivatorUtilities.CreateInstance<Sender>(service.Services);
        await second.StartAsync(CancellationToken.None);
        var opened = Opened();
        var id = Some.NewId();

        await Task.WhenAll(service.Publish(opened, id), service.Publish(opened, id), service.Publish(opened), service.Publish(opened));
        await Becomes(opened, DeliveryStatus.Sent);
        await service.Publish(opened);
        var marker = Opened() with { Phone = "+46709999999" };
        await service.Publish(marker);
        await Becomes(marker, DeliveryStatus.Sent);
        await second.StopAsync(CancellationToken.None);

        Requests().Count().ShouldBe(1);
    }

    [Fact]
    public async Task one_that_was_not_taken_is_tried_again_under_the_same_id()
    {
        service.Sms.Script.Enqueue((503, ""));
        var opened = Opened();

        await service.Publish(opened);
        await Eventually.Is(async () => await DeliveryOf(opened) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is postponed");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Becomes(opened, DeliveryStatus.Sent);

        Requests().Select(r => r.Headers["webhook-id"]).ShouldBe([$"{IdOf(opened)}", $"{IdOf(opened)}"]);
    }

    [Fact]
    [Trait("Feature", "SEC-03")]
    public async Task a_refusal_is_told_without_the_number_that_the_provider_quotes()
    {
        service.Sms.Script.Enqueue((400, $$"""{"code": 21211, "message": "The 'To' number {{_phone}} is not a valid phone number."}"""));
        var opened = Opened();

        await service.Publish(opened);
        await Becomes(opened, DeliveryStatus.Failed);

        var events = await service.Store.OpenSession().FetchStream(Delivery.Stream(Some.Organization, IdOf(opened)));
        ((DeliveryEvent.Failed)events[^1].Data).Reason.ShouldBe("The SMS provider refused it (400, code 21211).");
    }

    [Fact]
    [Trait("Feature", "NOT-04")]
    [Trait("Feature", "SEC-03")]
    public async Task neither_number_nor_link_nor_secret_stands_anywhere_in_clear()
    {
        var opened = Opened() with { InvitedByName = "Canarysms" };

        await service.Publish(opened);
        await Becomes(opened, DeliveryStatus.Sent);

        var secret = Convert.ToBase64String(NotificationsService.SmsSecret);
        foreach (var canary in new[] { _phone, "Canarysms", LinkOf(opened)[^43..], secret })
        {
            (await service.Database.RowsWith(canary)).ShouldBeEmpty();
            service.Logged.ShouldNotContain(line => line.Contains(canary, StringComparison.OrdinalIgnoreCase));
        }

        Requests().Single().Body.ShouldContain("Canarysms");
    }

    [Fact]
    public async Task a_withdrawal_stops_what_was_not_sent()
    {
        service.Sms.Script.Enqueue((503, ""));
        var opened = Opened();
        await service.Publish(opened);
        await Eventually.Is(async () => await DeliveryOf(opened) is { Status: DeliveryStatus.Queued, Attempts: 1 }, "it is postponed");

        await service.Publish(new InvitationWithdrawn(opened.InvitationId, opened.OrganizationId, "revoked", By: null));

        await Becomes(opened, DeliveryStatus.Cancelled);
    }

    [Fact]
    public async Task twilio_gets_a_form_under_the_account_s_name_and_password()
    {
        using var twilio = new TwilioSms(service.Sms.Address, "AC0123", "the token", "+46700000001", TimeSpan.FromSeconds(20));
        service.Sms.Script.Enqueue((201, """{"sid": "SM1", "status": "queued"}"""));

        (await twilio.Send(new(Some.NewId(), _phone, "Hej å\nhttps://hub.example/x?a=1&b=2"), CancellationToken.None)).ShouldBeOfType<Handover.Accepted>();

        var request = service.Sms.Received.Single(r => r.Body.Contains(_phone[1..], StringComparison.Ordinal));
        (request.Method, request.Path).ShouldBe(("POST", "/2010-04-01/Accounts/AC0123/Messages.json"));
        request.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("AC0123:the token")));
        var form = HttpUtility.ParseQueryString(request.Body);
        (form["To"], form["From"], form["Body"]).ShouldBe((_phone, "+46700000001", "Hej å\nhttps://hub.example/x?a=1&b=2"));
    }

    [Fact]
    public async Task a_provider_that_is_not_there_or_says_nothing_is_asked_again_later()
    {
        using var gone = new TwilioSms(new Uri("http://127.0.0.1:9"), "AC1", "t", "MG1", TimeSpan.FromSeconds(20));
        (await gone.Send(new(Some.NewId(), _phone, "x"), CancellationToken.None)).ShouldBeOfType<Handover.NotNow>();
        service.Sms.For["/2010-04-01/Accounts/SILENT/Messages.json"] = -1;
        using var silent = new TwilioSms(service.Sms.Address, "SILENT", "t", "MG1", TimeSpan.FromMilliseconds(300));
        (await silent.Send(new(Some.NewId(), _phone, "x"), CancellationToken.None)).ShouldBe(new Handover.NotNow("The SMS provider did not answer in time."));
    }

    [Theory]
    [InlineData("en", "customer", null, "You are invited to Acme.")]
    [InlineData("sv", "customer", null, "Du är inbjuden till Acme.")]
    [InlineData("sv", "access", "Åsa\r\nÖberg \u202E", "Åsa Öberg bjuder in dig till Payroll hos Acme.")]
    public void is_short_and_in_its_language(string language, string way, string? inviter, string says)
    {
        var text = InvitationText.Write(new(language, way, inviter, "Acme", "Payroll", "https://hub.example/registrations/t", Some.Now), Brand.None);
        text.Split('\n')[..2].ShouldBe([says, "https://hub.example/registrations/t"]);
        InvitationText.Write(new(language, way, inviter, "Acme", "Payroll", "l", Some.Now), Brand.None with { Name = "Acme & Co" }).ShouldContain("Acme & Co");
        InvitationText.Write(new(language, way, new('x', 500), new('y', 500), new('z', 500), "l", Some.Now), Brand.None).Length.ShouldBeLessThan(300);
    }

    private IEnumerable<ScriptedHttp.Request> Requests() => service.Sms.Received.Where(r => r.Body.Contains(_phone[1..], StringComparison.Ordinal));

    private InvitationOpened Opened() => Some.Opened($"{Some.NewId():N}@example.com", invitedBy: "Grace Hopper") with { Channel = "sms", Phone = _phone };

    private string LinkOf(InvitationOpened opened) =>
        "https://hub.example/registrations/" + service.Services.GetRequiredService<LinkTokens>().ForInvitation(opened.InvitationId, 1);

    private static Guid IdOf(InvitationOpened opened) => Delivery.IdFor(opened.InvitationId, 1, "invitation", "sms");

    private Task<Delivery?> DeliveryOf(InvitationOpened opened) =>
        service.Store.OpenSession().AggregateStream<Delivery, DeliveryEvent>(Delivery.Stream(Some.Organization, IdOf(opened)));

    private Task Becomes(InvitationOpened opened, DeliveryStatus status) =>
        Eventually.Is(async () => (await DeliveryOf(opened))?.Status == status, $"the delivery is {status}");
}
