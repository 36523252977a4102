using System.Diagnostics;
using System.Globalization;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Consumers;

/// <summary>Ten seconds unless <c>INVITEHUB_SEATS_SECONDS</c> says otherwise; a minute finds more.</summary>
[Trait("Feature", "SUB-03")]
public class workers_that_are_killed(SubscriptionsDatabase database) : IClassFixture<SubscriptionsDatabase>
{
    private const int Seats = 20;
    private const int Processes = 4;
    private const int WorkersEach = 16;

    [Fact]
    public async Task at_any_moment_leave_a_ledger_that_balances_and_one_holder_a_seat()
    {
        var business = await database.Business(Seats, AtLimit.Waitlist);
        var seconds = int.Parse(Environment.GetEnvironmentVariable("INVITEHUB_SEATS_SECONDS") ?? "10", CultureInfo.InvariantCulture);
        var (watch, seed, killed) = (Stopwatch.StartNew(), 0, 0);
        var running = new Queue<Process>(await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => Start(business, seed++))));
        try
        {
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await Task.Delay(700);
                // SIGKILL: whatever it was in the middle of stays as it is.
                await Kill(running.Dequeue());
                killed++;
                running.Enqueue(await Start(business, seed++));
            }
        }
        finally
        {
            foreach (var process in running)
                await Kill(process);
        }

        killed.ShouldBeGreaterThan(0);
        (await business.Movements(database.Store)).Count.ShouldBeGreaterThan(50, "too little was done for a history");
        // What was on its way comes in the end: the bus loses nothing.
        for (var kind = 0; kind < SeatWorker.Kinds; kind++)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, SeatWorker.Invitations), async (invitation, _) => await SeatWorker.Deliver(database.Store, business, invitation, kind));
        }

        await ShouldBalance(business);
    }

    private async Task ShouldBalance(Business business)
    {
        var events = await database.Store.OpenSession().FetchStream(business.SeatsStream);
        var ledger = GetSeatLedger.Replay(events);
        ledger.ShouldAllBe(entry => entry.Reserved + entry.Occupied <= Seats);
        var moved = events.Select(e => e.Data).ToArray();
        moved.OfType<SubscriptionEvent.SeatReserved>().Select(e => e.InvitationId).ShouldBeUnique();
        moved.OfType<SubscriptionEvent.SeatOccupied>().Select(e => e.InvitationId).ShouldBeUnique();
        moved.OfType<SubscriptionEvent.SeatReleased>().Select(e => e.InvitationId).ShouldBeUnique();
        moved.OfType<SubscriptionEvent.InvitationWaitlisted>().Count().ShouldBe(moved.OfType<SubscriptionEvent.WaitingEnded>().Count() + ledger[^1].Waiting);

        var seats = ListSeats.Replay(events);
        seats.Select(seat => seat.InvitationId).ShouldBeUnique();
        seats.Where(seat => seat.Status == "occupied").ShouldAllBe(seat => seat.PersonId == seat.InvitationId);
        foreach (var invitation in Enumerable.Range(0, SeatWorker.Invitations).Select(n => World.Id(10_000 + n)))
        {
            var status = seats.FirstOrDefault(seat => seat.InvitationId == invitation)?.Status;
            (await business.AdmissionOf(database.Store, invitation)).Status.ShouldBeOneOf(status switch
            {
                "occupied" => [AdmissionStatus.Confirmed],
                "reserved" => [AdmissionStatus.Granted],
                "waiting" => [AdmissionStatus.Waiting],
                _ => [AdmissionStatus.Withdrawn, AdmissionStatus.TakenBack],
            });
        }

        var row = await database.Ask<string>(
            "select concat_ws(' ', reserved, occupied, waiting) from subscriptions where id = $1", business.Subscription);
        row.ShouldBe($"{ledger[^1].Reserved} {ledger[^1].Occupied} {ledger[^1].Waiting}");
    }

    private async Task<Process> Start(Business business, int seed)
    {
        var process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            ["exec", typeof(SeatWorker).Assembly.Location, SubscriptionsDatabase.FewConnections(database.ConnectionString), $"{business.Organization}", $"{business.App}", $"{business.Subscription}", $"{WorkersEach}", $"{seed}"])
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
}
