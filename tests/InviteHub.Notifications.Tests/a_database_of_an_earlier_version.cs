using InviteHub.EventStore;
using InviteHub.Notifications.ReadModels;
using InviteHub.Testing;

namespace InviteHub.Notifications.Tests;

[Trait("Feature", "OPS-06")]
public sealed class a_database_of_an_earlier_version : IAsyncLifetime
{
    private readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task keeps_what_was_waiting_to_be_sent()
    {
        var id = Some.NewId();
        await _database.Ask<object>(
            """
            create table due_deliveries (
                id uuid not null constraint due_deliveries_pkey primary key, organization_id uuid not null, due_at timestamptz not null, trace text)
            """);
        await _database.Ask<object>("insert into due_deliveries (id, organization_id, due_at) values ($1, $2, $3)", id, Some.Organization, Some.Now);

        // Every start does it again.
        foreach (var script in PostgresEventStore.EmbeddedSql(typeof(Delivery).Assembly).Concat(PostgresEventStore.EmbeddedSql(typeof(Delivery).Assembly)))
            await _database.Ask<object>(script);

        var taken = await DueDeliveries.Take(_database.Source, urgent: 1, others: 1, Some.Now, CancellationToken.None);
        taken.Single().Stream.ShouldBe(Delivery.Stream(Some.Organization, id));
        taken.Single().IsUrgent.ShouldBeFalse();
    }
}
