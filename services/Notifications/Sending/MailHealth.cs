using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace InviteHub.Notifications.Sending;

/// <summary>Whether the mail server takes connections. Without it mails wait, and all else goes on: it is asked only by those who want details.</summary>
internal sealed class MailHealth(MailSettings settings) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(settings.Host, settings.Port, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (SocketException)
        {
            return HealthCheckResult.Degraded();
        }
    }
}
