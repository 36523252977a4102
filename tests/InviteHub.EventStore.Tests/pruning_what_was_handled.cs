using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.EventStore.Tests;

/// <summary>What was handled is remembered as long as it can come again, and no longer.</summary>
public sealed class pruning_what_was_handled(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact, Trait("Feature", "INV-21")]
    public async Task forgets_requests_after_24_hours_and_messages_after_30_days()
    {
        var message = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var session = database.Session();
        session.HandledBy("consumer", message);
        session.Answers("caller", "key", [1], "resource");
        await session.SaveChanges();

        (await Left(after: TimeSpan.FromHours(23))).ShouldBe((1, 1));
        (await Left(after: TimeSpan.FromHours(25))).ShouldBe((1, 0));
        (await Left(after: TimeSpan.FromDays(29))).ShouldBe((1, 0));
        (await Left(after: TimeSpan.FromDays(31))).ShouldBe((0, 0));
    }

    [Fact]
    public async Task takes_as_many_bites_as_it_needs()
    {
        await database.Ask<object>(
            "insert into inbox (consumer, message_id, received_at) select 'many', gen_random_uuid(), now() - interval '40 days' from generate_series(1, 25000)");

        (await Left(after: TimeSpan.Zero)).Messages.ShouldBe(0);
    }

    private async Task<(long Messages, long Requests)> Left(TimeSpan after)
    {
        await database.Ask<object>("with aged as (update inbox set received_at = least(received_at, now() - $1)) update idempotency set created_at = now() - $1", after);
        await using var process = database.AnotherProcess();
        await process.GetRequiredService<Pruning>().Prune(default);
        return (await database.Ask<long>("select count(*) from inbox"), await database.Ask<long>("select count(*) from idempotency"));
    }
}
