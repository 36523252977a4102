using InviteHub.Contracts.Identity;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>Who people are, as Identity told.</summary>
internal static class People
{
    /// <summary>The system role that is assigned to customers.</summary>
    public const string Applicant = "applicant";

    /// <summary>What a list shows of the person <c>p</c>; null where nothing was told yet.</summary>
    public const string Columns = "p.first_name, p.last_name, p.email";

    /// <summary>SQL that holds where somebody's name or e-mail has what is looked for.</summary>
    public const string Matches = "(@pattern::text is null or concat_ws(' ', p.first_name, p.last_name, p.email) ilike @pattern)";

    /// <summary>What lists of people are sorted by.</summary>
    public static IReadOnlyList<(string Field, string Sql)> Orders { get; } =
        [("firstName", "lower(p.first_name)"), ("lastName", "lower(p.last_name)"), ("email", "lower(p.email)")];

    /// <summary>Keeps what was told. Message ids are event ids, and so in the order of time: an older one that comes late changes nothing.</summary>
    public static void Keep(EventSession session, PersonChanged person) => session.Sql.Execute(
        """
        insert into people (user_id, email, first_name, last_name, system_role, told_by)
        select $1, $2, $3, $4, $5, $6 where not ih_is_forgotten($1::text)
        on conflict (user_id) do update set email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
            system_role = excluded.system_role, told_by = excluded.told_by
        where people.told_by < excluded.told_by
        """,
        person.UserId, person.Email, person.FirstName, person.LastName, person.SystemRole, Guid.Parse(session.Metadata.CausationId!));

    /// <summary>Somebody's system role, or null when nobody was told of with this id.</summary>
    public static async Task<string?> SystemRoleOf(PostgresEventStore store, Guid userId, CancellationToken ct) =>
        (await store.One<Role>("select system_role from people where user_id = @userId", new { userId }, ct))?.SystemRole;

    /// <summary>The names of those that are known, for a page that shows them.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> Names(PostgresEventStore store, IEnumerable<Guid?> users, CancellationToken ct)
    {
        Guid[] ids = [.. users.OfType<Guid>().Distinct()];
        return (await store.List<Named>("select user_id, concat_ws(' ', first_name, last_name) as name from people where user_id = any(@ids)", new { ids }, ct))
            .ToDictionary(person => person.UserId, person => person.Name);
    }

    private sealed record Named
    {
        public Guid UserId { get; init; }

        public string Name { get; init; } = "";
    }

    private sealed record Role
    {
        public string SystemRole { get; init; } = "";
    }
}
