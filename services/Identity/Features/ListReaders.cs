using InviteHub.Identity.ReadModels;
using InviteHub.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InviteHub.Identity.Features;

/// <summary>Shows who looked at a person's data, and in which hour (LOG-05); everybody may know who looked at theirs.</summary>
internal static class ListReaders
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users/{id:guid}/readers", Handle).WithName("ListUserReaders").WithTags("Users").Requires(Permission.ManageUsers);
        api.MapGet("/me/readers", async (CurrentUser caller, ListQuery list, Readers readers, CancellationToken ct) => TypedResults.Ok(await readers.Of(caller.Id, list, ct)))
            .WithName("ListOwnReaders").WithTags("Own account").Requires(Permission.OwnAccount);
    }

    private static async Task<Results<Ok<Page<ReaderRow>>, ProblemHttpResult>> Handle(
        Guid id, ListQuery list, Users users, Readers readers, CancellationToken ct)
    {
        // Who looked at somebody can be asked for also when they are forgotten.
        var page = await readers.Of(id, list, ct);
        return page.Total == 0 && await users.Details(id, ct) is null ? new UserNotFound().ToProblem() : TypedResults.Ok(page);
    }
}
