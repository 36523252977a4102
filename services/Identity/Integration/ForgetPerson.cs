using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Identity.Features;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.Integration;

/// <summary>
/// Erases what Identity keeps of a person (GDP-03), after all others have. The row of the list went when the account was closed; a row of an
/// import that has one of the addresses becomes no account any more. Who looked at whom stays, as what happened stays: by ids alone (LOG-05).
/// </summary>
internal sealed class ErasureDueConsumer(
    PostgresEventStore store, SubjectKeys keys, Erasures erasures, UserImports imports, Sessions sessions, TimeProvider clock)
    : PersonEraser(Anonymization.Identity, store, keys, erasures, clock)
{
    protected override Task<IReadOnlyList<Guid>> SubjectsOf(ErasureDue asked, IReadOnlyList<string> emails, CancellationToken ct) =>
        imports.Awaited([.. emails.Select(Users.KeyOf)], ct);

    protected override void Erase(Guid person, Guid[] subjects, IReadOnlyList<string> emails, EraseRows erase)
    {
        erase("avatars", "delete from avatars where user_id = $1", person);
        erase("identities", "delete from identities where user_id = $1", person);
        erase("password resets", "delete from password_resets where user_id = $1", person);
        erase("sign-in grants", "delete from sign_in_grants where user_id = $1", person);
        erase("sign-in attempts", "delete from sign_in_attempts where key = any($1)", (object)SignInAttempts.KeysOf(emails).ToArray());
        erase("invitation statuses", "delete from user_invitations where user_id = any($1)", subjects);
        erase("organizations", "delete from organization_access where user_id = $1", person);
        erase("removal requests", "update removal_requests set reason = null where user_id = $1 and reason is not null", person);
        erase(
            "import rows", "update user_import_rows set state = case state when 'waiting' then 'cancelled' else state end, sealed = null where user_id = any($1) and sealed is not null",
            subjects);
    }

    /// <summary>Whoever signed in, or asked, at the moment at which the account was closed.</summary>
    protected override Task Follow(ErasureDue asked, Guid[] subjects, EventMetadata metadata, CancellationToken ct) => Store.Transact(
        metadata,
        async session =>
        {
            await EndSession.AllOf(asked.UserId, SessionEnd.Anonymized, session, sessions, Clock, ct);
            return await session.Decide<RemovalRequest, RemovalEvent>(
                RemovalRequest.Stream(asked.UserId), removal => AnonymizeUser.Decide(removal, asked.UserId, asked.By), ct);
        },
        ct);
}
