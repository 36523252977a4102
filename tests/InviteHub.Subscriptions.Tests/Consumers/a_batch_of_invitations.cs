using InviteHub.EventStore;
using InviteHub.Contracts.Invitations;
using InviteHub.Subscriptions.Features;

namespace InviteHub.Subscriptions.Tests.Consumers;

[Trait("Feature", "INV-20")]
[Trait("Feature", "SUB-06")]
public class a_batch_of_invitations(SubscriptionsDatabase database) : IClassFixture<SubscriptionsDatabase>
{
    private readonly Guid[] _invitations = [.. Enumerable.Range(0, 5).Select(_ => SubscriptionsDatabase.NewId())];

    [Fact]
    public async Task takes_as_many_seats_as_there_are_in_order_and_in_one_commit_and_is_answered_once()
    {
        var business = await database.Business(seats: 3);
        var chunk = await Admit(database.Store, business);
        (await Statuses(business)).ShouldBe([.. Enumerable.Repeat(AdmissionStatus.Granted, 3), .. Enumerable.Repeat(AdmissionStatus.Refused, 2)]);
        var transactions = await database.Ask<long>(
            "select count(distinct transaction_id::text) from mt_events where stream_id = $1 and type = 'subscription.seat_reserved.v1'", business.SeatsStream.Id);
        transactions.ShouldBe(1);

        var answer = await AnswerTo(business, chunk);
        (answer.OrganizationName, answer.AppName, answer.RoleName).ShouldBe(("Acme", "CRM", "Reader"));
        answer.Admitted.ShouldBe(_invitations[..3]);
        answer.Waitlisted.ShouldBeEmpty();
        answer.Refused[0].Facts!["limitNeeded"].ShouldBe("4");
        answer.Refused.Select(no => (no.InvitationId, no.Code)).ShouldBe([(_invitations[3], "seat-limit-reached"), (_invitations[4], "seat-limit-reached")]);
    }

    [Fact]
    public async Task that_is_asked_for_again_takes_nothing_twice()
    {
        var business = await database.Business(seats: 5);
        var chunk = await Admit(database.Store, business);
        await Admit(database.Store, business, chunk);
        (await business.Movements(database.Store)).Count.ShouldBe(5);
        // Under another id, by a worker that does not know of the first: the same seats.
        (await AnswerTo(business, await Admit(database.Store, business))).Admitted.ShouldBe(_invitations);
        (await business.Movements(database.Store)).Count.ShouldBe(5);
    }

    [Fact]
    [Trait("Feature", "INV-24")]
    public async Task does_what_was_shown_or_nothing()
    {
        var business = await database.Business(seats: 2, AtLimit.Waitlist);
        var (first, rest) = (_invitations[..2], _invitations[2..]);
        (await AnswerTo(business, await Admit(database.Store, business, waits: true, invitations: first))).Refused.Select(no => no.Code)
            .ShouldAllBe(code => code == "not-as-shown");
        (await business.Movements(database.Store)).ShouldBe(["subscription.seat_policy_changed.v1"]);

        Guid[] others = [SubscriptionsDatabase.NewId(), SubscriptionsDatabase.NewId()];
        (await AnswerTo(business, await Admit(database.Store, business, invitations: others))).Admitted.ShouldBe(others);
        (await AnswerTo(business, await Admit(database.Store, business, invitations: rest[..1]))).Refused.ShouldHaveSingleItem().Code.ShouldBe("not-as-shown");
        (await AnswerTo(business, await Admit(database.Store, business, waits: true, invitations: rest[1..]))).Waitlisted.ShouldBe(rest[1..]);
    }

    [Fact]
    public async Task that_meets_another_at_the_last_seats_gives_each_seat_once()
    {
        var business = await database.Business(seats: 8);
        Guid[] others = [.. _invitations.Select(_ => SubscriptionsDatabase.NewId())];
        PostgresEventStore[] instances = [database.AnotherInstance(), database.AnotherInstance()];
        var chunks = await Task.WhenAll(
            Task.Run(() => Admit(instances[0], business)), Task.Run(() => Admit(instances[1], business, invitations: others)));
        var answers = new[] { await AnswerTo(business, chunks[0]), await AnswerTo(business, chunks[1]) };
        answers.Sum(answer => answer.Admitted.Count).ShouldBe(8);
        answers.Sum(answer => answer.Refused.Count).ShouldBe(2);
        (await business.Movements(database.Store)).Count.ShouldBe(8);
    }

