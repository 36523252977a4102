using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.EventStore.Tests;

/// <summary>What inline projections are given of a commit: events that are alike at once, and the order of each stream kept.</summary>
public sealed class projecting_a_whole_commit(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task hands_events_of_one_type_over_together_and_never_past_another()
    {
        var seen = new Seen();
        using var host = await database.Host(services => services.AddSingleton<IInlineProjection>(seen));
        var session = host.Services.GetRequiredService<PostgresEventStore>().OpenSession();
        for (var n = 0; n < 3; n++)
        {
            session.StartStream<Account, AccountEvent>(StoreDatabase.NewStream())
                .AppendOne(new AccountEvent.Opened(database.NextNumber()));
        }

        var both = session.StartStream<Account, AccountEvent>(StoreDatabase.NewStream());
        both.AppendMany([new AccountEvent.Opened(database.NextNumber()), new AccountEvent.Credited(1), new AccountEvent.Credited(2)]);
        await session.SaveChanges();

        seen.Given.Select(alike => (alike[0].Type, alike.Length)).ShouldBe([("account.opened.v1", 4), ("account.credited.v1", 2)]);
        seen.Given[0][3].Stream.ShouldBe(both.Id);
        seen.Given[1].Select(happened => (happened.Stream, happened.Version)).ShouldBe([(both.Id, 2L), (both.Id, 3L)]);
    }

    private sealed class Seen : IInlineProjection
    {
        public List<RecordedEvent[]> Given { get; } = [];

        public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql) => Given.Add([.. alike]);

        public void Project(RecordedEvent happened, SqlQueue sql) => throw new InvalidOperationException("each is handed over with those that are alike");
    }
}
