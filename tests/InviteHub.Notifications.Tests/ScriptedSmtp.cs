using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace InviteHub.Notifications.Tests;

/// <summary>What the server does with the next mail; it takes every mail that nothing was said of.</summary>
public enum Does
{
    /// <summary>Takes it.</summary>
    Accepts,

    /// <summary>451 to the recipient.</summary>
    Later,

    /// <summary>550 to the recipient, quoting the address.</summary>
    Refuses,

    /// <summary>452 behind the final dot.</summary>
    LaterAfterTheDot,

    /// <summary>Closes the connection in the middle of the mail.</summary>
    DropsBeforeTheDot,

    /// <summary>Takes the mail and closes the connection without saying so.</summary>
    DropsAfterTheDot,

    /// <summary>Says nothing more.</summary>
    Hangs,
}

/// <summary>A tiny SMTP server that does what a test tells it to.</summary>
public sealed class ScriptedSmtp : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    private readonly X509Certificate2? _certificate;

    // With a certificate it takes mail only after STARTTLS.
    public ScriptedSmtp(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _ = Listen();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<Does> Script { get; } = new();

    /// <summary>What it does with mails that the script doesn't name.</summary>
    public Does Otherwise { get; set; }

    /// <summary>What it does with mails for an address, whatever else was said.</summary>
    public ConcurrentDictionary<string, Does> For { get; } = new();

    /// <summary>Is released each time that it stops talking.</summary>
    public SemaphoreSlim Hanging { get; } = new(0);

    /// <summary>Each mail that came in whole, with the address it was for.</summary>
    public ConcurrentQueue<Mail> Received { get; } = new();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
        Hanging.Dispose();
    }

    private async Task Listen()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Serve(client);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var closing = client;
        Stream stream = client.GetStream();
        var reader = new StreamReader(stream, Encoding.Latin1);
        await Say("220 scripted");
        var (does, to) = (Does.Accepts, "");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line[..Math.Min(4, line.Length)].ToUpperInvariant())
            {
                case "EHLO" or "HELO":
                    await Say(_certificate is null || stream is SslStream ? "250 scripted" : "250-scripted\r\n250 STARTTLS");
                    break;
                case "STAR" when _certificate is not null:
                    await Say("220 go on");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    (stream, reader) = (tls, new StreamReader(tls, Encoding.Latin1));
                    break;
                case "MAIL" when _certificate is not null && stream is not SslStream:
                    await Say("530 5.7.0 STARTTLS first");
                    break;
                case "MAIL":
                    does = Script.TryDequeue(out var told) ? told : Otherwise;
                    if (does == Does.Hangs)
                        await Hang();
                    await Say("250 ok");
                    break;
                case "RCPT":
                    to = line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
                    if (For.TryGetValue(to, out var special))
                        does = special;
                    if (does == Does.Hangs)
                        await Hang();
                    await Say(does switch
                    {
                        Does.Later => "451 4.3.0 try later",
                        Does.Refuses => $"550 5.1.1 <{to}> is nobody here",
                        _ => "250 ok",
                    });
                    break;
                case "DATA":
                    await Say("354 go on");
                    if (does == Does.DropsBeforeTheDot)
                    {
                        await reader.ReadLineAsync();
                        client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
                        return;
                    }

                    var text = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } data && data != ".")
                        text.Append(data.StartsWith('.') ? data[1..] : data).Append('\n');
                    if (does == Does.LaterAfterTheDot)
                    {
                        await Say("452 4.3.1 full");
                        break;
                    }

                    Received.Enqueue(new(to, text.ToString()));
                    if (does == Does.DropsAfterTheDot)
                        return;
                    await Say("250 taken");
                    break;
                case "QUIT":
                    await Say("221 bye");
                    return;
                default:
                    await Say("250 ok");
                    break;
            }
        }

        Task Hang()
        {
            Hanging.Release();
            return Task.Delay(Timeout.Infinite, _stop.Token);
        }

        Task Say(string reply) => stream.WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n")).AsTask();
    }

    /// <summary>A mail as it came over the line.</summary>
    public sealed record Mail(string To, string Raw)
    {
        public string Headers => Raw[..Raw.IndexOf("\n\n", StringComparison.Ordinal)].Replace("\n ", " ").Replace("\n\t", " ");

        public string MessageId => Header("Message-ID");

        public string Subject
        {
            get
            {
                using var decoded = System.Net.Mail.Attachment.CreateAttachmentFromString("", Header("Subject"));
                return decoded.Name!;
            }
        }

        public string Text => Part("text/plain");

        public string Html => Part("text/html");

        public string Header(string name) => Headers.Split('\n')
            .Single(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..].Trim();

        private string Part(string type)
        {
            var part = Raw[Raw.IndexOf($"content-type: {type}", StringComparison.OrdinalIgnoreCase)..];
            var body = part[(part.IndexOf("\n\n", StringComparison.Ordinal) + 2)..part.IndexOf("\n--", StringComparison.Ordinal)];
            return Encoding.UTF8.GetString(Convert.FromBase64String(body));
        }
    }
}
