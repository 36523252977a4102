using System.Text.Json;
using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Subscriptions.Features;

/// <summary>
/// Changes an organization's settings (SUB-01) by a merge patch (RFC 7396): what is not named stays, and null takes away what may be
/// absent. A System admin anywhere, a founder in their own.
/// </summary>
internal static class ChangeSettings
{
    /// <summary>Null is not for what must be there.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    public sealed record Command(OrganizationSettings Settings, Guid By, bool BySystemAdmin);

    public static Decision<OrganizationEvent> Decide(Organization organization, Command c) => organization switch
    {
        _ when organization.WhyNotFounder(c.By, c.BySystemAdmin) is { } no => no,
        _ when organization.Settings == c.Settings => Nothing.Happened,
        _ => new OrganizationEvent.SettingsChanged(organization.Id, c.Settings),
    };

    public static void Map(RouteGroupBuilder organizations) => organizations.MapPatch("/{id:guid}/settings", Handle)
        .Accepts<OrganizationSettings>("application/json", "application/merge-patch+json")
        .Requires(Permission.RunOrganizations).WithName(nameof(ChangeSettings));

    private static async Task<Results<Ok<OrganizationSettings>, ProblemHttpResult>> Handle(
        Guid id, JsonElement changes, IfMatch ifMatch, HttpContext http, CurrentUser user, PostgresEventStore store, CancellationToken ct)
    {
        var refusal = await store.Transact(
            user.Metadata(http, id),
            async session =>
            {
                var stream = await session.FetchForWriting<Organization, OrganizationEvent>(Organization.StreamOf(id), ct);
                var now = stream.Aggregate;
                // Who may not change them learns nothing about what a change would be.
                if ((now.WhyNotFounder(user.Id, user.IsSystemAdmin) ?? ifMatch.WhyNot(now.SettingsVersion)) is { } no)
                    return no;
                var errors = new FieldErrors();
                if (Merged(now.Settings, changes, errors) is not { } settings || errors.Refusal is not null)
                    return errors.Refusal!;
                stream.AppendMany(Decide(now, new Command(settings, user.Id, user.IsSystemAdmin)).Events);
                return default(Refusal);
            },
            ct);
        if (refusal is not null)
            return refusal.ToProblem();

        var (changed, version) = (await GetSettings.Read(store, id, user, ct))!.Value;
        http.Response.SetVersion(version);
        return TypedResults.Ok(changed);
    }

    private static OrganizationSettings? Merged(OrganizationSettings now, JsonElement changes, FieldErrors errors)
    {
        var whole = JsonSerializer.SerializeToNode(now, Json)!.AsObject();
        Overlay(whole, changes, "settings", "", errors);
        try
        {
            return errors.Refusal is null ? SettingsFields.Read(whole.Deserialize<OrganizationSettings>(Json)!, errors) : null;
        }
        catch (JsonException unreadable)
        {
            errors.Add(unreadable.Path!.TrimStart('$', '.'), "not of the kind that this setting is");
            return null;
        }
    }

    private static void Overlay(JsonObject whole, JsonElement changes, string name, string path, FieldErrors errors)
    {
        if (changes.ValueKind != JsonValueKind.Object)
        {
            errors.Add(name, "an object with the settings to change");
            return;
        }

        foreach (var change in changes.EnumerateObject())
        {
            if (!whole.ContainsKey(change.Name))
                errors.Add(path + change.Name, $"there is no such setting; there are {string.Join(", ", whole.Select(s => s.Key))}");
            else if (whole[change.Name] is JsonObject inner)
                Overlay(inner, change.Value, change.Name, $"{change.Name}.", errors);
            else
                whole[change.Name] = change.Value.ValueKind == JsonValueKind.Null ? null : JsonNode.Parse(change.Value.GetRawText());
        }
    }
}
