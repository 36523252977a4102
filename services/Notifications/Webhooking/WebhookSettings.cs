using System.Net;

namespace InviteHub.Notifications.Webhooking;

/// <summary>How other systems are told, by the settings under <c>Webhooks</c>; checked when the service starts.</summary>
/// <param name="AllowsPrivateAddresses">Whether webhooks may lead into the own network: for development alone.</param>
/// <param name="Timeout">How long one request may take.</param>
internal sealed record WebhookSettings(bool AllowsPrivateAddresses, TimeSpan Timeout)
{
    private const int LongestUrl = 2000;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(30);

    // What is not on the public Internet (RFC 6890); an address in IPv6 that is none of 2000::/3 is not either.
    private static readonly IPNetwork[] Reserved =
    [
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16"])
            .Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting makes no sense; the message says which and how it should look.</exception>
    public static WebhookSettings Read(IConfiguration configuration)
    {
        var timeout = configuration.GetValue("Webhooks:Timeout", TimeSpan.FromSeconds(15));
        if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
            throw new InvalidOperationException($"Webhooks:Timeout must be more than nothing and at most {LongestTimeout}: how long another system may take to answer");
        return new(configuration.GetValue("Webhooks:AllowPrivateAddresses", defaultValue: false), timeout);
    }

    /// <summary>Whether an address is one that requests may go to.</summary>
    public bool Allows(IPAddress given)
    {
        var address = given.IsIPv4MappedToIPv6 ? given.MapToIPv4() : given;
        return AllowsPrivateAddresses
            || (!Reserved.Any(network => network.Contains(address))
                && (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || GlobalUnicast.Contains(address)));
    }

    /// <summary>Why an address can't be a webhook's, or null. What its name leads to is looked at whenever it is connected to.</summary>
    public string? WhyNot(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && text.Length <= LongestUrl ? url switch
    {
        { UserInfo.Length: > 0 } => "Leave name and password out of the address: requests are signed instead.",
        { Fragment.Length: > 0 } => "Leave out what stands behind the #.",
        { Scheme: "http", IsLoopback: true } when AllowsPrivateAddresses => null,
        { Scheme: not "https" } => "The address must begin with https://.",
        _ when !AllowsPrivateAddresses && (url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && !Allows(address))) =>
            "The address must be one on the public Internet.",
        _ => null,
    }
    : $"Give an https address of at most {LongestUrl} characters.";
}
