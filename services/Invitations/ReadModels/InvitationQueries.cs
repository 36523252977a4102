using Dapper;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Npgsql;

namespace InviteHub.Invitations.ReadModels;

/// <summary>An invitation as clients see it; the personal number masked (INV-03).</summary>
internal sealed record InvitationView(
    Guid Id, string Way, string Status, Named Organization, string Email, string FirstName, string LastName, string? PersonalNumber,
    string? LmaNumber, string? Phone, string? Gender, bool? SwedishCitizen, bool? EuCitizen, Named? App, Guid? SubscriptionId,
    string? Role, string? RoleName, DateTimeOffset SentOn, Named SentBy, DateTimeOffset? ExpiresOn, Delivery Delivery, RefusalView? Refusal,
    Guid? AcceptedBy, string? DeclineReason, ApprovalView? Approval)
{
    /// <summary>The language of its messages; null where not one invitation is asked for, but a list.</summary>
    public string? Language { get; init; }

    /// <summary>The fields that can be changed of it while it is open (INV-07); null in lists, too.</summary>
    public IReadOnlyList<string>? Changeable { get; init; }
}

/// <summary>A thing with its name, where that is known.</summary>
internal sealed record Named(Guid Id, string? Name);

/// <summary>What became of the mail: <c>queued</c>, <c>sent</c>, <c>failed</c> or <c>bounced</c>; null until one was queued.</summary>
internal sealed record Delivery(string Channel, string? Status, string? Error);

/// <summary>Why an invitation was rejected, or an expired one could not be sent again, with the facts that decided, by name (INV-25).</summary>
internal sealed record RefusalView(string Code, string Detail, IReadOnlyDictionary<string, string>? Facts);

/// <summary>What a second person says of an invitation (INV-23): <c>awaited</c>, <c>approved</c> or <c>rejected</c>.</summary>
internal sealed record ApprovalView(string Status, Guid? By, DateTimeOffset? At, string? Reason);

/// <summary>Somebody with an account.</summary>
internal sealed record Person(Guid UserId, string Email, string FirstName, string LastName, string Language);

/// <summary>What a link's hash belongs to.</summary>
internal sealed record LinkRow(Guid InvitationId, Guid OrganizationId, int Generation);

/// <summary>Questions to the read models.</summary>
internal sealed class InvitationQueries(NpgsqlDataSource database, TimeProvider clock)
{
    // A pending invitation whose time is up is expired, whether or not the clock's worker has come by.
    private const string Status = "case when i.status = 'pending' and i.expires_on <= @Now then 'expired' else i.status end";

    /// <summary>What a <see cref="Row"/> is read from; takes <c>@Now</c>.</summary>
    internal const string Columns =
        $"""
        i.id, i.way, {Status} as status, i.organization_id, i.organization, i.email, i.first_name, i.last_name, i.personal_number, i.lma_number,
        i.phone, i.gender, i.swedish_citizen, i.eu_citizen, i.app_id, i.app, i.subscription_id, i.role, i.role_name, i.sent_on, i.sent_by,
        p.first_name as sender_first_name, p.last_name as sender_last_name, i.expires_on, i.channel, i.delivery_status, i.delivery_error,
        i.refusal_code, i.refusal_detail, i.refusal_facts::text as refusal_facts, i.accepted_by, i.decline_reason, a.status as approval_status, a.decided_by, a.decided_at, a.reason
        from invitation_list i left join people p on p.user_id = i.sent_by left join invitation_approvals a on a.invitation_id = i.id
        """;

    // What a caller may see: a System admin all, others the invitations of organizations where they have a say.
    private const string Visible =
        "(@IsSystemAdmin or i.organization_id in (select organization_id from organization_access where user_id = @Caller and cardinality(permissions) > 0))";

    static InvitationQueries() => SqlTypes.Register();

