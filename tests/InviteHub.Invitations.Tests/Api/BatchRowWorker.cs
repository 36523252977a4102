using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace InviteHub.Invitations.Tests.Api;

/// <summary>
/// Begins rows of batches, in a process of its own that may be killed at any moment: few rows at a time, so that it is in the middle of some.
/// The test starts this assembly again for each.
/// </summary>
internal static class BatchRowWorker
{
    private const int AtOnce = 20;

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var connection, var masterKey])
            return 2;
        SqlTypes.Register();
        await using var services = new ServiceCollection().AddLogging()
            .AddEventStore(connection, events => events.Add<InvitationEvent>().Add<InvitationBatchEvent>().Add<BatchChunkEvent>(), new MasterKey(masterKey))
            .AddInlineProjection<InvitationList>().AddInlineProjection<BatchList>().AddSingleton<InvitationBatches>()
            .AddSingleton<InvitationPolicies>().BuildServiceProvider();
        var batches = services.GetRequiredService<InvitationBatches>();
        var worker = new BatchWorker(
            services.GetRequiredService<PostgresEventStore>(), batches, services.GetRequiredService<InvitationPolicies>(), TimeProvider.System, NullLogger<BatchWorker>.Instance);
        Console.WriteLine("works");
        while (true)
        {
            var rows = await batches.Take(AtOnce, CancellationToken.None);
            await Task.WhenAll(rows.Chunk(AtOnce / 2).Select(some => worker.Begin(some, CancellationToken.None)));
            await Task.Delay(20);
        }
    }
}
