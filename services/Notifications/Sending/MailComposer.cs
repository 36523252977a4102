using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using InviteHub.Contracts;
using InviteHub.Notifications.Bounces;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.ReadModels;
using InviteHub.Notifications.Templates;
using InviteHub.ServiceDefaults;

namespace InviteHub.Notifications.Sending;

/// <summary>Makes the mail or text of a delivery, its link or code included: the one place where that secret exists, and only while it is sent (NOT-04).</summary>
internal sealed class MailComposer(MailSettings settings, LinkTokens links, MailReference references, BounceSettings bounces)
{
    /// <summary>What a message says to somebody, or null when this version has no words for its kind.</summary>
    public Letter? Write(IMessage message, Recipient to, Brand brand) => message switch
    {
        DeliveryEvent.Queued e => Invitation.Write(new(
            to.Language, e.Way, to.FirstName, InviterOf(e), e.OrganizationName, e.AppName, e.RoleName,
            LinkOf(e), e.ExpiresAt, e.Username, e.Kind == QueueInvitation.Reminder, PasswordOf(e.OneTimePasswordId)), brand),
        DeliveryEvent.NoticeQueued e => Notice.Write(new(
            e.Kind, to.Language, to.FirstName, e.Facts, LinkOf(e), e.Kind == NoticeKind.TwoFactorCode ? links.CodeForNotice(e.NoticeId) : null, e.ExpiresAt), brand),
        _ => throw new InvalidOperationException($"{message.GetType()} is no message"),
    };

    /// <summary>What a text message says.</summary>
    public string Write(DeliveryEvent.SmsQueued e, Brand brand) =>
        InvitationText.Write(new(e.Language, e.Way, InviterOf(e), e.OrganizationName, e.AppName, LinkOf(e), e.ExpiresAt, e.Username, PasswordOf(e.OneTimePasswordId)), brand);

    /// <summary>The mail, or null when the address can't be written to.</summary>
    public MailMessage? Compose(Guid deliveryId, Letter letter, Recipient recipient)
    {
        if (!MailAddress.TryCreate(recipient.Email, out var to))
            return null;

        var mail = new MailMessage(settings.From, new MailAddress(to.Address))
        {
            Subject = letter.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        // The same for every attempt: should a mail go out twice since its server's answer was lost, mailboxes can tell.
        var reference = references.Of(deliveryId);
        mail.Headers.Add("Message-ID", $"<{reference}@{settings.From.Host}>");
        // Where it goes when it comes back.
        if (bounces.Address is { } address)
            mail.Sender = new MailAddress($"{address.User}+{reference}@{address.Host}");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("Content-Language", letter.Language);
        mail.AlternateViews.Add(Part(letter.Text, MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(Part(letter.Html, MediaTypeNames.Text.Html));
        return mail;
    }

    private static string? InviterOf(IInvitationMessage message) => message.Inviter;

    private string? PasswordOf(Guid? id) => id is { } made ? links.OneTimePassword(made) : null;

    private string LinkOf(IInvitationMessage invitation) => invitation is DeliveryEvent.Queued { OneTimePasswordId: not null } or DeliveryEvent.SmsQueued { OneTimePasswordId: not null }
        ? settings.PublicUrl
        : $"{settings.PublicUrl}/registrations/{links.ForInvitation(invitation.InvitationId, invitation.Generation)}";

    private string LinkOf(DeliveryEvent.NoticeQueued notice) => notice.Kind switch
    {
        NoticeKind.PasswordReset => $"{settings.PublicUrl}/password-reset/{links.ForNotice(notice.NoticeId)}",
        NoticeKind.EmailVerification => $"{settings.PublicUrl}/verify-email/{links.ForNotice(notice.NoticeId)}",
        _ => settings.PublicUrl,
    };

    private static AlternateView Part(string text, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.Base64;
        return view;
    }
}
