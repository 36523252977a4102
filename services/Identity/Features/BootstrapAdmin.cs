using InviteHub.Contracts;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Makes the first System admin from the environment when there has never been one. Once there was, the environment changes nothing;
/// of two instances that start at once, one makes it.
/// </summary>
internal sealed class BootstrapAdmin(
    PostgresEventStore store, Users users, Passwords passwords, IConfiguration configuration, TimeProvider clock, ILogger<BootstrapAdmin> log)
    : IHostedService
{
    /// <summary>The configuration's, that is the environment's, name of the address.</summary>
    public const string EmailKey = "INVITEHUB_ADMIN_EMAIL";

    /// <summary>The configuration's, that is the environment's, name of the password.</summary>
    public const string PasswordKey = "INVITEHUB_ADMIN_PASSWORD";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await store.OpenSession().AggregateStream<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream, ct: cancellationToken) is not null)
            return;
        var (email, password) = (configuration[EmailKey], configuration[PasswordKey]);
        if (string.IsNullOrEmpty(email) || string.IsNullOrEmpty(password) || !EmailAddress.TryParse(email, out var address, out _))
        {
            log.LogError(
                "There is no System admin, and {Email} and {Password} do not name one: nobody can sign in. Set both and start again",
                EmailKey, PasswordKey);
            return;
        }

        // The operator's choice is taken as it is, but a weak one does not last.
        var weak = Passwords.Check(password, address.Text).Count > 0;
        var hash = await passwords.Hash(password, cancellationToken);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        try
        {
            await store.Transact(
                new EventMetadata(CausationId: "start"),
                async session =>
                {
                    var admins = await session.FetchForWriting<SystemAdmins, SystemAdminsEvent>(SystemAdmins.Stream, cancellationToken);
                    if (admins.Aggregate.Ids.IsEmpty)
                    {
                        admins.AppendOne(new SystemAdminsEvent.Added(id));
                        session.StartStream<User, UserEvent>(User.Stream(id)).AppendMany(Events(id, address.Text, hash, weak));
                    }

                    return true;
                },
                cancellationToken);
        }
        catch (UniqueRuleException) when (!cancellationToken.IsCancellationRequested)
        {
            if (await users.IdOf(address.Text, cancellationToken) is { } other && other != id)
                log.LogError("{Email} names an address that another account has; there is no System admin", EmailKey);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static UserEvent[] Events(Guid id, string email, string hash, bool mustChange) =>
    [
        new UserEvent.Registered(
            id, email, "System", "Admin", null, null, null, null, null, null, null, "en", Role.SystemAdmin, EmailVerified: true,
            PrivacyPolicyVersion: null, RegisteredBy.Bootstrap, InvitationId: null),
        new UserEvent.PasswordSet(id, hash, mustChange),
    ];
}
