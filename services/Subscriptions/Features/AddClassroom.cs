using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Adds a classroom to a supplier (SUB-01). Of the open ones, no two have the same name.</summary>
internal static class AddClassroom
{
    public sealed record Request(string? Name);

    public sealed record Command(Guid ClassroomId, string Name);

    /// <summary>The rules.</summary>
    /// <param name="organization">The supplier.</param>
    /// <param name="whyNot">Why the caller may not.</param>
    /// <param name="c">What is asked for.</param>
    public static Decision<OrganizationEvent> Decide(Organization organization, Refusal? whyNot, Command c) => organization switch
    {
        _ when whyNot is not null => whyNot,
        _ when organization.WhyNotHave(HeldRole.Professional) is { } no => no,
        _ when organization.Classrooms.ContainsKey(c.ClassroomId) => Nothing.Happened,
        _ when organization.HasOpenClassroom(c.Name) => new ClassroomNameTaken(c.Name),
        _ => new OrganizationEvent.ClassroomAdded(organization.Id, c.ClassroomId, c.Name),
    };

    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapPost("/{id:guid}/classrooms", Handle).Requires(Permission.RunOrganizations).WithName(nameof(AddClassroom));

    public static string Name(string? given, FieldErrors errors)
    {
        var name = given?.Trim() ?? "";
        errors.Demand(name.Length is >= 1 and <= 100 && !name.Any(char.IsControl), "name", "1 to 100 characters without line breaks");
        return name;
    }

    private static async Task<Results<Created<ClassroomRow>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext http, CurrentUser user, Idempotency idempotency, PostgresEventStore store, TimeProvider clock,
        CancellationToken ct)
    {
        var errors = new FieldErrors();
        var command = new Command(Guid.CreateVersion7(clock.GetUtcNow()), Name(request.Name, errors));
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var made = await idempotency.Once(
            http, user, command.ClassroomId, request,
            async session =>
            {
                var whyNot = await ChangeClassroom.WhyNot(session, id, user, ct);
                return (await session.Decide<Organization, OrganizationEvent>(
                    Organization.StreamOf(id), organization => Decide(organization, whyNot, command), ct)).Refusal;
            },
            ct);
        return made.Refusal is { } no
            ? no.ToProblem()
            : TypedResults.Created($"/api/v1/organizations/{id}/classrooms/{made.Id}", (await ListClassrooms.Read(store, id, made.Id, ct))!);
    }
}
