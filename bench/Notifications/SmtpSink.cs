using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace InviteHub.Bench.Notifications;

/// <summary>A mail server that takes everything, each mail after a while, and says who got one.</summary>
internal sealed class SmtpSink(TimeSpan takes) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);
    private int _taken;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Taken => Volatile.Read(ref _taken);

    public void Start()
    {
        _listener.Start();
        _ = Listen();
    }

    /// <summary>Ends when the next mail for an address has come.</summary>
    public Task Next(string address) => _awaited.GetOrAdd(address, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

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
            while (await reader.ReadLineAsync() is not (null or "."))
            {
                // What it says is nobody's business.
            }

            await Task.Delay(takes);
            Interlocked.Increment(ref _taken);
            if (_awaited.TryRemove(to, out var waiting))
                waiting.SetResult();
            await Say("250 taken");
        }

        Task Say(string reply) => stream.WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n")).AsTask();
    }
}
