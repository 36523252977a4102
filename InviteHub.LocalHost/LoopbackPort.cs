using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace InviteHub.LocalHost;

/// <summary>Ports on the loopback interface.</summary>
internal static class LoopbackPort
{
    private static readonly HashSet<int> Given = [];

    /// <summary>
    /// A port that nothing listens on and that this process has not given away yet. It lies below the range that the kernel
    /// takes ports for outgoing connections from, so that it stays free while a server that died is started again.
    /// </summary>
    public static int Next()
    {
        lock (Given)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }
        throw new InvalidOperationException("No free port between 20000 and 32000 on the loopback interface.");
    }

    /// <summary>Whether a server could listen there now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether something accepts connections there.</summary>
    public static async Task<bool> AnswersAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
