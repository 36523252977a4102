using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Adds an organization (SUB-01).</summary>
internal static class CreateOrganization
{
    public sealed record Request(string? Name, IReadOnlyList<string>? Kinds);

    public sealed record Command(Guid OrganizationId, string Name, IReadOnlyList<string> Kinds);

    public static Decision<OrganizationEvent> Decide(Organization organization, Command c) => organization.Exists
        ? Nothing.Happened
        : new OrganizationEvent.Created(c.OrganizationId, c.Name, c.Kinds);

    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapPost("/", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(CreateOrganization));

    private static async Task<Results<Created<OrganizationRow>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, CurrentUser user, Idempotency idempotency, PostgresEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var name = OrganizationFields.Name(request.Name, errors);
        var kinds = OrganizationFields.Kinds(request.Kinds, errors);
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var command = new Command(Guid.CreateVersion7(clock.GetUtcNow()), name, kinds);
        var made = await idempotency.Once(
            http, user, command.OrganizationId, request,
            async session => (await session.Decide<Organization, OrganizationEvent>(
                Organization.StreamOf(command.OrganizationId), organization => Decide(organization, command), ct)).Refusal,
            ct);
        if (made.Refusal is { } no)
            return no.ToProblem();

        var row = (await GetOrganization.Read(store, made.Id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Created($"/api/v1/organizations/{made.Id}", row);
    }
}

/// <summary>What an organization's own fields must be.</summary>
internal static class OrganizationFields
{
    public static string Name(string? given, FieldErrors errors)
    {
        var name = given?.Trim() ?? "";
        errors.Demand(name.Length is >= 2 and <= 100, "name", "2 to 100 characters");
        // It stands in mails' subjects.
        errors.Demand(!name.Any(char.IsControl), "name", "no line breaks or other control characters");
        return name;
    }

    public static IReadOnlyList<string> Kinds(IReadOnlyList<string>? given, FieldErrors errors)
    {
        var kinds = (given ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        errors.Demand(kinds.Length > 0 && kinds.All(OrganizationKind.All.Contains), "kinds", $"at least one of {string.Join(", ", OrganizationKind.All)}");
        return kinds;
    }
}
