using System.Collections.Concurrent;
using System.Net.Mail;
using System.Threading.RateLimiting;
using InviteHub.Notifications.Features;

namespace InviteHub.Notifications.Sending;

/// <summary>Hands mail over.</summary>
internal interface IMailTransport
{
    /// <summary>Hands one mail over. An outcome is a value; the reason in it names no address and quotes no server.</summary>
    /// <param name="mail">The mail, to one address.</param>
    /// <param name="urgent">Whether it goes although many others go to the same domain.</param>
    /// <param name="ct">Ends it.</param>
    Task<Handover> Send(MailMessage mail, bool urgent, CancellationToken ct);
}

/// <summary>Over SMTP (RFC 5321). Connections are kept for the next mail and given up when idle, before the server does it.</summary>
internal sealed class SmtpTransport(MailSettings settings, TimeProvider clock) : IMailTransport, IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);
    private readonly ConcurrentBag<(SmtpClient Client, DateTimeOffset Since)> _idle = [];

    // A domain that gets many at once takes that for an attack, and slows all of them down or turns them away.
    private readonly PartitionedRateLimiter<string> _perDomain = PartitionedRateLimiter.Create<string, string>(domain =>
        RateLimitPartition.GetConcurrencyLimiter(domain, _ => new() { PermitLimit = settings.PerDomain, QueueLimit = int.MaxValue }));

    public async Task<Handover> Send(MailMessage mail, bool urgent, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        var domain = mail.To[0].Host.ToLowerInvariant();
        try
        {
            using var turn = urgent ? null : await _perDomain.AcquireAsync(domain, cancellationToken: either.Token);
            return await Send(mail, either.Token);
        }
        catch (OperationCanceledException)
        {
            return new Handover.NotNow("The mail server did not answer in time.");
        }
    }

    private async Task<Handover> Send(MailMessage mail, CancellationToken ct)
    {
        var client = Take();
        try
        {
            await client.SendMailAsync(mail, ct);
        }
        catch (SmtpException e)
        {
            client.Dispose();
            // Refused for its recipient, and not for what it says or who we are.
            return Meaning((int)e.StatusCode) switch
            {
                Handover.Never never when e is SmtpFailedRecipientException => never with { IsHard = true },
                var outcome => outcome,
            };
        }
        catch (OperationCanceledException)
        {
            client.Dispose();
            throw;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or FormatException)
        {
            client.Dispose();
            return new Handover.NotNow("The connection to the mail server broke.");
        }

        _idle.Add((client, clock.GetUtcNow()));
        return new Handover.Accepted();
    }

    public void Dispose()
    {
        _perDomain.Dispose();
        while (_idle.TryTake(out var kept))
            kept.Client.Dispose();
    }

    /// <summary>What a reply's code means for the mail (RFC 5321 4.2.1). What the server says of us and not of the mail is not held against it.</summary>
    internal static Handover Meaning(int code) => code switch
    {
        >= 400 and < 500 => new Handover.NotNow($"The mail server did not take it now ({code})."),
        // Commands and authentication: our settings are wrong, and somebody will put them right.
        (>= 500 and <= 504) or (>= 530 and <= 538) => new Handover.NotNow($"The mail server does not accept mail from here ({code})."),
        >= 500 and < 600 => new Handover.Never($"The mail server refused it ({code})."),
        _ => new Handover.NotNow("The mail server could not be reached, or the connection to it broke."),
    };

    private SmtpClient Take()
    {
        while (_idle.TryTake(out var kept))
        {
            if (clock.GetUtcNow() - kept.Since < KeptFor)
                return kept.Client;
            kept.Client.Dispose();
        }

        return new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.Tls, Credentials = settings.Credentials };
    }
}
