using System.Text.Json;
using Dapper;
using InviteHub.Contracts.Identity;
using InviteHub.EventStore;
using InviteHub.EventStore.PersonalData;
using InviteHub.Invitations.Features;
using InviteHub.Invitations.ReadModels;
using InviteHub.ServiceDefaults;

namespace InviteHub.Invitations.Integration;

/// <summary>
/// Erases what Invitations keeps of a person (GDP-03), under every id that they were invited as: by their account, and by each of their addresses
/// for as long as it was theirs. What they had not accepted is taken back, by commands, since that gives seats back and stops messages.
/// </summary>
internal sealed class ErasureDueConsumer(PostgresEventStore store, SubjectKeys keys, Erasures erasures, TimeProvider clock)
    : PersonEraser("invitations", store, keys, erasures, clock)
{
    private const int AtOnce = 1000;
    private readonly SubjectKeys _keys = keys;

    protected override async Task<IReadOnlyList<Guid>> SubjectsOf(ErasureDue asked, IReadOnlyList<string> emails, CancellationToken ct)
    {
        var addresses = emails.Select(InvitationList.KeyOf).ToHashSet(StringComparer.Ordinal);
        await using var connection = await Store.Database.OpenConnectionAsync(ct);
        var invitees = await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            select distinct i.invitee_id from invitation_list i
            where i.email_key = any(@addresses) and i.sent_on <= @RequestedAt
                and not exists (select from people p where p.user_id = i.invitee_id and p.user_id <> @UserId and p.email_key <> all(@addresses))
            """,
            new { addresses = addresses.ToArray(), asked.RequestedAt, asked.UserId }, cancellationToken: ct));
        return [.. invitees, .. await InRows(addresses, ct)];
    }

    protected override void Erase(Guid person, Guid[] subjects, IReadOnlyList<string> emails, EraseRows erase)
    {
        erase("people", "delete from people where user_id = any($1)", subjects);
        erase("organizations", "delete from organization_access where user_id = any($1)", subjects);
        erase(
            "batch rows",
            """
            update invitation_batch_rows set sealed = null, state = case when state in ('read', 'planned') then 'failed' else state end,
                code = case when state in ('read', 'planned') then 'invitee-forgotten' else code end,
                reason = case when state in ('read', 'planned') then 'The person was anonymized.' else reason end
            where invitee_id = any($1) and (sealed is not null or state in ('read', 'planned'))
            """,
            subjects);
    }

    protected override async Task Follow(ErasureDue asked, Guid[] subjects, EventMetadata metadata, CancellationToken ct)
    {
        await using var connection = await Store.Database.OpenConnectionAsync(ct);
        var invitations = await connection.QueryAsync<(Guid Id, Guid OrganizationId)>(new CommandDefinition(
            "select id, organization_id from invitation_list where invitee_id = any(@subjects) order by id", new { subjects }, cancellationToken: ct));
        foreach (var (id, organization) in invitations)
        {
            await Store.Transact(
                metadata,
                session => session.Decide<Invitation, InvitationEvent>(
                    Invitation.Stream(organization, id), invitation => ForgetInvitee.Decide(invitation, new(asked.By, Clock.GetUtcNow())), ct),
                ct);
        }
    }

    /// <summary>The invitees of the rows of batches that name one of the addresses.</summary>
    private async Task<IReadOnlyList<Guid>> InRows(HashSet<string> addresses, CancellationToken ct)
    {
        var found = new List<Guid>();
        IReadOnlyList<(Guid Batch, int Line, Guid Invitee, byte[] Sealed)> some;
        for (var (batch, line) = (Guid.Empty, 0); ; (batch, line, _, _) = some[^1])
        {
            await using (var connection = await Store.Database.OpenConnectionAsync(ct))
            {
                some = [.. await connection.QueryAsync<(Guid, int, Guid, byte[])>(new CommandDefinition(
                    """
                    select batch_id, line, invitee_id, sealed from invitation_batch_rows
                    where sealed is not null and (batch_id, line) > (@batch, @line) order by batch_id, line limit @AtOnce
                    """,
                    new { batch, line, AtOnce }, cancellationToken: ct))];
            }

            var opened = await _keys.Open(
                [.. some.Select(row => (row.Invitee.ToString(), (ReadOnlyMemory<byte>)row.Sealed))], InvitationBatches.Context, ct);
            found.AddRange(some.Zip(opened).Where(row => row.Second is { } clear && NamesOne(clear, addresses)).Select(row => row.First.Invitee));
            if (some.Count < AtOnce)
                return found;
        }
    }

    private static bool NamesOne(byte[] fields, HashSet<string> addresses) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(fields)!.Values.Any(value => addresses.Contains(InvitationList.KeyOf(value.Trim())));
}