    [Theory]
    [Trait("Feature", "INV-24")]
    [InlineData("", 2, false)]
    [InlineData("Waitlist", 2, true)]
    [InlineData("Grow", 6, false)]
    public async Task is_told_before_what_there_is_and_changes_nothing(string policy, int free, bool waits)
    {
        var business = await database.Business(seats: 4);
        await Admit(database.Store, business, invitations: _invitations[..2]);
        if (policy.Length > 0)
        {
            await database.Store.Transact(new EventMetadata(), session => session.Decide<Subscription, SubscriptionEvent>(
                business.SeatsStream, _ => new SubscriptionEvent.SeatPolicyChanged(Enum.Parse<AtLimit>(policy), policy == "Grow" ? 8 : null)));
        }

        var before = await database.Ask<long>("select count(*) from mt_events");
        var answer = await CheckBatch.Handle(
            new InvitationBatchUploaded(
                SubscriptionsDatabase.NewId(), business.Organization, "access", World.Admin, "systemAdmin",
                [business.App, business.App], [business.Subscription, business.Subscription], ["reader", "king"]),
            database.Store, World.Today, default);
        (answer.Free[0], answer.Waits[0], answer.Codes[0]).ShouldBe((free, waits, ""));
        answer.Codes[1].ShouldBe("unknown-role");
        answer.Details[1].ShouldNotBeEmpty();
        (await database.Ask<long>("select count(*) from mt_events")).ShouldBe(before);
    }

    [Fact]
    [Trait("Feature", "INV-13")]
    [Trait("Feature", "INV-24")]
    public async Task is_told_before_who_of_its_people_hold_the_role_already()
    {
        var business = await database.Business(seats: 4);
        await business.Request(database.Store, _invitations[0]);
        await business.Provision(database.Store, _invitations[0]);
        var stranger = SubscriptionsDatabase.NewId();

        var answer = await CheckBatch.Handle(
            new InvitationBatchUploaded(
                SubscriptionsDatabase.NewId(), business.Organization, "access", World.Admin, "systemAdmin",
                [business.App, business.App], [business.Subscription, business.Subscription], ["king", "reader"])
            {
                People = [World.Member, stranger, World.Member], PeopleTargets = [0, 1, 1], Through = 7,
            },
            database.Store, World.Today, default);

        answer.RefusedPeople.Zip(answer.RefusedTargets).ShouldBe([(World.Member, 1)]);
        answer.PeopleCodes.ShouldBe(["", "role-already-held"]);
        answer.Through.ShouldBe(7);
        answer.PeopleDetails[1].ShouldContain("Reader");
        answer.Free[1].ShouldBe(3);
        answer.Facts["0.roles"].ShouldBe("reader");
        answer.PeopleFacts.ShouldBe(new Dictionary<string, string> { ["1.role"] = "Reader", ["1.subscriptionId"] = business.Subscription.ToString() }, ignoreOrder: true);
    }

    private async Task<Guid> Admit(PostgresEventStore store, Business business, Guid? chunk = null, bool waits = false, Guid[]? invitations = null)
    {
        var id = chunk ?? SubscriptionsDatabase.NewId();
        await store.Transact(
            new EventMetadata(),
            async session =>
            {
                await AdmitInvitations.Handle(
                    new(id, business.App, business.Organization, waits, [.. (invitations ?? _invitations).Select(business.Asking)]), session, store, default);
                return true;
            });
        return id;
    }

    private async Task<AdmissionChunkEvent.Answered> AnswerTo(Business business, Guid chunk) =>
        (await database.Store.OpenSession().FetchStream(AdmissionChunk.StreamOf(chunk, business.Organization)))
        .ShouldHaveSingleItem().Data.ShouldBeOfType<AdmissionChunkEvent.Answered>();

    private Task<AdmissionStatus[]> Statuses(Business business) =>
        Task.WhenAll(_invitations.Select(async i => (await business.AdmissionOf(database.Store, i)).Status));
}
