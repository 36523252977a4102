using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Assigns an Applicant to a customer, or takes the assignment back (ROL-06).</summary>
internal static class AssignApplicant
{
    /// <summary>Roles come over the bus: one that was given a moment ago may not be heard of yet.</summary>
    private static readonly TimeSpan UntilHeard = TimeSpan.FromSeconds(2);

    /// <summary>What is asked for.</summary>
    /// <param name="UserId">Who.</param>
    /// <param name="Assigned">Whether they are to be assigned.</param>
    /// <param name="SystemRole">Their system role; null when unknown. Without meaning for taking back.</param>
    public sealed record Command(Guid UserId, bool Assigned, string? SystemRole);

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
            _ when c.SystemRole != People.Applicant => new NotAnApplicant(c.SystemRole),
            _ => new OrganizationEvent.ApplicantAssigned(
                organization.Id, c.UserId, [.. has.Append(OrganizationAccess.Applicant).Order(StringComparer.Ordinal)]),
        };
    }

    public static void Map(RouteGroupBuilder organizations)
    {
        organizations.MapPut("/{id:guid}/assignments/{userId:guid}", Assign).Requires(Permission.ManageOrganizations).WithName("AssignApplicant");
        organizations.MapDelete("/{id:guid}/assignments/{userId:guid}", Unassign).Requires(Permission.ManageOrganizations).WithName("UnassignApplicant");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Assign(
        Guid id, Guid userId, HttpContext http, CurrentUser user, PostgresEventStore store, TimeProvider clock, CancellationToken ct) =>
        await Handle(id, new Command(userId, Assigned: true, await RoleOf(userId, store, clock, ct)), http, user, store, ct);

    private static Task<Results<NoContent, ProblemHttpResult>> Unassign(
        Guid id, Guid userId, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct) =>
        Handle(id, new Command(userId, Assigned: false, SystemRole: null), http, user, store, ct);

    private static async Task<string?> RoleOf(Guid userId, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var since = clock.GetTimestamp();
        while (true)
        {
            var role = await People.SystemRoleOf(store, userId, ct);
            if (role == People.Applicant || clock.GetElapsedTime(since) > UntilHeard)
                return role;
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, ct);
        }
    }

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
