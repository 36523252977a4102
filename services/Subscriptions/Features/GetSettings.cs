using System.Text.Json;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using InviteHub.Subscriptions.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>Shows an organization's settings (SUB-01) to everybody who may see it, with an ETag of their own.</summary>
internal static class GetSettings
{
    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/{id:guid}/settings", Handle).Requires(Permission.SeeOrganizations).WithName(nameof(GetSettings));

    public static async Task<(OrganizationSettings Settings, long Version)?> Read(
        PostgresEventStore store, Guid id, CurrentUser user, CancellationToken ct) =>
        await store.One<Row>(
            $"""
            select s.settings::text as settings_json, coalesce(s.version, 0) as version
            from organizations o left join organization_settings s on s.organization_id = o.id
            where o.id = @id and {Reading.Sees("o.id")}
            """,
            new { id, viewer = user.Viewer() }, ct) is { } row
            ? (JsonSerializer.Deserialize<OrganizationSettings>(row.SettingsJson ?? "{}", EventJson.Options)!, row.Version)
            : null;

    private static async Task<Results<Ok<OrganizationSettings>, ProblemHttpResult>> Handle(
        Guid id, CurrentUser user, PostgresEventStore store, HttpResponse response, CancellationToken ct)
    {
        if (await Read(store, id, user, ct) is not { } found)
            return new OrganizationNotFound().ToProblem();
        response.SetVersion(found.Version);
        return TypedResults.Ok(found.Settings);
    }

    private sealed record Row
    {
        public string? SettingsJson { get; init; }

        public long Version { get; init; }
    }
}
