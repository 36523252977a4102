using System.Net.Mail;

namespace InviteHub.Notifications.Bounces;

/// <summary>How we hear of mail that comes back, by the settings under <c>Bounces</c>; checked when the service starts.</summary>
/// <param name="Address">Where mail servers send reports to, or null for the sender's own address.</param>
/// <param name="Maildir">The folder that a mail server puts them into, if one does.</param>
/// <param name="Secret">What requests that bring them are signed with, if any do.</param>
internal sealed record BounceSettings(MailAddress? Address, string? Maildir, ReadOnlyMemory<byte>? Secret)
{
    private const int LongestBeforeAt = 64 - 49;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting makes no sense; the message says which and how it should look, and quotes no secret.</exception>
    public static BounceSettings Read(IConfiguration configuration)
    {
        MailAddress? address = null;
        if (configuration["Bounces:Address"] is { Length: > 0 } given
            && (!MailAddress.TryCreate(given, out address) || address.User.Length > LongestBeforeAt || address.User.Contains('+', StringComparison.Ordinal)))
        {
            throw new InvalidOperationException(
                $"Bounces:Address is not an address such as bounces@example.com, with at most {LongestBeforeAt} characters before the @: each mail gets bounces+…@example.com");
        }

        var maildir = configuration["Bounces:Maildir"] is { Length: > 0 } folder ? folder : null;
        if (maildir is not null && !(Directory.Exists(Path.Combine(maildir, "new")) && Directory.Exists(Path.Combine(maildir, "cur"))))
            throw new InvalidOperationException("Bounces:Maildir is no Maildir: the folders new and cur are not in it");
        byte[]? secret = null;
        if (configuration["Bounces:Secret"] is { Length: > 0 } text && !StandardWebhook.TryReadSecret(text, out secret))
            throw new InvalidOperationException("Bounces:Secret is not whsec_ and 24 to 64 bytes in Base64: what requests that bring bounces are signed with");
        return new(address, maildir, secret is null ? null : (ReadOnlyMemory<byte>?)secret);
    }
}
