using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Lists an organization's professionals, mentors and administrators (ROL-06), and shows one, for everybody who may see it. The lists
/// have those who stand, unless a <c>status</c> is asked for; a supplier's also go by language, classroom and competence.
/// </summary>
internal static class ListAppointments
{
    public static void Map(RouteGroupBuilder organizations)
    {
        foreach (var (path, roles) in HeldRole.People.Select(one => (one.Key, Roles: (IReadOnlyList<string>)[one.Value])).Append(("administrators", HeldRole.Administrators)))
        {
            organizations.MapGet($"/{{id:guid}}/{path}", (
                    Guid id, [AsParameters] Filter filter, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
                All(id, roles, filter, query, user, store, ct)).Requires(Permission.SeeOrganizations).WithName($"List{path}");
            organizations.MapGet($"/{{id:guid}}/{path}/{{userId:guid}}", (
                    Guid id, Guid userId, string? role, CurrentUser user, PostgresEventStore store, HttpResponse response, CancellationToken ct) =>
                One(id, userId, [.. roles.Where(one => role is null || one == role)], user, store, response, ct))
                .Requires(Permission.SeeOrganizations).WithName($"GetOneOf{path}");
        }
    }

    public static Task<Page<AppointmentRow>> Read(
        Guid holderId, IReadOnlyList<string> roles, Filter filter, ListQuery query, PostgresEventStore store, CancellationToken ct) =>
        store.Page<AppointmentRow>(
            AppointmentRow.Columns,
            $"""
            {AppointmentRow.From}
            where a.holder_id = @holderId and a.role = any(@roles)
              and (@status::text is null and a.state in ('requested', 'granted') or {AppointmentRow.StatusSql} = @status)
              and (@language::text is null or @language = any(a.languages))
              and (@classroomId::uuid is null or @classroomId = any(a.classroom_ids))
              and (@competence::text is null or exists (select from unnest(a.competences) c where lower(c) = lower(@competence)))
              and {People.Matches}
            """,
            $"{query.OrderBy([.. People.Orders, ("status", AppointmentRow.StatusSql), ("since", "a.since")])}, a.id", query,
            new
            {
                holderId, roles = roles.ToArray(), status = filter.Status, language = filter.Language, classroomId = filter.ClassroomId,
                competence = filter.Competence, pattern = query.Pattern(),
            },
            ct);

    private static async Task<Results<Ok<Page<AppointmentRow>>, ProblemHttpResult>> All(
        Guid id, IReadOnlyList<string> roles, Filter filter, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
        await GetOrganization.Read(store, id, user, ct) is null
            ? new OrganizationNotFound().ToProblem()
            : TypedResults.Ok(await Read(id, roles, filter, query, store, ct));

    private static async Task<Results<Ok<AppointmentRow>, ProblemHttpResult>> One(
        Guid id, Guid userId, IReadOnlyList<string> roles, CurrentUser user, PostgresEventStore store, HttpResponse response, CancellationToken ct)
    {
        if (await GetOrganization.Read(store, id, user, ct) is null)
            return new OrganizationNotFound().ToProblem();
        if (await AppointmentRow.Read(store, id, userId, roles, ct) is not { } row)
            return new NotAppointed().ToProblem();
        response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }

    public sealed record Filter(string? Status, string? Language, Guid? ClassroomId, string? Competence);
}
