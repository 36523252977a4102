using InviteHub.EventStore;
using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows one user with roles and what belongs to them (USR-04), to those who may see the personal number too (INV-03).</summary>
internal static class GetUser
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("/{id:guid}", Handle).WithName(nameof(GetUser)).WithTags("Users").Requires(Permission.ManageUsers).NotesReader("profile");

    /// <summary>
    /// Somebody's page, its version named in the response. What no list shows is in no table either, but in the stream alone: so it goes with
    /// the person's key.
    /// </summary>
    public static async Task<UserProfile?> Read(Guid id, HttpContext http, PostgresEventStore store, Users users, CancellationToken ct)
    {
        var stream = await store.OpenSession().FetchForWriting<User, UserEvent>(User.Stream(id), ct);
        if (!stream.Aggregate.Exists || await users.Details(id, ct) is not { } details)
            return null;
        http.Response.SetVersion(stream.CurrentVersion);
        return new(details, stream.Aggregate);
    }

    private static async Task<Results<Ok<UserProfile>, ProblemHttpResult>> Handle(
        Guid id, HttpContext http, PostgresEventStore store, Users users, CancellationToken ct) =>
        await Read(id, http, store, users, ct) is { } user ? TypedResults.Ok(user) : new UserNotFound().ToProblem();
}
