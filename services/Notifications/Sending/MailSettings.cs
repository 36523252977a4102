using System.Net;
using System.Net.Mail;

namespace InviteHub.Notifications.Sending;

/// <summary>Where mail goes and what its links lead to; checked when the service starts.</summary>
/// <param name="Host">The mail server.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">Whether the connection must be encrypted, by STARTTLS.</param>
/// <param name="Credentials">Who we are to it, or null.</param>
/// <param name="From">The sender that mails name.</param>
/// <param name="PublicUrl">What links begin with, without a slash at the end.</param>
/// <param name="Timeout">How long handing one mail over may take.</param>
/// <param name="PerDomain">How many mails to addresses of one domain may be under way at once, but urgent ones.</param>
internal sealed record MailSettings(
    string Host, int Port, bool Tls, NetworkCredential? Credentials, MailAddress From, string PublicUrl, TimeSpan Timeout, int PerDomain)
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(50);

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or makes no sense; the message says which and how it should look.</exception>
    public static MailSettings Read(IConfiguration configuration)
    {
        var given = configuration["Smtp:Url"];
        if (!Uri.TryCreate(given, UriKind.Absolute, out var url) || url.Scheme is not ("smtp" or "smtps") || url.Host.Length == 0)
            throw new InvalidOperationException("Smtp:Url is missing or is not smtp://host:port or smtps://user:password@host:port");
        var tls = url.Scheme == "smtps";
        var port = url.Port > 0 ? url.Port : tls ? 587 : 25;
        if (port == 465)
            throw new InvalidOperationException("Smtp:Url names port 465, where TLS begins without STARTTLS; use the server's submission port, usually 587");
        var credentials = url.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password]
            ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : null;
        if (credentials is not null && !tls && !url.IsLoopback)
            throw new InvalidOperationException("Smtp:Url would send its password unencrypted; use smtps://");
        if (!Uri.TryCreate(configuration["PublicUrl"], UriKind.Absolute, out var publicUrl) || publicUrl.Scheme is not ("http" or "https"))
            throw new InvalidOperationException("PublicUrl is missing or is not the http(s) address under which people reach the gateway");
        if (!MailAddress.TryCreate(configuration["Smtp:From"] ?? $"InviteHub <no-reply@{publicUrl.Host}>", out var from))
            throw new InvalidOperationException("Smtp:From is not an address such as \"InviteHub <no-reply@example.com>\"");
        var timeout = configuration.GetValue("Smtp:Timeout", TimeSpan.FromSeconds(30));
        if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
            throw new InvalidOperationException($"Smtp:Timeout must be more than nothing and at most {LongestTimeout}: after a minute another worker takes a mail over");
        var perDomain = configuration.GetValue("Smtp:PerDomain", 4);
        if (perDomain < 1)
            throw new InvalidOperationException("Smtp:PerDomain must be at least 1: it is how many mails to one domain go out at once");
        return new(url.Host, port, tls, credentials, from, publicUrl.ToString().TrimEnd('/'), timeout, perDomain);
    }
}
