using System.Text;
using System.Text.Json;
using InviteHub.Contracts.Subscriptions;
using InviteHub.LocalHost;
using InviteHub.ServiceDefaults;
using InviteHub.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace InviteHub.Notifications.Tests;

/// <summary>The service as a process, told that its broker is a cluster. The broker is one node, where such queues work as well.</summary>
[Trait("Feature", "OPS-04")]
public sealed class on_quorum_queues : IAsyncLifetime
{
    private const string Own = "notifications-organization-access-changed";
    private readonly TestDatabase _database = new();
    private readonly TestDatabase _keyRing = new();
    private RabbitMqServer _server = null!;
    private IConnection _broker = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await _keyRing.InitializeAsync();
        _server = await RabbitMqServer.StartAsync(new RabbitMqServerOptions());
        _broker = await new ConnectionFactory { Uri = new(_server.ConnectionString) }.CreateConnectionAsync();
    }

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        await _server.DisposeAsync();
        await _database.DisposeAsync();
        await _keyRing.DisposeAsync();
    }

    [Fact]
    public async Task messages_are_heard_and_every_queue_that_is_kept_is_one()
    {
        await using var service = Start();
        await service.IsUp();
        var (organization, user) = (Some.NewId(), Some.NewId());

        await Publish(typeof(OrganizationAccessChanged), JsonSerializer.Serialize(new
        {
            messageId = Some.NewId(),
            messageType = new[] { $"urn:message:{typeof(OrganizationAccessChanged).Namespace}:{nameof(OrganizationAccessChanged)}" },
            message = new { organizationId = organization, userId = user, permissions = new[] { "organization.read" } },
        }));
        await Publish(typeof(OrganizationAccessChanged), "no message at all");

        await Eventually.Is(
            async () => await _database.Ask<long>("select count(*) from organization_access where organization_id = $1 and user_id = $2", organization, user) == 1,
            "the message is heard");
        // What can't be read is put aside, as safely as it lay before.
        await Eventually.Is(() => Exists($"{Own}_error"), "the other one is put aside");
        foreach (var queue in Topology.Queues.Values.SelectMany(queues => queues).Append($"{Own}_error").Distinct())
            (await TypeOf(queue)).ShouldBe("quorum", queue);
    }

    [Fact]
    public async Task a_queue_of_the_other_type_holds_the_service_up_and_is_named_until_it_is_gone()
    {
        await using (var channel = await _broker.CreateChannelAsync())
            await channel.QueueDeclareAsync(Own, durable: true, exclusive: false, autoDelete: false);
        await using var service = Start();

        await Eventually.Is(
            () => service.Logged.Any(line => line.Contains("x-queue-type") && line.Contains(Own)), "it says which queue", TimeSpan.FromSeconds(60));
        (await service.IsReady()).ShouldBeFalse();

        await using (var channel = await _broker.CreateChannelAsync())
            await channel.QueueDeleteAsync(Own, ifUnused: false, ifEmpty: true);
        await service.IsUp();
        (await TypeOf(Own)).ShouldBe("quorum");
    }

    private ServiceProcess Start() => ServiceProcess.Start(_database, _keyRing, _server.ConnectionString, ("QuorumQueues", "true"));

    private async Task Publish(Type message, string body)
    {
        await using var channel = await _broker.CreateChannelAsync();
        await channel.BasicPublishAsync(
            $"{message.Namespace}:{message.Name}", "", mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json" }, Encoding.UTF8.GetBytes(body));
    }

    private async Task<bool> Exists(string queue) => await Ask(channel => channel.QueueDeclarePassiveAsync(queue)) is null;

    /// <summary>The type of a queue that there is: the broker refuses to declare it as another one.</summary>
    private async Task<string> TypeOf(string queue)
    {
        if (!await Exists(queue))
            return "none";
        foreach (var type in new[] { "classic", "quorum" })
        {
            if (await Ask(channel => channel.QueueDeclareAsync(
                    queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = type })) is null)
            {
                return type;
            }
        }

        return "another";
    }

    /// <summary>What the broker says against something; it closes the channel with that.</summary>
    private async Task<string?> Ask(Func<IChannel, Task> what)
    {
        var channel = await _broker.CreateChannelAsync();
        try
        {
            await what(channel);
            return null;
        }
        catch (OperationInterruptedException refused)
        {
            return refused.Message;
        }
        finally
        {
            await channel.DisposeAsync();
        }
    }
}
