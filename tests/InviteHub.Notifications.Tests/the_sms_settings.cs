using InviteHub.Notifications.Features;
using InviteHub.Notifications.Sending;
using Microsoft.Extensions.Configuration;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-01")]
public sealed class the_sms_settings
{
    private static readonly (string, string?)[] Webhook =
        [("Provider", "webhook"), ("Url", "https://sms.example/send"), ("Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];

    private static readonly (string, string?)[] Twilio = [("Provider", "twilio"), ("AccountSid", "AC1"), ("AuthToken", "hush-hush"), ("From", "+4670000000")];

    [Fact]
    public async Task say_who_sends()
    {
        Read(Webhook).ShouldBeOfType<WebhookSms>();
        Read(Twilio).ShouldBeOfType<TwilioSms>();
        Read([.. Webhook, ("Url", "http://127.0.0.1:1080/")]).ShouldBeOfType<WebhookSms>();
        (await Read().Send(new(Some.NewId(), "+46700000000", "x"), CancellationToken.None)).ShouldBeOfType<Handover.Never>();
    }

    [Theory]
    [InlineData("Provider", "carrier-pigeon")]
    [InlineData("Url", null)]
    [InlineData("Url", "http://sms.example/send")]
    [InlineData("Url", "https://user:password@sms.example/send")]
    [InlineData("Secret", null)]
    [InlineData("Secret", "hush-hush")]
    [InlineData("Timeout", "00:01:00")]
    public void of_a_webhook_that_make_no_sense_are_said_at_the_start(string key, string? value) =>
        Should.Throw<InvalidOperationException>(() => Read([.. Webhook, (key, value)])).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain($"Sms:{key}"),
            message => message.ShouldNotContain("hush-hush"),
            message => message.ShouldNotContain("password@"));

    [Theory]
    [InlineData("AccountSid")]
    [InlineData("AuthToken")]
    [InlineData("From")]
    public void of_twilio_s_kind_are_all_needed(string key) =>
        Should.Throw<InvalidOperationException>(() => Read([.. Twilio, (key, null)])).Message.ShouldContain($"Sms:{key}");

    [Theory]
    [InlineData(200, typeof(Handover.Accepted))]
    [InlineData(302, typeof(Handover.NotNow))]
    [InlineData(400, typeof(Handover.Never))]
    [InlineData(401, typeof(Handover.NotNow))]
    [InlineData(404, typeof(Handover.NotNow))]
    [InlineData(422, typeof(Handover.Never))]
    [InlineData(429, typeof(Handover.NotNow))]
    [InlineData(503, typeof(Handover.NotNow))]
    public void an_answer_says_whether_to_try_again(int status, Type outcome) => HttpSms.Meaning(status, code: null).ShouldBeOfType(outcome);

    private static ISmsTransport Read(params (string Key, string? Value)[] given)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (key, value) in given)
            settings[$"Sms:{key}"] = value;
        return SmsProvider.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), TimeProvider.System);
    }
}
