using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Entitles an organization to an app (SUB-02).</summary>
internal static class EntitleApp
{
    public sealed record Command(Guid AppId);

    public static Decision<OrganizationEvent> Decide(Organization organization, App? app, Command c) => organization switch
    {
        { Exists: false } => new OrganizationNotFound(),
        _ when app is null => new AppNotFound(),
        _ when organization.Apps.Contains(c.AppId) => Nothing.Happened,
        _ => new OrganizationEvent.AppEntitled(organization.Id, c.AppId),
    };

    public static void Map(RouteGroupBuilder organizations) => organizations.MapPut("/{id:guid}/apps/{appId:guid}", Handle)
        .Requires(Permission.ManageOrganizations).WithName(nameof(EntitleApp));

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid appId, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var outcome = await store.Transact(
            user.Metadata(http, id),
            async session =>
            {
                var app = await session.AggregateStream<App, AppEvent>(App.StreamOf(appId), ct: ct);
                return await session.Decide<Organization, OrganizationEvent>(
                    Organization.StreamOf(id), organization => Decide(organization, app, new Command(appId)), ct);
            },
            ct);
        return outcome.Refusal is { } no ? no.ToProblem() : TypedResults.NoContent();
    }
}
