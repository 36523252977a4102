using InviteHub.Notifications.Features;
using InviteHub.Notifications.Sending;
using Microsoft.Extensions.Configuration;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-01")]
public sealed class the_mail_settings
{
    [Fact]
    public void are_read_from_an_address()
    {
        var settings = Read("smtps://us%40er:p%3Ass@mail.example:2525");
        (settings.Host, settings.Port, settings.Tls).ShouldBe(("mail.example", 2525, true));
        (settings.Credentials!.UserName, settings.Credentials.Password).ShouldBe(("us@er", "p:ss"));
        (settings.From.Address, settings.From.DisplayName).ShouldBe(("no-reply@hub.example", "InviteHub"));
        settings.PublicUrl.ShouldBe("https://hub.example/base");

        Read("smtp://localhost", ("Smtp:From", null)).From.Address.ShouldBe("no-reply@hub.example");
        Read("smtp://localhost").Port.ShouldBe(25);
        Read("smtps://mail.example").Port.ShouldBe(587);
        Read("smtp://user:password@127.0.0.1:1025").Credentials.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(null, "Smtp:Url")]
    [InlineData("localhost:25", "Smtp:Url")]
    [InlineData("http://localhost", "Smtp:Url")]
    [InlineData("smtps://mail.example:465", "465")]
    [InlineData("smtp://user:password@mail.example", "smtps://")]
    public void that_make_no_sense_are_said_at_the_start(string? url, string names) =>
        Should.Throw<InvalidOperationException>(() => Read(url)).Message.ShouldContain(names);

    [Theory]
    [InlineData("Smtp:From", "nobody")]
    [InlineData("PublicUrl", "hub.example")]
    [InlineData("Smtp:Timeout", "00:01:00")]
    [InlineData("Smtp:PerDomain", "0")]
    public void each_of_them_is_checked(string key, string value) =>
        Should.Throw<InvalidOperationException>(() => Read("smtp://localhost", (key, value))).Message.ShouldContain(key);

    [Theory]
    [InlineData(421, typeof(Handover.NotNow))]
    [InlineData(450, typeof(Handover.NotNow))]
    [InlineData(530, typeof(Handover.NotNow))]
    [InlineData(535, typeof(Handover.NotNow))]
    [InlineData(550, typeof(Handover.Never))]
    [InlineData(554, typeof(Handover.Never))]
    [InlineData(-1, typeof(Handover.NotNow))]
    public void a_reply_s_code_says_whether_to_try_again(int code, Type outcome) => SmtpTransport.Meaning(code).ShouldBeOfType(outcome);

    private static MailSettings Read(string? url, params (string Key, string? Value)[] others)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Smtp:Url"] = url, ["Smtp:From"] = "InviteHub <no-reply@hub.example>", ["PublicUrl"] = "https://hub.example/base/",
        };
        foreach (var (key, value) in others)
            settings[key] = value;
        return MailSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
    }
}
