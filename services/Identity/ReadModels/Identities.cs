using System.Text.Json;
using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.ReadModels;

/// <summary>A digital identity for its person and those who review it.</summary>
internal sealed record IdentityView(string Status, string? Reason, IdentityDetails Details)
{
    public static IdentityView Of(DigitalIdentity identity) => new(Identities.Text(identity.Status), identity.Reason, identity.Details);
}

/// <summary>A person whose identity waits for validation.</summary>
internal sealed record WaitingIdentity(Guid UserId, string FirstName, string LastName, string Email, DateTimeOffset SubmittedAt);

/// <summary>How far identities have come, and who may review them.</summary>
internal sealed class Identities(PostgresEventStore store)
{
    // A System admin reviews everybody; others those who belong to an organization that they register users for.
    private const string Reviewed =
        """
        (@reviewer::uuid is null or exists (
            select from organization_access mine
            where mine.user_id = @reviewer and mine.permissions && array['founder', 'user_registration'] and mine.organization_id in (
                select organization_id from user_organizations where user_id = u.id
                union all select organization_id from user_app_roles where user_id = u.id
                union all select organization_id from organization_access where user_id = u.id and permissions <> array['applicant'])))
        """;

    public static string Text(IdentityStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    /// <summary>Why a caller has nothing to do with a person's identity, or null.</summary>
    public async Task<Refusal?> WhyNot(CurrentUser caller, Guid person, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"select exists (select from users u where u.id = @person and {Reviewed})", new { person, reviewer = Reviewer(caller) }, cancellationToken: ct))
            ? null
            : new UserNotFound();
    }

    /// <summary>A page of those who wait, the longest first unless asked otherwise.</summary>
    public async Task<Page<WaitingIdentity>> Waiting(CurrentUser caller, ListQuery list, CancellationToken ct)
    {
        var order = list.OrderBy(("submittedAt", "i.changed_at"), ("firstName", "u.first_name"), ("lastName", "u.last_name"));
        const string from = $"from identities i join users u on u.id = i.user_id where i.status = 'submitted' and {Reviewed}";
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            select count(*) {from};
            select u.id as "UserId", u.first_name as "FirstName", u.last_name as "LastName", u.email, i.changed_at as "SubmittedAt"
            {from} order by {order}, u.id limit @size offset @offset
            """,
            new { reviewer = Reviewer(caller), size = list.PageSize, offset = list.Offset },
            cancellationToken: ct));
        var total = await rows.ReadSingleAsync<long>();
        return new([.. await rows.ReadAsync<WaitingIdentity>()], list.Page, list.PageSize, total);
    }

    private static Guid? Reviewer(CurrentUser caller) => caller.IsSystemAdmin ? null : caller.Id;

    /// <summary>Writes the table.</summary>
    internal sealed class Projection : IInlineProjection
    {
        public void Project(RecordedEvent happened, SqlQueue sql)
        {
            if (happened.Data is not DigitalIdentityEvent change)
                return;
            var status = change switch
            {
                DigitalIdentityEvent.Submitted => IdentityStatus.Submitted,
                DigitalIdentityEvent.Validated => IdentityStatus.Validated,
                DigitalIdentityEvent.Returned => IdentityStatus.Returned,
                _ => IdentityStatus.Draft,
            };
            sql.Execute(
                """
                insert into identities (user_id, status, changed_at) values ($1, $2, $3)
                on conflict (user_id) do update set status = excluded.status, changed_at = excluded.changed_at
                """,
                happened.Stream.Key, Text(status), happened.Timestamp);
        }
    }
}
