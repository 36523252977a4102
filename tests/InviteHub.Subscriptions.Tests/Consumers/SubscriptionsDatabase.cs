using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Subscriptions.Features;
using InviteHub.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Subscriptions.Tests.Consumers;

/// <summary>The service's database without its host: what the consumers do, from as many stores as a test likes.</summary>
public sealed class SubscriptionsDatabase : TestDatabase
{
    private readonly List<ServiceProvider> _processes = [];

    // As the host says it: Dapper keeps for ever how it first read a row, whoever asks next in this process.
    static SubscriptionsDatabase() => Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;

    internal PostgresEventStore Store { get; private set; } = null!;

    /// <summary>A store of its own, as another instance of the service has it.</summary>
    internal PostgresEventStore AnotherInstance()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddEventStore(FewConnections(ConnectionString), Catalogue.Events, new MasterKey("the master key of the tests, long enough")).AddReadModels();
        var process = services.BuildServiceProvider();
        _processes.Add(process);
        return process.GetRequiredService<PostgresEventStore>();
    }

    /// <summary>The server has a hundred connections for all tests.</summary>
    internal static string FewConnections(string connection) => $"{connection};Maximum Pool Size=12";

    /// <summary>A business with an app and a subscription of so many seats.</summary>
    internal async Task<Business> Business(int? seats, AtLimit atLimit = AtLimit.Refuse)
    {
        var business = new Business(NewId(), NewId(), NewId());
        var session = Store.OpenSession();
        session.StartStream<App, AppEvent>(App.StreamOf(business.App)).AppendOne(new AppEvent.Created(business.App, "CRM", [new("reader", "Reader")]));
        session.StartStream<Organization, OrganizationEvent>(Organization.StreamOf(business.Organization)).AppendMany(
        [
            new OrganizationEvent.Created(business.Organization, "Acme", ["business"]),
            new OrganizationEvent.AppEntitled(business.Organization, business.App),
        ]);
        session.StartStream<Subscription, SubscriptionEvent>(business.SeatsStream).AppendMany(
        [
            new SubscriptionEvent.Created(business.Subscription, business.Organization, business.App, "gold", seats, World.Today, null),
            .. atLimit == AtLimit.Refuse ? (SubscriptionEvent[])[] : [new SubscriptionEvent.SeatPolicyChanged(atLimit, null)],
        ]);
        await session.SaveChanges();
        return business;
    }

    internal static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    protected override async Task Prepare()
    {
        Store = AnotherInstance();
        await Store.ApplySchema(PostgresEventStore.EmbeddedSql(typeof(Subscription).Assembly));
    }

    protected override async Task CleanUp()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
    }
}

/// <summary>A business whose one subscription is invited to.</summary>
internal sealed record Business(Guid Organization, Guid App, Guid Subscription)
{
    public StreamId SeatsStream => Subscriptions.Subscription.StreamOf(Subscription, Organization);

    /// <summary>The message that asks for an invitation, once more each time it is called.</summary>
    public Task Request(PostgresEventStore store, Guid invitation, int round = 1) =>
        Consume(store, session => AdmitInvitation.Handle(Asking(invitation) with { Round = round }, session, store, default));

    public AdmitInvitation.Command Asking(Guid invitation) =>
        new(invitation, Organization, "access", World.Admin, "systemAdmin", World.Member, App, Subscription, "reader", World.Today);

    public Task Withdraw(PostgresEventStore store, Guid invitation, int round = 1) =>
        Consume(store, session => WithdrawInvitation.Handle(new(invitation, Organization, "revoked", World.Today, round), session, default));

    public Task Provision(PostgresEventStore store, Guid invitation) =>
        Consume(store, session => ConfirmSeat.Handle(new(invitation, Organization, World.Member), session, default));

    public async Task<Admission> AdmissionOf(PostgresEventStore store, Guid invitation) =>
        await store.OpenSession().AggregateStream<Admission, AdmissionEvent>(Admission.StreamOf(invitation, Organization)) ?? Admission.Initial;

    public async Task<IReadOnlyList<string>> AnswersTo(PostgresEventStore store, Guid invitation) =>
        [.. (await store.OpenSession().FetchStream(Admission.StreamOf(invitation, Organization))).Select(e => e.Type)];

    public async Task<IReadOnlyList<string>> Movements(PostgresEventStore store) =>
        [.. (await store.OpenSession().FetchStream(SeatsStream)).Skip(1).Select(e => e.Type)];

    /// <summary>Under a message id of its own, so that the inbox does not hide whether the rules bear the same message again.</summary>
    private static async Task Consume(PostgresEventStore store, Func<EventSession, Task> handle) => await store.Transact(
        new EventMetadata(),
        async session =>
        {
            session.HandledBy("test", SubscriptionsDatabase.NewId());
            await handle(session);
            return true;
        });
}
