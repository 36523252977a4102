using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Renames a supplier's classroom, or closes it (SUB-01): professionals keep it in their records, and nobody gets it any more.</summary>
internal static class ChangeClassroom
{
    /// <summary>What is asked for.</summary>
    /// <param name="ClassroomId">Which.</param>
    /// <param name="Name">Its new name; null to close it.</param>
    public sealed record Command(Guid ClassroomId, string? Name);

    /// <summary>The rules.</summary>
    /// <param name="organization">The supplier.</param>
    /// <param name="whyNot">Why the caller may not.</param>
    /// <param name="c">What is asked for.</param>
    public static Decision<OrganizationEvent> Decide(Organization organization, Refusal? whyNot, Command c) =>
        (organization.Classrooms.GetValueOrDefault(c.ClassroomId), c.Name) switch
        {
            _ when whyNot is not null => whyNot,
            (null, _) => new ClassroomNotFound(),
            ({ IsClosed: true }, null) => Nothing.Happened,
            (_, null) => new OrganizationEvent.ClassroomClosed(organization.Id, c.ClassroomId),
            ({ IsClosed: true }, _) => new ClassroomNotFound(),
            ({ Name: var now }, var name) when now == name => Nothing.Happened,
            ({ Name: var now }, var name) when !string.Equals(now, name, StringComparison.OrdinalIgnoreCase) && organization.HasOpenClassroom(name) =>
                new ClassroomNameTaken(name),
            (_, var name) => new OrganizationEvent.ClassroomRenamed(organization.Id, c.ClassroomId, name),
        };

    public static void Map(RouteGroupBuilder organizations)
    {
        organizations.MapPatch("/{id:guid}/classrooms/{classroomId:guid}", Rename).Requires(Permission.RunOrganizations).WithName("RenameClassroom");
        organizations.MapDelete("/{id:guid}/classrooms/{classroomId:guid}", Close).Requires(Permission.RunOrganizations).WithName("CloseClassroom");
    }

    /// <summary>Why a caller may not change a supplier's classrooms: that is for those who appoint its professionals.</summary>
    public static async Task<Refusal?> WhyNot(EventSession session, Guid id, CurrentUser user, CancellationToken ct)
    {
        var (organization, caller) = await Appointing.Gather(session, id, HeldRole.Professional, user, ct);
        return organization.WhyNotAppoint(HeldRole.Professional, user.Id, user.IsSystemAdmin, caller);
    }

    private static async Task<Results<Ok<ClassroomRow>, ProblemHttpResult>> Rename(
        Guid id, Guid classroomId, AddClassroom.Request request, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var command = new Command(classroomId, AddClassroom.Name(request.Name, errors));
        if ((errors.Refusal ?? await Change(id, command, http, user, store, ct)) is { } no)
            return no.ToProblem();
        return TypedResults.Ok((await ListClassrooms.Read(store, id, classroomId, ct))!);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Close(
        Guid id, Guid classroomId, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
        await Change(id, new Command(classroomId, Name: null), http, user, store, ct) is { } no ? no.ToProblem() : TypedResults.NoContent();

    private static Task<Refusal?> Change(
        Guid id, Command command, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct) => store.Transact(
        user.Metadata(http, id),
        async session =>
        {
            var whyNot = await WhyNot(session, id, user, ct);
            return (await session.Decide<Organization, OrganizationEvent>(
                Organization.StreamOf(id), organization => Decide(organization, whyNot, command), ct)).Refusal;
        },
        ct);
}
