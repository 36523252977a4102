using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace InviteHub.Bench;

/// <summary>A mail as it came.</summary>
/// <param name="At">When, as <see cref="Stopwatch.GetTimestamp"/> has it.</param>
/// <param name="Token">The token of the invitation's link in it; empty when there is none.</param>
public sealed record Mail(long At, string Token);

/// <summary>A mail server that takes everything, each mail after a while, and says who got one.</summary>
/// <param name="takes">How long it has for a mail.</param>
public sealed partial class SmtpSink(TimeSpan takes) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Mail>> _awaited = new(StringComparer.Ordinal);
    private int _taken;

    /// <summary>Where it listens, once it was started.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many mails it has taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Begins to listen.</summary>
    public void Start()
    {
        _listener.Start();
        _ = Listen();
    }

    /// <summary>The next mail for an address, when it has come.</summary>
    public Task<Mail> Next(string address) => _awaited.GetOrAdd(address, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task Listen()
    {
        while (_listener.Server.IsBound)
            _ = Serve(await _listener.AcceptTcpClientAsync());
    }

    private async Task Serve(TcpClient client)
    {
        using var closing = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await Say("220 sink");
        var to = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase))
                to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
            if (!line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await Say(line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 bye" : "250 ok");
                continue;
            }

            await Say("354 go on");
            var text = new StringBuilder();
            while (await reader.ReadLineAsync() is { } part and not ".")
                text.Append(part).Append('\n');
            await Task.Delay(takes);
            Interlocked.Increment(ref _taken);
            if (_awaited.TryRemove(to, out var waiting))
                waiting.SetResult(new(Stopwatch.GetTimestamp(), TokenIn(text.ToString())));
            await Say("250 taken");
        }

        Task Say(string reply) => stream.WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n")).AsTask();
    }

    // The parts of our mails are base64.
    private static string TokenIn(string mail) => Part().Matches(mail)
        .Select(part => Link().Match(Encoding.UTF8.GetString(Convert.FromBase64String(part.Groups["base64"].Value))))
        .FirstOrDefault(link => link.Success)?.Groups["token"].Value ?? "";

    [GeneratedRegex(@"base64\n\n(?<base64>[A-Za-z0-9+/=\n]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Part();

    [GeneratedRegex("/registrations/(?<token>[A-Za-z0-9_-]{43})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
