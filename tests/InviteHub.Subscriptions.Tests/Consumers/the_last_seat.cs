using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Consumers;

[Trait("Feature", "SUB-03")]
[Trait("Feature", "INV-12")]
[Trait("Feature", "OPS-05")]
public class the_last_seat(SubscriptionsDatabase database) : IClassFixture<SubscriptionsDatabase>
{
    [Fact]
    public async Task of_1000_at_once_from_four_instances_goes_to_exactly_one_and_all_are_answered()
    {
        var business = await database.Business(seats: 1);
        PostgresEventStore[] instances = [.. Enumerable.Range(0, 4).Select(_ => database.AnotherInstance())];
        var invitations = Enumerable.Range(0, 1000).Select(_ => SubscriptionsDatabase.NewId()).ToArray();
        using var counted = new CountedAdmissions();

        await Task.WhenAll(invitations.Select((invitation, n) => Task.Run(() => business.Request(instances[n % 4], invitation))));

        var admissions = await Task.WhenAll(invitations.Select(i => business.AdmissionOf(database.Store, i)));
        admissions.Count(a => a.Status == AdmissionStatus.Granted).ShouldBe(1);
        admissions.Count(a => a.Status == AdmissionStatus.Refused).ShouldBe(999);
        (await business.Movements(database.Store)).ShouldBe(["subscription.seat_reserved.v1"]);
        (await Counters(business)).ShouldBe((1, 0));
        // However many attempts lost a race.
        (counted.Of("granted", ""), counted.Of("refused", "seat-limit-reached")).ShouldBe((1, 999));
    }

    [Fact]
    public async Task moves_on_while_others_withdraw_accept_and_ask()
    {
        var business = await database.Business(seats: 5);
        var instances = new[] { database.AnotherInstance(), database.AnotherInstance() };
        var invitations = Enumerable.Range(0, 40).Select(_ => SubscriptionsDatabase.NewId()).ToArray();

        await Task.WhenAll(invitations.Select((invitation, n) => Task.Run(async () =>
        {
            var (one, other) = (instances[n % 2], instances[(n + 1) % 2]);
            await Task.WhenAll(business.Request(one, invitation), business.Request(other, invitation));
            await ((n % 4) switch
            {
                0 => Task.WhenAll(business.Provision(one, invitation), business.Provision(other, invitation)),
                1 => Task.WhenAll(business.Withdraw(one, invitation), business.Provision(other, invitation)),
                _ => Task.WhenAll(business.Withdraw(one, invitation), business.Withdraw(other, invitation)),
            });
        })));

        var ledger = GetSeatLedger.Replay(await database.Store.OpenSession().FetchStream(business.SeatsStream));
        ledger.ShouldAllBe(entry => entry.Reserved + entry.Occupied <= 5);
        ledger.Where(e => e.Movement != "opened").GroupBy(e => (e.InvitationId, e.Movement)).ShouldAllBe(g => g.Count() == 1);
        (await Counters(business)).ShouldBe((ledger[^1].Reserved, ledger[^1].Occupied));

        var admissions = await Task.WhenAll(invitations.Select(i => business.AdmissionOf(database.Store, i)));
        admissions.ShouldAllBe(a => a.Status != AdmissionStatus.Granted && a.Status != AdmissionStatus.Unknown);
        admissions.Count(a => a.Status == AdmissionStatus.Confirmed).ShouldBe(ledger[^1].Occupied);
        ledger[^1].Reserved.ShouldBe(0);
    }

    private async Task<(int Reserved, int Occupied)> Counters(Business business)
    {
        var row = await GetSubscription.Read(database.Store, business.Subscription, new CurrentUser(World.Admin, World.Admin, CurrentUser.SystemAdmin), default);
        var seats = row.ShouldNotBeNull().View(World.Today).Seats;
        return (seats.Reserved, seats.Occupied);
    }
}

/// <summary>Counts what is measured in this flow of work, and not what other tests do meanwhile.</summary>
internal sealed class CountedAdmissions : IDisposable
{
    private static readonly AsyncLocal<CountedAdmissions?> Ours = new();
    private readonly ConcurrentDictionary<(string Outcome, string Reason), long> _counts = [];
    private readonly MeterListener _listener = new();

    public CountedAdmissions()
    {
        Ours.Value = this;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "invitehub.admissions")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (Ours.Value == this)
                _counts.AddOrUpdate(((string)tags[0].Value!, (string)tags[1].Value!), value, (_, count) => count + value);
        });
        _listener.Start();
    }

    public long Of(string outcome, string reason) => _counts.GetValueOrDefault((outcome, reason));

    public void Dispose() => _listener.Dispose();
}
