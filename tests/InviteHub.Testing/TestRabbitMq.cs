using InviteHub.LocalHost;

namespace InviteHub.Testing;

/// <summary>The one real RabbitMQ server of a test process, stopped with it.</summary>
public static class TestRabbitMq
{
    private static readonly Lazy<Task<RabbitMqServer>> Server = new(Start);

    /// <summary>The server's <c>amqp://</c> address.</summary>
    public static async Task<string> ConnectionString() => (await Server.Value).ConnectionString;

    private static async Task<RabbitMqServer> Start()
    {
        var server = await RabbitMqServer.StartAsync(new RabbitMqServerOptions());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        return server;
    }
}
