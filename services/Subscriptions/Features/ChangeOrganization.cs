using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Renames an organization or changes what it is (SUB-01); what is not given stays.</summary>
internal static class ChangeOrganization
{
    public sealed record Request(string? Name, IReadOnlyList<string>? Kinds);

    public sealed record Command(string? Name, IReadOnlyList<string>? Kinds);

    public static Decision<OrganizationEvent> Decide(Organization organization, Command c)
    {
        if (!organization.Exists)
            return new OrganizationNotFound();
        var name = c.Name ?? organization.Name;
        var kinds = c.Kinds ?? organization.Kinds;
        return name == organization.Name && kinds.SequenceEqual(organization.Kinds, StringComparer.Ordinal)
            ? Nothing.Happened
            : new OrganizationEvent.Changed(organization.Id, name, kinds);
    }

    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapPatch("/{id:guid}", Handle).Requires(Permission.ManageOrganizations).WithName(nameof(ChangeOrganization));

    private static async Task<Results<Ok<OrganizationRow>, ProblemHttpResult>> Handle(
        Guid id, Request request, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var command = new Command(
            request.Name is null ? null : OrganizationFields.Name(request.Name, errors),
            request.Kinds is null ? null : OrganizationFields.Kinds(request.Kinds, errors));
        if (errors.Refusal is { } invalid)
            return invalid.ToProblem();

        var stream = Organization.StreamOf(id);
        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session => ifMatch.WhyNot((await session.FetchForWriting<Organization, OrganizationEvent>(stream, ct)).CurrentVersion)
                ?? (await session.Decide<Organization, OrganizationEvent>(stream, organization => Decide(organization, command), ct)).Refusal,
            ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var row = (await GetOrganization.Read(store, id, user, ct))!;
        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(row);
    }
}
