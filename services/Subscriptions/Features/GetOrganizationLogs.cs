using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Tells what each event changed in an organization and who administers it, or in what it keeps of one professional or mentor, made only
/// by replaying the streams (LOG-01). For System admins and founders.
/// </summary>
internal static class GetOrganizationLogs
{
    public static void Map(RouteGroupBuilder organizations)
    {
        organizations.MapGet("/{id:guid}/logs", Handle).Requires(Permission.RunOrganizations).WithName(nameof(GetOrganizationLogs));
        foreach (var (path, role) in HeldRole.People)
        {
            organizations.MapGet($"/{{id:guid}}/{path}/{{userId:guid}}/logs", (
                    Guid id, Guid userId, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
                OfPerson(id, userId, role, query, user, store, ct)).Requires(Permission.RunOrganizations).WithName($"Get{role}Logs");
        }
    }

    /// <summary>What of an organization is shown, by the names of the API; what belongs to a person, an app or a classroom under its id.</summary>
    public static IReadOnlyDictionary<string, string?> Fields(Organization organization)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (!organization.Exists)
            return fields;
        fields["name"] = organization.Name;
        fields["kinds"] = string.Join(", ", organization.Kinds);
        foreach (var (user, access) in organization.Access)
            fields[$"permissions.{user}"] = string.Join(", ", access);
        foreach (var app in organization.Apps)
            fields[$"apps.{app}"] = "entitled";
        foreach (var (id, classroom) in organization.Classrooms)
            fields[$"classrooms.{id}"] = classroom.IsClosed ? $"{classroom.Name} (closed)" : classroom.Name;
        foreach (var (setting, value) in organization.Settings.Fields())
            fields[$"settings.{setting}"] = value is "" ? null : value;
        return fields;
    }

    private static async Task<Results<Ok<Page<LogEntry>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        _ = query.OrderBy(("at", "at"));
        var events = await store.OpenSession().FetchStream(Organization.StreamOf(id), ct: ct);
        if (WhyNot(events, user) is { } no)
            return no.ToProblem();
        var own = ChangeLog.Replay<Organization, OrganizationEvent>(events, Fields);
        var administrators = await AppointmentLog.Of(store, id, HeldRole.Administrators, ct);
        return TypedResults.Ok(await query.Of<LogEntry>([.. own.Concat(administrators).OrderBy(entry => entry.At)]).Named(store, ct));
    }

    private static async Task<Results<Ok<Page<LogEntry>>, ProblemHttpResult>> OfPerson(
        Guid id, Guid userId, string role, ListQuery query, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        _ = query.OrderBy(("at", "at"));
        if (WhyNot(await store.OpenSession().FetchStream(Organization.StreamOf(id), ct: ct), user) is { } no)
            return no.ToProblem();
        var entries = await AppointmentLog.Of(store, Appointment.StreamOf(role, id, userId), ct);
        return entries.Count == 0 ? new NotAppointed().ToProblem() : TypedResults.Ok(await query.Of(entries).Named(store, ct));
    }

    private static Refusal? WhyNot(IReadOnlyList<RecordedEvent> events, CurrentUser user) =>
        events.Fold<Organization, OrganizationEvent>().WhyNotFounder(user.Id, user.IsSystemAdmin);
}
