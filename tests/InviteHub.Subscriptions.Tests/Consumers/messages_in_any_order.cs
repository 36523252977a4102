namespace InviteHub.Subscriptions.Tests.Consumers;

[Trait("Feature", "SUB-03")]
public class messages_in_any_order(SubscriptionsDatabase database) : IClassFixture<SubscriptionsDatabase>
{
    private readonly Guid _invitation = SubscriptionsDatabase.NewId();

    [Fact]
    public async Task each_twice_has_each_effect_once()
    {
        var business = await database.Business(seats: 1);
        for (var i = 0; i < 2; i++)
            await business.Request(database.Store, _invitation);
        for (var i = 0; i < 2; i++)
            await business.Provision(database.Store, _invitation);

        (await business.AnswersTo(database.Store, _invitation)).ShouldBe(["admission.granted.v1", "admission.confirmed.v1"]);
        (await business.Movements(database.Store)).ShouldBe(["subscription.seat_reserved.v1", "subscription.seat_occupied.v1"]);
    }

    [Fact]
    public async Task a_withdrawal_gives_the_seat_back_once_and_the_next_invitation_gets_it()
    {
        var business = await database.Business(seats: 1);
        await business.Request(database.Store, _invitation);
        for (var i = 0; i < 2; i++)
            await business.Withdraw(database.Store, _invitation);
        await business.Request(database.Store, _invitation);
        var next = SubscriptionsDatabase.NewId();
        await business.Request(database.Store, next);

        (await business.AnswersTo(database.Store, _invitation)).ShouldBe(["admission.granted.v1", "admission.withdrawn.v1"]);
        (await business.AdmissionOf(database.Store, next)).Status.ShouldBe(AdmissionStatus.Granted);
        (await business.Movements(database.Store))
            .ShouldBe(["subscription.seat_reserved.v1", "subscription.seat_released.v1", "subscription.seat_reserved.v1"]);
    }

    [Fact]
    public async Task a_withdrawal_before_the_request_settles_it_for_good_and_takes_no_seat()
    {
        var business = await database.Business(seats: 1);
        await business.Withdraw(database.Store, _invitation);
        await business.Request(database.Store, _invitation);
        await business.Provision(database.Store, _invitation);

        (await business.AnswersTo(database.Store, _invitation)).ShouldBe(["admission.withdrawn.v1"]);
        (await business.Movements(database.Store)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "INV-08")]
    public async Task an_invitation_that_ended_and_is_asked_for_again_gets_one_seat_whatever_comes_late()
    {
        var business = await database.Business(seats: 1);
        await business.Request(database.Store, _invitation);
        await business.Withdraw(database.Store, _invitation);
        for (var i = 0; i < 2; i++)
            await business.Request(database.Store, _invitation, round: 2);
        await business.Request(database.Store, _invitation);
        await business.Withdraw(database.Store, _invitation);
        await business.Provision(database.Store, _invitation);

        (await business.AnswersTo(database.Store, _invitation)).ShouldBe(
            ["admission.granted.v1", "admission.withdrawn.v1", "admission.asked_again.v1", "admission.granted.v1", "admission.confirmed.v1"]);
        (await business.Movements(database.Store)).ShouldBe(
            ["subscription.seat_reserved.v1", "subscription.seat_released.v1", "subscription.seat_reserved.v1", "subscription.seat_occupied.v1"]);
    }

    [Fact]
    [Trait("Feature", "INV-08")]
    public async Task a_second_withdrawal_that_overtakes_the_second_request_settles_it_and_takes_no_seat()
    {
        var business = await database.Business(seats: 1);
        await business.Request(database.Store, _invitation);
        await business.Withdraw(database.Store, _invitation);
        await business.Withdraw(database.Store, _invitation, round: 2);
        await business.Request(database.Store, _invitation, round: 2);

        (await business.AnswersTo(database.Store, _invitation)).ShouldBe(
            ["admission.granted.v1", "admission.withdrawn.v1", "admission.asked_again.v1", "admission.withdrawn.v1"]);
        (await business.Movements(database.Store)).ShouldBe(["subscription.seat_reserved.v1", "subscription.seat_released.v1"]);
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    public async Task an_invitation_to_a_role_that_the_person_has_takes_no_second_seat()
    {
        var business = await database.Business(seats: 2);
        await business.Request(database.Store, _invitation);
        await business.Provision(database.Store, _invitation);
        var second = SubscriptionsDatabase.NewId();
        await business.Request(database.Store, second);

        var answer = (await database.Store.OpenSession().FetchStream(Admission.StreamOf(second, business.Organization))).Single();
        answer.Data.ShouldBeOfType<AdmissionEvent.Refused>().Code.ShouldBe("role-already-held");
        (await business.Movements(database.Store)).ShouldBe(["subscription.seat_reserved.v1", "subscription.seat_occupied.v1"]);
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    [Trait("Feature", "ROL-09")]
    public async Task an_invitation_to_a_role_that_the_person_has_takes_no_second_seat_though_the_role_was_named_anew()
    {
        var business = await database.Business(seats: 2);
        await business.Request(database.Store, _invitation);
        await business.Provision(database.Store, _invitation);
        await database.Store.Transact(new EventStore.EventMetadata(), session => session.Decide<App, AppEvent>(
            App.StreamOf(business.App), _ => new AppEvent.Changed(business.App, "CRM", [new("reader", "Viewer")])));
        var second = SubscriptionsDatabase.NewId();
        await business.Request(database.Store, second);

        var answer = (await database.Store.OpenSession().FetchStream(Admission.StreamOf(second, business.Organization))).Single();
        answer.Data.ShouldBeOfType<AdmissionEvent.Refused>().Facts!["role"].ShouldBe("Viewer");
    }

    [Fact]
    public async Task a_refused_invitation_leaves_nothing_behind_and_can_be_withdrawn()
    {
        var business = await database.Business(seats: 0);
        await business.Request(database.Store, _invitation);
        await business.Withdraw(database.Store, _invitation);

        (await business.AnswersTo(database.Store, _invitation)).ShouldBe(["admission.refused.v1", "admission.withdrawn.v1"]);
        (await business.Movements(database.Store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_withdrawal_after_the_acceptance_takes_no_seat_from_its_holder()
    {
        var business = await database.Business(seats: 1);
        await business.Request(database.Store, _invitation);
        await business.Provision(database.Store, _invitation);
        await business.Withdraw(database.Store, _invitation);

        (await business.AnswersTo(database.Store, _invitation)).ShouldBe(["admission.granted.v1", "admission.confirmed.v1"]);
        (await business.Movements(database.Store)).ShouldBe(["subscription.seat_reserved.v1", "subscription.seat_occupied.v1"]);
    }
}
