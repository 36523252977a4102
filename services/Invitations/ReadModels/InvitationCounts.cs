using InviteHub.EventStore;
using Npgsql;

namespace InviteHub.Invitations.ReadModels;

/// <summary>
/// How many invitations there are of each organization, way and status, so that a total costs no scan. Each commit adds what it changed and
/// waits for nobody; every few seconds the changes are added up. Stands before <see cref="InvitationList"/> and counts its row out;
/// <see cref="CountedIn"/> stands behind it and counts the row in as it is then, whatever the event did.
/// </summary>
internal sealed class CountedOut : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql) => Change([happened], sql, -1);

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql) => Change(alike, sql, -1);

    internal static void Change(IReadOnlyList<RecordedEvent> alike, SqlQueue sql, int by)
    {
        // What became of the mail changes no status, and what is asked for had none.
        if (alike[0].Data is InvitationEvent and not InvitationEvent.DeliveryChanged && (by > 0 || alike[0].Data is not InvitationEvent.Requested))
        {
            sql.Execute(
                """
                insert into invitation_count_changes (organization_id, way, status, invitations)
                select organization_id, way, status, count(*) * $2 from invitation_list where id = any($1) group by 1, 2, 3
                """,
                alike.Select(happened => happened.Stream.Key).ToArray(), by);
        }
    }
}

/// <inheritdoc cref="CountedOut"/>
internal sealed class CountedIn : IInlineProjection
{
    public void Project(RecordedEvent happened, SqlQueue sql) => CountedOut.Change([happened], sql, 1);

    public void Project(IReadOnlyList<RecordedEvent> alike, SqlQueue sql) => CountedOut.Change(alike, sql, 1);
}

/// <summary>Adds the changes up. Several instances may: whoever takes a change adds it, in one statement.</summary>
internal sealed class InvitationCounting(NpgsqlDataSource database, TimeProvider clock, ILogger<InvitationCounting> log)
    : RecurringWork(TimeSpan.FromSeconds(5), clock, log)
{
    protected override async Task<TimeSpan> Work(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select add_up_invitations()");
        await command.ExecuteNonQueryAsync(ct);
        return Every;
    }
}
