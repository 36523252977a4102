using InviteHub.EventStore;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Consumers;

[Trait("Feature", "INV-12")]
[Trait("Feature", "SUB-06")]
public class the_waitlist(SubscriptionsDatabase database) : IClassFixture<SubscriptionsDatabase>
{
    [Fact]
    public async Task admits_in_the_order_of_asking_when_two_instances_give_seats_back_at_once()
    {
        var business = await database.Business(seats: 4, AtLimit.Waitlist);
        var instances = new[] { database.AnotherInstance(), database.AnotherInstance() };
        Guid[] invitations = [.. Enumerable.Range(0, 12).Select(_ => SubscriptionsDatabase.NewId())];
        foreach (var invitation in invitations)
            await business.Request(database.Store, invitation);
        (await Statuses(business, invitations)).ShouldBe([.. Enumerable.Repeat(AdmissionStatus.Granted, 4), .. Enumerable.Repeat(AdmissionStatus.Waiting, 8)]);

        await Task.WhenAll(invitations[..4].SelectMany(invitation => instances.Select(instance => Task.Run(() => business.Withdraw(instance, invitation)))));

        (await Statuses(business, invitations)).ShouldBe(
        [
            .. Enumerable.Repeat(AdmissionStatus.Withdrawn, 4), .. Enumerable.Repeat(AdmissionStatus.Granted, 4), .. Enumerable.Repeat(AdmissionStatus.Waiting, 4),
        ]);
        var reserved = (await database.Store.OpenSession().FetchStream(business.SeatsStream)).Select(e => e.Data).OfType<SubscriptionEvent.SeatReserved>();
        reserved.Select(e => e.InvitationId).ShouldBe(invitations[..8]);
    }

    [Fact]
    public async Task forgets_who_withdrew_and_who_withdraws_while_being_admitted_gives_the_seat_to_the_next()
    {
        var business = await database.Business(seats: 1, AtLimit.Waitlist);
        var instances = new[] { database.AnotherInstance(), database.AnotherInstance() };
        Guid[] invitations = [.. Enumerable.Range(0, 4).Select(_ => SubscriptionsDatabase.NewId())];
        foreach (var invitation in invitations)
            await business.Request(database.Store, invitation);

        await Task.WhenAll(
            Task.Run(() => business.Withdraw(instances[0], invitations[0])), Task.Run(() => business.Withdraw(instances[1], invitations[1])),
            Task.Run(() => business.Withdraw(instances[1], invitations[2])));

        (await Statuses(business, invitations)).ShouldBe([AdmissionStatus.Withdrawn, AdmissionStatus.Withdrawn, AdmissionStatus.Withdrawn, AdmissionStatus.Granted]);
    }

    [Fact]
    [Trait("Feature", "SUB-05")]
    public async Task is_told_when_the_subscription_ends_by_whichever_instance_looks_first()
    {
        var business = await database.Business(seats: 1, AtLimit.Waitlist);
        Guid[] invitations = [SubscriptionsDatabase.NewId(), SubscriptionsDatabase.NewId()];
        foreach (var invitation in invitations)
            await business.Request(database.Store, invitation);
        await Change(business, new(World.Today, EndsOn: new(World.Today)));

        var instances = new[] { database.AnotherInstance(), database.AnotherInstance() };
        await Task.WhenAll(instances.Select(instance => PeriodWorker.Sweep(instance, World.Today.AddDays(1), default)));

        (await Statuses(business, invitations)).ShouldBe([AdmissionStatus.Granted, AdmissionStatus.Refused]);
        (await business.Movements(database.Store)).Count(type => type == "subscription.ended.v1").ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "SUB-05")]
    public async Task moves_on_by_itself_when_a_later_period_begins()
    {
        var business = await database.Business(seats: 1, AtLimit.Waitlist);
        Guid[] invitations = [SubscriptionsDatabase.NewId(), SubscriptionsDatabase.NewId()];
        foreach (var invitation in invitations)
            await business.Request(database.Store, invitation);
        await Change(business, new(World.Today, StartsOn: World.Today.AddDays(10)));
        await business.Withdraw(database.Store, invitations[0]);
        (await Statuses(business, invitations))[1].ShouldBe(AdmissionStatus.Waiting);

        await PeriodWorker.Sweep(database.Store, World.Today.AddDays(10), default);

        (await Statuses(business, invitations))[1].ShouldBe(AdmissionStatus.Granted);
    }

    private Task<AdmissionStatus[]> Statuses(Business business, Guid[] invitations) =>
        Task.WhenAll(invitations.Select(async i => (await business.AdmissionOf(database.Store, i)).Status));

    private Task<Refusal?> Change(Business business, ChangeSubscription.Command command) => database.Store.Transact(
        new EventMetadata(), session => session.MoveSeats(business.SeatsStream, s => ChangeSubscription.Decide(s, command), default));
}
