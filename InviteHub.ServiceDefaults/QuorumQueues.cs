using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;

namespace InviteHub.ServiceDefaults;

/// <summary>
/// Declares every queue as a quorum queue before the bus starts, one instance of all services at a time (OPS-04). RabbitMQ knows a quorum queue a moment before
/// it has started it, and who consumes from it in that moment loses the connection (seen with 3.10), at which MassTransit with this client gives up for good.
/// </summary>
internal sealed class QuorumQueues(Uri broker, KeyRing keys, TimeProvider clock, ILogger<QuorumQueues> log) : IHostedLifecycleService
{
    private static readonly Dictionary<string, object?> Arguments = new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        while (!await TryDeclare(cancellationToken))
            await Task.Delay(BeforeNextTry, clock, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> TryDeclare(CancellationToken ct)
    {
        try
        {
            await using var database = await keys.Database.OpenConnectionAsync(ct);
            await using var turn = await database.BeginTransactionAsync(ct);
            // The key ring's database is the one that all services have. Given back with the transaction.
            await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock(7305013)", database, turn) { CommandTimeout = 300 })
                await take.ExecuteNonQueryAsync(ct);
            await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(ct);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            foreach (var queue in Topology.Queues.Values.SelectMany(queues => queues).Distinct(StringComparer.Ordinal))
                await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Arguments, cancellationToken: ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Another type, no broker, no database: whoever runs it may change that meanwhile.
            log.LogError("The queues can't be declared as quorum queues, and nothing starts before they are: {Reason}", e.Message);
            return false;
        }
    }
}
