using System.Text.Json.Nodes;
using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>
/// Shows and changes what the caller's own account says about them (USR-09). The address is not theirs to change: nobody would have verified
/// the new one.
/// </summary>
internal static class OwnProfile
{
    private static readonly IReadOnlySet<string> Changeable =
        EditUser.FieldsOf<PersonRequest>().Where(field => field != "email").ToHashSet(StringComparer.Ordinal);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me/profile", Get).WithName($"Get{nameof(OwnProfile)}").WithTags("Own account").Requires(Permission.OwnAccount);
        api.MapPatch("/me/profile", Patch).Accepts<PersonRequest>("application/json", "application/merge-patch+json")
            .WithName($"Change{nameof(OwnProfile)}").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<Ok<UserProfile>, ProblemHttpResult>> Get(
        CurrentUser caller, HttpContext http, PostgresEventStore store, Users users, CancellationToken ct) =>
        await GetUser.Read(caller.Id, http, store, users, ct) is { } me ? TypedResults.Ok(me) : new UserNotFound().ToProblem();

    private static Task<Results<Ok<UserProfile>, ProblemHttpResult>> Patch(
        JsonObject patch, IfMatch ifMatch, CurrentUser caller, HttpContext http, PostgresEventStore store, Users users, TimeProvider clock,
        CancellationToken ct) =>
        EditUser.Change(caller.Id, patch, Changeable, ifMatch, caller, http, store, users, clock, ct);
}
