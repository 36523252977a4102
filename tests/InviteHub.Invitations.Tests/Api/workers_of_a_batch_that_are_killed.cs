using System.Diagnostics;
using System.Globalization;
using InviteHub.Contracts.Invitations;
using InviteHub.Invitations.Features;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace InviteHub.Invitations.Tests.Api;

/// <summary>Ten kills in a thousand rows unless <c>INVITEHUB_BATCH_KILLS</c> and <c>INVITEHUB_BATCH_ROWS</c> say otherwise.</summary>
[Collection(InvitationsService.Collection)]
[Trait("Feature", "INV-20")]
public sealed class workers_of_a_batch_that_are_killed(InvitationsService service) : IAsyncLifetime
{
    private const int Processes = 2;
    private readonly BatchNeighbour _batches = new(service);

    public Task InitializeAsync() => _batches.Listen();

    public Task DisposeAsync() => _batches.Leave();

    [Fact]
    public async Task at_any_moment_leave_each_row_with_one_invitation_one_seat_and_one_mail()
    {
        var (rows, kills) = (Setting("INVITEHUB_BATCH_ROWS", 1000), Setting("INVITEHUB_BATCH_KILLS", 10));
        // The service's own worker would do it all before the first is killed.
        var own = service.Services.GetServices<IHostedService>().OfType<BatchWorker>().Single();
        await own.StopAsync(CancellationToken.None);
        var organization = _batches.Organization(free: rows);
        var batch = await _batches.Upload(organization, BatchNeighbour.File(rows));
        await _batches.Is(batch, "running");

        var (random, killed, inTheMiddle) = (new Random(20261121), 0, 0);
        var running = new Queue<Process>();
        try
        {
            while (killed < kills)
            {
                while (running.Count < Processes)
                    running.Enqueue(await Start());
                await Task.Delay(random.Next(20, 250));
                // SIGKILL: whatever it was in the middle of stays as it is.
                await Kill(running.Dequeue());
                killed++;
                inTheMiddle += await Open(batch) > 0 ? 1 : 0;
            }
        }
        finally
        {
            foreach (var process in running)
                await Kill(process);
            // Those who died had rows in their hands: others may take them when the lease is over, which is now.
            await service.Database.Ask<int>("update invitation_batch_rows set taken_until = null where batch_id = $1", batch);
            await own.StartAsync(CancellationToken.None);
        }

        inTheMiddle.ShouldBeGreaterThan(kills / 2, "too little was left to do for a proof");
        var finished = await _batches.Is(batch, "finished", TimeSpan.FromMinutes(10));
        (finished["done"]!.GetValue<int>(), finished["failed"]!.GetValue<int>()).ShouldBe((rows, 0));

        (await service.Database.Ask<long>(
            "select count(*) from mt_events where tenant_id = $1 and type = 'invitation.requested.v1'", organization.ToString())).ShouldBe(rows);
        (await service.Database.Ask<long>(
            "select count(distinct r.invitation_id) from invitation_batch_rows r join invitation_list l on l.id = r.invitation_id where r.batch_id = $1 and l.status = 'pending'",
            batch)).ShouldBe(rows);
        var seats = _batches.Heard<InvitationsRequested>().Where(m => m.Message.BatchId == batch).DistinctBy(m => m.MessageId)
            .SelectMany(m => m.Message.InvitationIds).ToArray();
        seats.ShouldBeUnique();
        seats.Length.ShouldBe(rows);
        await Eventually.Is(() => Mails().Length >= rows, "the mails are asked for", TimeSpan.FromMinutes(5));
        Mails().ShouldBeUnique();
        Mails().Length.ShouldBe(rows);

        // A message that comes again does so under its id, which its reader knows.
        Guid[] Mails() => [.. _batches.Heard<InvitationsOpened>().Where(m => m.Message.OrganizationId == organization).DistinctBy(m => m.MessageId)
            .SelectMany(m => m.Message.Invitations).Select(one => one.InvitationId)];
    }

    private Task<long> Open(Guid batch) =>
        service.Database.Ask<long>("select count(*) from invitation_batch_rows where batch_id = $1 and state = 'planned'", batch);

    private async Task<Process> Start()
    {
        var process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["exec", typeof(BatchRowWorker).Assembly.Location, $"{service.Database.ConnectionString};Maximum Pool Size=8", InvitationsService.MasterKey])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        (await process.StandardOutput.ReadLineAsync()).ShouldBe("works");
        return process;
    }

    private static async Task Kill(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int Setting(string name, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{otherwise}", CultureInfo.InvariantCulture);
}
