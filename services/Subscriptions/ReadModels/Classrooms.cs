using InviteHub.EventStore;

namespace InviteHub.Subscriptions.ReadModels;

/// <summary>A classroom as it is listed.</summary>
internal sealed record ClassroomRow
{
    public const string Columns = "c.id, c.name, c.is_closed";

    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public bool IsClosed { get; init; }
}

/// <summary>Writes <c>classrooms</c>.</summary>
internal sealed class Classrooms : IInlineProjection, IProjection
{
    public string Name => "subscriptions.classrooms.v1";

    public IReadOnlyList<string> Tables => ["classrooms"];

    public void Project(RecordedEvent happened, SqlQueue sql)
    {
        switch (happened.Data)
        {
            case OrganizationEvent.ClassroomAdded e:
                sql.Execute("insert into classrooms (id, organization_id, name) values ($1, $2, $3)", e.ClassroomId, e.OrganizationId, e.Name);
                break;
            case OrganizationEvent.ClassroomRenamed e:
                sql.Execute("update classrooms set name = $2 where id = $1", e.ClassroomId, e.Name);
                break;
            case OrganizationEvent.ClassroomClosed e:
                sql.Execute("update classrooms set is_closed = true where id = $1", e.ClassroomId);
                break;
        }
    }
}
