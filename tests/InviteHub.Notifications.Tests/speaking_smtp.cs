using System.Net;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using InviteHub.Notifications.Features;
using InviteHub.Notifications.Sending;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-01")]
public sealed class speaking_smtp
{
    [Fact]
    public async Task mail_goes_over_tls_to_a_server_whose_certificate_is_trusted_and_not_in_clear_to_another()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var smtp = new ScriptedSmtp(certificate);
        using var transport = Transport(smtp, tls: true);

        (await Send(transport, "ada@example.com")).ShouldBeOfType<Handover.NotNow>();
        smtp.Received.ShouldBeEmpty();

        await Trusting(certificate, async () => (await Send(transport, "ada@example.com")).ShouldBeOfType<Handover.Accepted>());
        smtp.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task where_tls_is_demanded_a_server_without_it_gets_nothing()
    {
        using var smtp = new ScriptedSmtp();
        using var transport = Transport(smtp, tls: true);

        (await Send(transport, "ada@example.com")).ShouldBeOfType<Handover.NotNow>();
        smtp.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task one_domain_has_no_more_than_its_share_under_way_and_others_go_on()
    {
        using var smtp = new ScriptedSmtp();
        using var transport = Transport(smtp, perDomain: 2);
        for (var n = 0; n < 3; n++)
            smtp.For[$"{n}@SLOW.example"] = Does.Hangs;

        var slow = Enumerable.Range(0, 3).Select(n => Send(transport, $"{n}@SLOW.example")).ToArray();
        (await smtp.Hanging.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        (await smtp.Hanging.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        (await Send(transport, "ada@quick.example")).ShouldBeOfType<Handover.Accepted>();
        (await Send(transport, "ada@slow.example", urgent: true)).ShouldBeOfType<Handover.Accepted>();
        smtp.Hanging.CurrentCount.ShouldBe(0);

        // The third had no turn in its time.
        (await Task.WhenAll(slow)).ShouldAllBe(outcome => outcome is Handover.NotNow);
    }

    private static SmtpTransport Transport(ScriptedSmtp smtp, bool tls = false, int perDomain = 4) => new(
        new("127.0.0.1", smtp.Port, tls, Credentials: null, new("no-reply@hub.example"), "https://hub.example", TimeSpan.FromSeconds(3), perDomain),
        TimeProvider.System);

    private static async Task<Handover> Send(SmtpTransport transport, string to, bool urgent = false)
    {
        using var mail = new MailMessage("no-reply@hub.example", to, "Subject", "Text");
        return await transport.Send(mail, urgent, CancellationToken.None);
    }

    /// <summary>Trusts one certificate more, as an operator does who puts it among the machine's.</summary>
    private static async Task Trusting(X509Certificate2 certificate, Func<Task> act)
    {
#pragma warning disable SYSLIB0014, MA0039 // It is the only way to tell SmtpClient whom to trust, but for the machine's own store.
        ServicePointManager.ServerCertificateValidationCallback = (_, given, _, _) => given?.GetCertHashString() == certificate.GetCertHashString();
        try
        {
            await act();
        }
        finally
        {
            ServicePointManager.ServerCertificateValidationCallback = null;
        }
#pragma warning restore SYSLIB0014, MA0039
    }
}
