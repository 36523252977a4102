using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Sets what a member may do in an organization (SUB-01, ROL-01): a System admin anywhere, a founder in their own. Who is a founder,
/// only a System admin changes. An empty list ends the membership. The last founder stays one unless a System admin forces it.
/// </summary>
internal static class GrantPermissions
{
    public sealed record Request(IReadOnlyList<string>? Permissions, bool Force = false);

    public sealed record Command(Guid UserId, IReadOnlyList<string> Permissions, Guid By, bool BySystemAdmin, bool Force = false);

    public static Decision<OrganizationEvent> Decide(Organization organization, Command c)
    {
        var has = organization.AccessOf(c.UserId);
        string[] next = [.. has.Where(a => a == OrganizationAccess.Applicant).Concat(c.Permissions).Order(StringComparer.Ordinal)];
        return organization switch
        {
            _ when organization.WhyNotFounder(c.By, c.BySystemAdmin) is { } no => no,
            _ when has.SequenceEqual(next, StringComparer.Ordinal) => Nothing.Happened,
            _ when !c.BySystemAdmin && has.Contains(OrganizationAccess.Founder) != next.Contains(OrganizationAccess.Founder) =>
                new NotPermitted("a System admin to make or unmake a founder"),
            _ when has.Contains(OrganizationAccess.Founder) && !next.Contains(OrganizationAccess.Founder) && organization.Founders == 1 && !c.Force =>
                new LastFounder(organization.Name),
            _ => new OrganizationEvent.PermissionsGranted(organization.Id, c.UserId, next),
        };
    }

    public static void Map(RouteGroupBuilder organizations) => organizations.MapPut("/{id:guid}/permissions/{userId:guid}", Handle)
        .Requires(Permission.GrantPermissions).WithName(nameof(GrantPermissions));

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid userId, Request request, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Demand(
            request.Permissions?.All(OrganizationAccess.Grantable.Contains) == true,
            "permissions", $"a list of {string.Join(", ", OrganizationAccess.Grantable)}; empty to take all away");
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var command = new Command(userId, [.. request.Permissions!.Distinct(StringComparer.Ordinal)], user.Id, user.IsSystemAdmin, request.Force);
        var outcome = await store.Transact(
            user.Metadata(http, id),
            session => session.Decide<Organization, OrganizationEvent>(Organization.StreamOf(id), organization => Decide(organization, command), ct),
            ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }
}
