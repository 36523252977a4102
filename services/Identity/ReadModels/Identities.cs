using System.Text.Json;
using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;

namespace InviteHub.Identity.ReadModels;

/// <summary>A digital identity for its person and those who review it.</summary>
internal sealed record IdentityView(string Status, string? Reason, IdentityDetails Details)
{
    /// <summary>Whose it is, for others than themselves.</summary>
    public IdentityPerson? Person { get; init; }

    public static IdentityView Of(DigitalIdentity identity) => new(Identities.Text(identity.Status), identity.Reason, identity.Details);
}

/// <summary>A person whose identity waits for validation.</summary>
internal sealed record WaitingIdentity(Guid UserId, string FirstName, string LastName, string Email, DateTimeOffset SubmittedAt);

/// <summary>Somebody whose identity the caller may complete or review, with how far it has come.</summary>
internal sealed record IdentityPerson(Guid UserId, string FirstName, string LastName, string Email, string Status);

/// <summary>How far identities have come, and who may review them.</summary>
internal sealed class Identities(PostgresEventStore store)
{
    // Those who belong to an organization that the reviewer registers users for.
    private const string Theirs =
        """
        u.id in (
            with mine as (
                select organization_id from organization_access where user_id = @reviewer and permissions && array['founder', 'user_registration'])
            select user_id from user_organizations where organization_id in (select organization_id from mine)
            union all select user_id from user_app_roles where organization_id in (select organization_id from mine)
            union all select user_id from organization_access where organization_id in (select organization_id from mine) and permissions <> array['applicant'])
        """;

    private const string Columns =
        """
        u.id as "UserId", u.first_name as "FirstName", u.last_name as "LastName", u.email, coalesce(i.status, 'missing') as "Status"
        from users u left join identities i on i.user_id = u.id
        """;

    public static string Text(IdentityStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    /// <summary>Somebody whose identity the caller may see; null for whom it is none of the caller's business.</summary>
    public async Task<IdentityPerson?> Person(CurrentUser caller, Guid person, CancellationToken ct)
    {
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<IdentityPerson>(new CommandDefinition(
            $"select {Columns} where u.id = @person and {Reviewed(caller)}", new { person, reviewer = caller.Id }, cancellationToken: ct));
    }

    /// <summary>A page of those whose identities the caller may complete or review, by first name unless asked otherwise.</summary>
    public async Task<Page<IdentityPerson>> People(CurrentUser caller, string? status, ListQuery list, CancellationToken ct)
    {
        var order = list.OrderBy(("firstName", "u.first_name_key"), ("lastName", "u.last_name_key"), ("email", "u.email_key collate \"C\""));
        var where = $"where {Reviewed(caller)} and {UsersDirectory.Matches(list.Search)} and (@status::text is null or coalesce(i.status, 'missing') = @status)";
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            select count(*) from users u left join identities i on i.user_id = u.id {where};
            select {Columns} {where} order by {order}, u.id limit @size offset @offset
            """,
            new { reviewer = caller.Id, search = list.Search, status, size = list.PageSize, offset = list.Offset },
            cancellationToken: ct));
        var total = await rows.ReadSingleAsync<long>();
        return new([.. await rows.ReadAsync<IdentityPerson>()], list.Page, list.PageSize, total);
    }

    /// <summary>A page of those who wait, the longest first unless asked otherwise.</summary>
    public async Task<Page<WaitingIdentity>> Waiting(CurrentUser caller, ListQuery list, CancellationToken ct)
    {
        var order = list.OrderBy(("submittedAt", "i.changed_at"), ("firstName", "u.first_name"), ("lastName", "u.last_name"));
        var from = $"from identities i join users u on u.id = i.user_id where i.status = 'submitted' and {Reviewed(caller)}";
        await using var connection = await store.Database.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            select count(*) {from};
            select u.id as "UserId", u.first_name as "FirstName", u.last_name as "LastName", u.email, i.changed_at as "SubmittedAt"
            {from} order by {order}, u.id limit @size offset @offset
            """,
            new { reviewer = caller.Id, size = list.PageSize, offset = list.Offset },
            cancellationToken: ct));
        var total = await rows.ReadSingleAsync<long>();
        return new([.. await rows.ReadAsync<WaitingIdentity>()], list.Page, list.PageSize, total);
    }

    // A System admin reviews everybody.
    private static string Reviewed(CurrentUser caller) => caller.IsSystemAdmin ? "true" : Theirs;

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
