using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using InviteHub.Notifications.Templates;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Sending;

/// <summary>Makes the mail of a delivery, its link included: the one place where the link's secret exists, and only while it is sent (NOT-04).</summary>
internal sealed class MailComposer(MailSettings settings, LinkTokens links)
{
    /// <summary>The mail, or null when the address can't be written to.</summary>
    public MailMessage? Compose(Guid deliveryId, DeliveryEvent.Queued message)
    {
        if (!MailAddress.TryCreate(message.Email, out var to))
            return null;
        var link = $"{settings.PublicUrl}/registrations/{links.ForInvitation(message.InvitationId, message.Generation)}";
        var letter = Invitation.Write(new(
            message.Language, message.Way, message.FirstName, message.InvitedByName, message.OrganizationName, message.AppName, message.RoleName,
            link, message.ExpiresAt));

        var mail = new MailMessage(settings.From, new MailAddress(to.Address))
        {
            Subject = letter.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        // The same for every attempt: should a mail go out twice since its server's answer was lost, mailboxes can tell.
        mail.Headers.Add("Message-ID", $"<{deliveryId:N}@{settings.From.Host}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("Content-Language", letter.Language);
        mail.AlternateViews.Add(Part(letter.Text, MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(Part(letter.Html, MediaTypeNames.Text.Html));
        return mail;
    }

    private static AlternateView Part(string text, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.Base64;
        return view;
    }
}
