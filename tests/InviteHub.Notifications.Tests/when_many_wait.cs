using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Notifications.Features;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "NOT-03")]
[Collection(NotificationsService.Collection)]
public sealed class when_many_wait(NotificationsService service) : IAsyncLifetime
{
    private readonly string _run = $"{Some.NewId():N}";

    public Task InitializeAsync()
    {
        service.Smtp.Script.Clear();
        service.Smtp.Otherwise = Does.Accepts;
        while (service.Smtp.Hanging.Wait(0))
        {
            // What earlier tests left.
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await service.Database.Ask<object>("delete from due_deliveries where trace = $1", _run);
        // What hangs is given up, and goes through the next time.
        service.Smtp.For.Clear();
        service.Clock.Advance(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task a_password_reset_goes_out_though_100_000_others_do_and_the_server_hangs_on_them()
    {
        var holders = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Told($"{n}@{n}.{_run}.example")));
        foreach (var holder in holders)
            service.Smtp.For[holder.Email] = Does.Hangs;
        var somebody = await Told($"somebody@{_run}.example");

        await Task.WhenAll(holders.Select(holder => service.Publish(Some.Due(NoticeKind.SubscriptionStopped, holder.UserId))));
        for (var n = 0; n < 6; n++)
            (await service.Smtp.Hanging.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        await service.Database.Ask<object>(
            $"""
            insert into due_deliveries (id, tenant_id, priority, due_at, trace)
            select gen_random_uuid(), '{_run}', 1 + n % 2, '{service.Clock.GetUtcNow():O}'::timestamptz + n * interval '1 millisecond', '{_run}'
            from generate_series(1, 100000) n
            """);
        var reset = Some.Due(NoticeKind.PasswordReset, somebody.UserId, service.Clock.GetUtcNow().AddHours(1));
        await service.Publish(reset);
        await service.NoticeBecomes(reset.NoticeId, DeliveryStatus.Sent);

        service.MailsTo(somebody.Email).Count().ShouldBe(1);
        // The places of the urgent ones were kept: six of the others are under way, and no more.
        service.Smtp.Hanging.CurrentCount.ShouldBe(0);
        holders.ShouldAllBe(holder => !service.MailsTo(holder.Email).Any());
    }

    [Fact]
    public async Task an_organization_with_few_waiting_comes_before_one_with_many()
    {
        var (few, many) = (Some.NewId(), Some.NewId());
        await service.Database.Ask<object>(
            $"""
            insert into due_deliveries (id, tenant_id, priority, due_at, trace)
            select gen_random_uuid(), '{many}', 1, 'infinity', '{_run}' from generate_series(1, 50)
            """);

        (await PriorityOf(few, "invitation")).ShouldBe((short)1);
        (await PriorityOf(many, "invitation")).ShouldBe((short)2);
        (await PriorityOf(many, NoticeKind.TwoFactorCode)).ShouldBe((short)0);
    }

    /// <summary>What a message of an organization is queued as; it is given back in the end, so that nobody takes it up.</summary>
    private async Task<short> PriorityOf(Guid organization, string kind)
    {
        var message = Some.Notice() with { Kind = kind, NoticeId = Some.NewId(), At = DateTimeOffset.MaxValue };
        await service.Store.Transact(new EventMetadata(), async session =>
        {
            await QueueNotice.Handle(new(organization, message), session, CancellationToken.None);
            session.Sql.Execute("update due_deliveries set trace = $2 where id = $1", Delivery.IdFor(message.NoticeId, "email"), _run);
            return true;
        });
        return await service.Database.Ask<short>("select priority from due_deliveries where id = $1", Delivery.IdFor(message.NoticeId, "email"));
    }

    private async Task<Contracts.Identity.PersonChanged> Told(string email)
    {
        var (person, id) = (Some.Person(email), Some.NewId());
        await service.Publish(person, id);
        await Eventually.Is(async () => await service.Database.Ask<bool>("select true from inbox where message_id = $1", id), "it is handled");
        return person;
    }
}
