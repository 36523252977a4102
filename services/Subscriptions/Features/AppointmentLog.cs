using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;

namespace InviteHub.Subscriptions.Features;

/// <summary>What became of people's roles at an organization or service, as entries of its log (LOG-01), with everybody's name.</summary>
internal static class AppointmentLog
{
    /// <summary>What of an appointment is shown; the status under the role and the person.</summary>
    public static IReadOnlyDictionary<string, string?> Fields(Appointment appointment)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (appointment.Status == AppointmentStatus.None)
            return fields;
        fields[$"{appointment.Role}.{appointment.UserId}"] = appointment.Status == AppointmentStatus.Granted
            ? appointment.Details.Status
            : JsonNamingPolicy.CamelCase.ConvertName(appointment.Status.ToString());
        fields["refusal"] = appointment.Refusal?.Detail;
        fields["languages"] = Text(appointment.Details.Languages);
        fields["classroomIds"] = Text(appointment.Details.ClassroomIds);
        fields["competences"] = Text(appointment.Details.Competences);
        return fields;
    }

    /// <summary>The entries of one appointment.</summary>
    public static async Task<IReadOnlyList<LogEntry>> Of(PostgresEventStore store, StreamId appointment, CancellationToken ct) =>
        [.. ChangeLog.Replay<Appointment, AppointmentEvent>(await store.OpenSession().FetchStream(appointment, ct: ct), Fields)];

    /// <summary>The entries of all who were ever appointed in some roles; for the few administrators, not for a supplier's many people.</summary>
    public static async Task<IReadOnlyList<LogEntry>> Of(PostgresEventStore store, Guid holderId, IReadOnlyList<string> roles, CancellationToken ct)
    {
        var appointed = await store.List<AppointmentRow>(
            "select user_id, role from appointments where holder_id = @holderId and role = any(@roles)", new { holderId, roles = roles.ToArray() }, ct);
        var entries = new List<LogEntry>();
        foreach (var one in appointed)
            entries.AddRange(await Of(store, Appointment.StreamOf(one.Role, holderId, one.UserId), ct));
        return entries;
    }

    /// <summary>The page with names: of who acted, and before the values of fields that end in the id of a person or an app.</summary>
    public static async Task<Page<LogEntry>> Named(this Page<LogEntry> page, PostgresEventStore store, CancellationToken ct)
    {
        var ids = page.Items.SelectMany(entry => entry.Changes.Select(change => IdIn(change.Field)).Append(entry.By?.Id)).OfType<Guid>().Distinct().ToArray();
        var rows = await store.List<NameRow>(
            """
            select user_id as id, concat_ws(' ', first_name, last_name) as name from people where user_id = any(@ids)
            union all select id, name from apps where id = any(@ids)
            """,
            new { ids }, ct);
        var names = rows.ToDictionary(row => row.Id, row => row.Name);
        return page with
        {
            Items =
            [
                .. page.Items.Select(entry => entry with
                {
                    By = entry.By is { } by ? by with { Name = names.GetValueOrDefault(by.Id) } : null,
                    Changes = [.. entry.Changes.Select(Named)],
                }),
            ],
        };

        FieldChange Named(FieldChange change) => IdIn(change.Field) is { } id && names.TryGetValue(id, out var name)
            ? change with { Before = Of(name, change.Before), After = Of(name, change.After) }
            : change;

        static string? Of(string name, string? value) => value is null ? null : $"{name}: {value}";
    }

    private static Guid? IdIn(string field) => Guid.TryParse(field.AsSpan(field.LastIndexOf('.') + 1), out var id) ? id : null;

    private static string? Text<T>(IReadOnlyList<T> items) => items.Count == 0 ? null : string.Join(", ", items);

    private sealed record NameRow
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";
    }
}
