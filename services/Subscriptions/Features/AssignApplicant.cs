using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Assigns an Applicant to a customer, or takes the assignment back (ROL-06).</summary>
internal static class AssignApplicant
{
    public sealed record Command(Guid UserId, bool Assigned);

    public static Decision<OrganizationEvent> Decide(Organization organization, Command c)
    {
        var has = organization.AccessOf(c.UserId);
        return organization switch
        {
            { Exists: false } => new OrganizationNotFound(),
            _ when c.Assigned == has.Contains(OrganizationAccess.Applicant) => Nothing.Happened,
            _ when !c.Assigned => new OrganizationEvent.ApplicantUnassigned(
                organization.Id, c.UserId, [.. has.Where(a => a != OrganizationAccess.Applicant)]),
            _ when !organization.Kinds.Contains(OrganizationKind.Customer) => new NotACustomer(organization.Name),
            _ => new OrganizationEvent.ApplicantAssigned(
                organization.Id, c.UserId, [.. has.Append(OrganizationAccess.Applicant).Order(StringComparer.Ordinal)]),
        };
    }

    public static void Map(RouteGroupBuilder organizations)
    {
        organizations.MapPut("/{id:guid}/assignments/{userId:guid}", Assign).Requires(Permission.ManageOrganizations).WithName("AssignApplicant");
        organizations.MapDelete("/{id:guid}/assignments/{userId:guid}", Unassign).Requires(Permission.ManageOrganizations).WithName("UnassignApplicant");
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Assign(
        Guid id, Guid userId, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
        Handle(id, new Command(userId, Assigned: true), http, user, store, ct);

    private static Task<Results<NoContent, ProblemHttpResult>> Unassign(
        Guid id, Guid userId, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
        Handle(id, new Command(userId, Assigned: false), http, user, store, ct);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Command command, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Organization, OrganizationEvent>(Organization.StreamOf(id), organization => Decide(organization, command), ct),
            ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }
}
