using System.Globalization;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Subscriptions.Features;
using Microsoft.Extensions.DependencyInjection;

namespace InviteHub.Subscriptions.Tests.Consumers;

/// <summary>
/// What consumers do to one subscription, in a process of its own that may be killed at any moment: messages of few invitations at
/// random, so that they come twice, late and in any order. The test starts this assembly again for each.
/// </summary>
internal static class SeatWorker
{
    public const int Invitations = 600;

    /// <summary>Request, withdrawal, acceptance and taking back, each under two ids: the rules have to bear a message again, and not only the inbox.</summary>
    public const int Kinds = 8;

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var connection, var organization, var app, var subscription, var workers, var seed])
            return 2;
        var business = new Business(Guid.Parse(organization), Guid.Parse(app), Guid.Parse(subscription));
        await using var services = new ServiceCollection().AddLogging()
            .AddEventStore(connection, Catalogue.Events, new MasterKey("the master key of the tests, long enough")).AddReadModels().BuildServiceProvider();
        var store = services.GetRequiredService<PostgresEventStore>();
        Console.WriteLine("works");
        await Task.WhenAll(Enumerable.Range(0, int.Parse(workers, CultureInfo.InvariantCulture)).Select(n => Task.Run(async () =>
        {
            var random = new Random((int.Parse(seed, CultureInfo.InvariantCulture) * 1000) + n);
            while (true)
                await Deliver(store, business, random.Next(Invitations), random.Next(Kinds));
        })));
        return 0;
    }

    /// <summary>One message, under the id that it has each time.</summary>
    public static async Task Deliver(PostgresEventStore store, Business business, int invitation, int kind)
    {
        var id = World.Id(10_000 + invitation);
        try
        {
            await store.Transact(
                new EventMetadata(),
                async session =>
                {
                    session.HandledBy("seat-worker", new Guid(invitation, (short)kind, 0, business.Subscription.ToByteArray()[..8]));
                    await Handle(session, store, business, id, kind);
                    return true;
                });
        }
        catch (DuplicateMessageException)
        {
            // Handled before, perhaps by a process that is dead now.
        }
        catch (ConcurrencyConflictException)
        {
            // It lost a dozen times: the bus would bring it again, and so does chance.
        }
    }

    // A third is never withdrawn, and a quarter never taken back.
    private static Task Handle(EventSession session, PostgresEventStore store, Business business, Guid invitation, int kind) => (kind % 4) switch
    {
        0 => AdmitInvitation.Handle(
            new(invitation, business.Organization, "access", World.Admin, "systemAdmin", invitation, business.App, business.Subscription, "reader", World.Today),
            session, store, default),
        1 when invitation.ToByteArray()[0] % 3 != 0 =>
            WithdrawInvitation.Handle(new(invitation, business.Organization, "revoked", World.Today), session, default),
        2 => ConfirmSeat.Handle(new(invitation, business.Organization, invitation), session, default),
        3 when invitation.ToByteArray()[0] % 4 != 0 =>
            TakeSeatBack.Take(session, business.SeatsStream, business.Organization, invitation, World.Today, default),
        _ => Task.CompletedTask,
    };
}