    /// <summary>One invitation, whoever asks.</summary>
    public async Task<InvitationView?> Invitation(Guid id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new(
            $"select {Columns} where i.id = @Id", new { Id = id, Now = clock.GetUtcNow() }, cancellationToken: ct));
        return row?.View();
    }

    /// <summary>One invitation, if the caller may see it.</summary>
    public async Task<InvitationView?> Invitation(Guid id, CurrentUser caller, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new(
            $"select {Columns} where i.id = @Id and {Visible}",
            new { Id = id, Caller = caller.Id, caller.IsSystemAdmin, Now = clock.GetUtcNow() }, cancellationToken: ct));
        return row?.View();
    }

    /// <summary>A page of the open invitations that a user was sent, the newest first.</summary>
    public async Task<Page<InvitationView>> Mine(CurrentUser caller, ListQuery list, CancellationToken ct)
    {
        var order = list.OrderBy(("sentOn", "i.sent_on desc"), ("organization", "i.organization"));
        const string Where = "i.invitee_id = @Caller and i.is_open and i.status = 'pending' and i.expires_on > @Now";
        var asked = new { Caller = caller.Id, Now = clock.GetUtcNow(), list.PageSize, list.Offset };
        await using var connection = await database.OpenConnectionAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new($"select count(*) from invitation_list i where {Where}", asked, cancellationToken: ct));
        var rows = await connection.QueryAsync<Row>(new(
            $"select {Columns} where {Where} order by {order}, i.id limit @PageSize offset @Offset", asked, cancellationToken: ct));
        return new([.. rows.Select(row => row.View())], list.Page, list.PageSize, total);
    }

    /// <summary>The stream of an invitation that a user was sent; null for anybody else's.</summary>
    public async Task<StreamId?> InvitedTo(Guid id, CurrentUser caller, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var organization = await connection.ExecuteScalarAsync<Guid?>(new(
            "select organization_id from invitation_list where id = @Id and invitee_id = @Caller", new { Id = id, Caller = caller.Id }, cancellationToken: ct));
        return organization is { } tenant ? Invitations.Invitation.Stream(tenant, id) : null;
    }

    /// <summary>The invitation to their account that a user has not answered yet.</summary>
    public async Task<Guid?> OpenToAccount(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<Guid?>(new(
            "select id from invitation_list where invitee_id = @userId and is_open and way in ('account', 'created')", new { userId }, cancellationToken: ct));
    }

    /// <summary>The name of who sent an invitation, when it is known.</summary>
    public async Task<string?> Sender(Guid invitationId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new(
            "select p.first_name || ' ' || p.last_name from invitation_list i join people p on p.user_id = i.sent_by where i.id = @Id",
            new { Id = invitationId }, cancellationToken: ct));
    }

    /// <summary>The names of people, as far as they are known.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> Names(Guid[] users, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid Id, string Name)>(new(
            "select user_id, first_name || ' ' || last_name from people where user_id = any(@users)", new { users }, cancellationToken: ct)))
            .ToDictionary(person => person.Id, person => person.Name);
    }

    /// <summary>The system role that somebody has now, as far as it was told.</summary>
    public async Task<string> SystemRole(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<string?>(new(
            "select system_role from people where user_id = @Id", new { Id = userId }, cancellationToken: ct)) ?? "guest";
    }

    /// <summary>Whether somebody is forgotten here.</summary>
    public async Task<bool> IsForgotten(Guid userId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new("select ih_is_forgotten(@Id)", new { Id = userId.ToString() }, cancellationToken: ct));
    }

    /// <summary>Which open invitation stands in the way of another one of its kind (INV-02), as far as the caller may see it.</summary>
    public async Task<InvitationOpen> Open(Guid organizationId, Guid? subscriptionId, string way, string email, CurrentUser caller, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var open = await connection.QueryFirstOrDefaultAsync<(Guid Id, string Status, DateTimeOffset SentOn)?>(new(
            $"""
            select i.id, i.status, i.sent_on from invitation_list i
            where i.is_open and i.organization_id = @organizationId and i.email_key = @Email and i.scope = @Scope and {Visible}
            """,
            new
            {
                organizationId, Email = InvitationList.KeyOf(email), Scope = InvitationList.ScopeOf(subscriptionId, way),
                Caller = caller.Id, caller.IsSystemAdmin,
            },
            cancellationToken: ct));
        return open is { } one ? new(one.Id, one.Status, one.SentOn) : new();
    }

    public Task<Person?> Person(Guid userId, CancellationToken ct) => Person("user_id = @Value", userId, ct);

    public Task<Person?> PersonByEmail(string emailKey, CancellationToken ct) => Person("email_key = @Value", emailKey, ct);

    /// <summary>What a token's hash belongs to, or null when no link was ever made with it.</summary>
    public async Task<LinkRow?> Link(string tokenHash, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<LinkRow>(new(
            "select invitation_id, organization_id, generation from invitation_links where token_hash = @Hash",
            new { Hash = tokenHash }, cancellationToken: ct));
    }

    private async Task<Person?> Person(string which, object value, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QueryFirstOrDefaultAsync<Person>(new(
            $"select user_id, email, first_name, last_name, language from people where {which}", new { Value = value }, cancellationToken: ct));
    }

    /// <summary>An invitation as it is read.</summary>
    internal sealed class Row
    {
        public Guid Id { get; init; }

        public string Way { get; init; } = "";

        public string Status { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public string? Organization { get; init; }

        public string Email { get; init; } = "";

        public string FirstName { get; init; } = "";

        public string LastName { get; init; } = "";

        public string? PersonalNumber { get; init; }

        public string? LmaNumber { get; init; }

        public string? Phone { get; init; }

        public string? Gender { get; init; }

        public bool? SwedishCitizen { get; init; }

        public bool? EuCitizen { get; init; }

        public Guid? AppId { get; init; }

        public string? App { get; init; }

        public Guid? SubscriptionId { get; init; }

        public string? Role { get; init; }

        public string? RoleName { get; init; }

        public DateTimeOffset SentOn { get; init; }

        public Guid SentBy { get; init; }

        public string? SenderFirstName { get; init; }

        public string? SenderLastName { get; init; }

        public DateTimeOffset? ExpiresOn { get; init; }

        public string Channel { get; init; } = "";

        public string? DeliveryStatus { get; init; }

        public string? DeliveryError { get; init; }

        public string? RefusalCode { get; init; }

        public string? RefusalDetail { get; init; }

        public string? RefusalFacts { get; init; }

        public Guid? AcceptedBy { get; init; }

        public string? DeclineReason { get; init; }

        public string? ApprovalStatus { get; init; }

        public Guid? DecidedBy { get; init; }

        public DateTimeOffset? DecidedAt { get; init; }

        public string? Reason { get; init; }

        public InvitationView View() => new(
            Id, Way, Status, new(OrganizationId, Organization), Email, FirstName, LastName, PersonalNumber, LmaNumber, Phone, Gender,
            SwedishCitizen, EuCitizen, AppId is { } app ? new(app, App) : null, SubscriptionId, Role, RoleName, SentOn,
            new(SentBy, SenderFirstName is null ? null : $"{SenderFirstName} {SenderLastName}"),
            ExpiresOn, new(Channel, DeliveryStatus, DeliveryError),
            RefusalCode is null ? null : new(RefusalCode, RefusalDetail!, InvitationBatches.FactsOf(RefusalFacts)), AcceptedBy, DeclineReason,
            ApprovalStatus is null ? null : new(ApprovalStatus, DecidedBy, DecidedAt, Reason));
    }
}
