namespace InviteHub.Notifications.Sending;

/// <summary>Who sends text messages for us, by the settings under <c>Sms</c>; checked when the service starts.</summary>
internal static class SmsProvider
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(50);

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or makes no sense; the message says which and how it should look, and quotes no secret.</exception>
    public static ISmsTransport Read(IConfiguration configuration, TimeProvider clock)
    {
        var timeout = configuration.GetValue("Sms:Timeout", TimeSpan.FromSeconds(20));
        if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
            throw new InvalidOperationException($"Sms:Timeout must be more than nothing and at most {LongestTimeout}: after a minute another worker takes a message over");
        return configuration["Sms:Provider"] switch
        {
            null or "" => new NoSms(),
            "webhook" => new WebhookSms(
                Address(configuration, null),
                StandardWebhook.TryReadSecret(configuration["Sms:Secret"], out var secret)
                    ? secret
                    : throw new InvalidOperationException("Sms:Secret is missing or is not whsec_ and 24 to 64 bytes in Base64: what requests to the provider are signed with"),
                timeout, clock),
            "twilio" => new TwilioSms(
                Address(configuration, "https://api.twilio.com"),
                Given(configuration, "Sms:AccountSid", "the account's id at the provider, such as AC0123"),
                Given(configuration, "Sms:AuthToken", "the account's secret at the provider"),
                Given(configuration, "Sms:From", "the number or the messaging service that messages come from, such as +46700000000"),
                timeout),
            _ => throw new InvalidOperationException("Sms:Provider is neither webhook nor twilio; leave it out where no text messages are sent"),
        };
    }

    private static string Given(IConfiguration configuration, string key, string what) => configuration[key] is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{key} is missing: {what}");

    private static Uri Address(IConfiguration configuration, string? otherwise) =>
        Uri.TryCreate(configuration["Sms:Url"] ?? otherwise, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)) && url.UserInfo.Length == 0
            ? url
            : throw new InvalidOperationException("Sms:Url is missing or is not the https address of the provider; plain http goes to this machine alone, and a password has its own setting");
}
