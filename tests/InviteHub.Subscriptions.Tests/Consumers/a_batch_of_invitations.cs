using InviteHub.EventStore;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Consumers;

[Trait("Feature", "INV-20")]
[Trait("Feature", "SUB-06")]
public class a_batch_of_invitations(SubscriptionsDatabase database) : IClassFixture<SubscriptionsDatabase>
{
    private readonly Guid[] _invitations = [.. Enumerable.Range(0, 5).Select(_ => SubscriptionsDatabase.NewId())];

    [Fact]
    public async Task takes_as_many_seats_as_there_are_in_order_and_in_one_commit()
    {
        var business = await database.Business(seats: 3);
        (await Admit(database.Store, business, allOrNone: false)).ShouldBeNull();
        (await Statuses(business)).ShouldBe([.. Enumerable.Repeat(AdmissionStatus.Granted, 3), .. Enumerable.Repeat(AdmissionStatus.Refused, 2)]);
        var transactions = await database.Ask<long>(
            "select count(distinct transaction_id::text) from mt_events where stream_id = $1 and type = 'subscription.seat_reserved.v1'", business.SeatsStream.Id);
        transactions.ShouldBe(1);
    }

    [Fact]
    public async Task takes_none_when_it_wants_all_and_not_all_fit_and_nothing_twice()
    {
        var business = await database.Business(seats: 4);
        (await Admit(database.Store, business, allOrNone: true)).ShouldNotBeNull().Code.ShouldBe("seat-limit-reached");
        (await Statuses(business)).ShouldAllBe(status => status == AdmissionStatus.Unknown);

        var enough = await database.Business(seats: 5);
        for (var i = 0; i < 2; i++)
            (await Admit(database.Store, enough, allOrNone: true)).ShouldBeNull();
        (await enough.Movements(database.Store)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task that_meets_another_at_the_last_seats_gets_all_or_none()
    {
        var business = await database.Business(seats: 8);
        Guid[] others = [.. _invitations.Select(_ => SubscriptionsDatabase.NewId())];
        PostgresEventStore[] instances = [database.AnotherInstance(), database.AnotherInstance()];
        var answers = await Task.WhenAll(
            Task.Run(() => Admit(instances[0], business, allOrNone: true)), Task.Run(() => Admit(instances[1], business, allOrNone: true, others)));
        answers.Count(no => no is null).ShouldBe(1);
        (await business.Movements(database.Store)).Count.ShouldBe(5);
    }

    private Task<Refusal?> Admit(PostgresEventStore store, Business business, bool allOrNone, Guid[]? invitations = null) => store.Transact(
        new EventMetadata(),
        session => AdmitInvitations.Handle(
            new(business.Organization, business.Subscription, [.. (invitations ?? _invitations).Select(business.Asking)], allOrNone), session, default));

    private Task<AdmissionStatus[]> Statuses(Business business) =>
        Task.WhenAll(_invitations.Select(async i => (await business.AdmissionOf(database.Store, i)).Status));
}
