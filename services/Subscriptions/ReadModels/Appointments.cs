using System.Text.Json.Serialization;
using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>Somebody in a role at an organization or service, as it is listed (ROL-05, ROL-06).</summary>
internal sealed record AppointmentRow
{
    /// <summary>SQL for the status: what the organization keeps of who has the role, and before and after what became of the request.</summary>
    public const string StatusSql = "case when a.state = 'granted' then a.details_status else a.state end";

    public const string Columns =
        $"""
        a.user_id, {People.Columns}, a.role, {StatusSql} as status, a.languages, a.classroom_ids, a.competences, a.refusal_code, a.refusal_detail,
        a.since, a.version
        """;

    public const string From = "appointments a left join people p on p.user_id = a.user_id";

    public Guid UserId { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Email { get; init; }

    public string Role { get; init; } = "";

    /// <summary><c>active</c> or <c>inactive</c>; <c>requested</c>, <c>refused</c> or <c>ended</c> for who does not have the role.</summary>
    public string Status { get; init; } = "";

    public string[] Languages { get; init; } = [];

    public Guid[] ClassroomIds { get; init; } = [];

    public string[] Competences { get; init; } = [];

    /// <summary>Why it was refused.</summary>
    public string? RefusalCode { get; init; }

    public string? RefusalDetail { get; init; }

    /// <summary>Since when the status is so.</summary>
    public DateTimeOffset Since { get; init; }

    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>The latest of somebody's appointments in some roles at an organization or service.</summary>
    public static Task<AppointmentRow?> Read(
        PostgresEventStore store, Guid holderId, Guid userId, IReadOnlyList<string> roles, CancellationToken ct) => store.One<AppointmentRow>(
        $"select {Columns} from {From} where a.holder_id = @holderId and a.user_id = @userId and a.role = any(@roles) order by a.since desc limit 1",
        new { holderId, userId, roles = roles.ToArray() }, ct);
}

/// <summary>Writes <c>appointments</c>.</summary>
internal sealed class Appointments : IInlineProjection, IProjection
{
    public string Name => "subscriptions.appointments.v1";

    public IReadOnlyList<string> Tables => ["appointments"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        var id = happened.Stream.Key;
        switch (happened.Data)
        {
            case AppointmentEvent.RequestedInClear e:
                Asked(new(e.RequestId, e.HolderId, e.UserId, e.Role, e.Details, e.By));
                break;
            case AppointmentEvent.Requested e:
                Asked(e);
                break;
            case AppointmentEvent.DetailsChangedInClear e:
                Changed(e.Details);
                break;
            case AppointmentEvent.DetailsChanged e:
                Changed(e.Details ?? new());
                break;
            case AppointmentEvent.Granted:
                Become("granted", null);
                break;
            case AppointmentEvent.Refused e:
                Become("refused", e);
                break;
            case AppointmentEvent.Ended:
                Become("ended", null);
                break;
        }

        void Asked(AppointmentEvent.Requested e)
        {
            // What was erased reads as nothing.
            var d = e.Details ?? new();
            sql.Execute(
                """
                insert into appointments (id, holder_id, user_id, role, state, details_status, languages, classroom_ids, competences, since, version)
                values ($1, $2, $3, $4, 'requested', $5, $6, $7, $8, $9, $10)
                on conflict (id) do update set state = 'requested', details_status = excluded.details_status, languages = excluded.languages,
                    classroom_ids = excluded.classroom_ids, competences = excluded.competences, refusal_code = null, refusal_detail = null,
                    since = excluded.since, version = excluded.version
                """,
                id, e.HolderId, e.UserId, e.Role, d.Status, d.Languages.ToArray(), d.ClassroomIds.ToArray(), d.Competences.ToArray(),
                happened.Timestamp, happened.Version);
        }

        void Changed(AppointmentDetails d) => sql.Execute(
            """
            update appointments set since = case when details_status = $2 then since else $6 end, details_status = $2, languages = $3,
                classroom_ids = $4, competences = $5, version = $7
            where id = $1
            """,
            id, d.Status, d.Languages.ToArray(), d.ClassroomIds.ToArray(), d.Competences.ToArray(), happened.Timestamp, happened.Version);

        void Become(string state, AppointmentEvent.Refused? refused) => sql.Execute(
            "update appointments set state = $2, refusal_code = $3, refusal_detail = $4, since = $5, version = $6 where id = $1",
            id, state, refused?.Code, refused?.Detail, happened.Timestamp, happened.Version);
    }
}
